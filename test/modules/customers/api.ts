import { Transaction } from '../../../src/platform/database/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { CustomersFacade, CustomersModule } from '../../../src/modules/customers/index.js';
import { OrganizationFacade, OrganizationModule } from '../../../src/modules/organization/index.js';
import { entities } from '../../../src/modules/organization/persistence/entities.js';
import type { TestDatabase } from '../../support/database.js';
import { serve } from '../../support/serve.js';
import { signIn } from '../../support/sign-in.js';

/** The first two modules behind their real HTTP. */
export async function startOrganizationAndCustomers(db: TestDatabase) {
  const { app, call } = await serve(await db.dataSource(entities), {
    imports: [EventsModule, OrganizationModule, CustomersModule],
  });
  const organization = app.get(OrganizationFacade);
  const first = await organization.ensureFirstAdministrator();
  return {
    app,
    call,
    signIn: (login: string, password: string) => signIn(call, { login, password }),
    organization,
    administrator: { login: first?.login ?? '', password: first?.password ?? '' },
    customers: app.get(CustomersFacade),
    transaction: app.get(Transaction),
  };
}
