import { Database, Transaction } from '../../../src/platform/database/index.js';
import { loadSettings } from '../../../src/platform/config/index.js';
import { Tokens } from '../../../src/platform/identity/index.js';
import { AccessRegister } from '../../../src/modules/organization/application/access-register.js';
import { ChangeStaff } from '../../../src/modules/organization/application/change-staff.js';
import { ChangeUnit } from '../../../src/modules/organization/application/change-unit.js';
import { CheckOneTimeCode } from '../../../src/modules/organization/application/check-one-time-code.js';
import { CheckPassword } from '../../../src/modules/organization/application/check-password.js';
import { ClientSecrets } from '../../../src/modules/organization/application/client-secrets.js';
import { CreateApiKey } from '../../../src/modules/organization/application/create-api-key.js';
import { CreateFirstAdministrator } from '../../../src/modules/organization/application/create-first-administrator.js';
import { CreateStaff } from '../../../src/modules/organization/application/create-staff.js';
import { CreateUnit } from '../../../src/modules/organization/application/create-unit.js';
import { FindOrganization } from '../../../src/modules/organization/application/find-organization.query.js';
import { FindSystemClients } from '../../../src/modules/organization/application/find-system-clients.query.js';
import { KnownActors } from '../../../src/modules/organization/application/known-actors.query.js';
import { OpenSession } from '../../../src/modules/organization/application/open-session.js';
import { ProvisionExternalStaff } from '../../../src/modules/organization/application/provision-external-staff.js';
import { RevokeApiKey } from '../../../src/modules/organization/application/revoke-api-key.js';
import { IssueSessionTokens } from '../../../src/modules/organization/application/issue-session-tokens.js';
import { OrganizationFacade } from '../../../src/modules/organization/organization.facade.js';
import { entities } from '../../../src/modules/organization/persistence/entities.js';
import type { TestDatabase } from '../../support/database.js';
import { personalDataOfNewKeys } from '../../support/serve.js';

const ARRIVAL = { clientAddress: '203.0.113.7', requestId: 'request-1' };

export async function organizationOn(db: TestDatabase) {
  const source = await db.dataSource(entities);
  const database = new Database(source);
  const transaction = new Transaction(source);
  const clock = { at: new Date('2026-02-01T09:00:00+08:00'), now: () => clock.at };
  const settings = loadSettings({ GUIBIN_JWT_SECRET: 'x'.repeat(32) });
  const tokens = new Tokens(settings, clock);
  const find = new FindOrganization(database);
  const createStaff = new CreateStaff(transaction, clock);
  const createUnit = new CreateUnit(transaction, clock);
  const secrets = new ClientSecrets(personalDataOfNewKeys());
  const createApiKey = new CreateApiKey(transaction, clock, secrets);
  const first = new CreateFirstAdministrator(transaction, clock);
  const register = new AccessRegister(source, clock);
  const openSession = new OpenSession(
    transaction,
    new CheckPassword(transaction, clock),
    new CheckOneTimeCode(personalDataOfNewKeys(), clock),
    new IssueSessionTokens(tokens, clock),
    register,
  );
  return {
    source,
    database,
    transaction,
    clock,
    tokens,
    facade: new OrganizationFacade(first, createApiKey, createUnit, createStaff, find),
    actors: new KnownActors(
      database,
      settings,
      new ProvisionExternalStaff(transaction, clock),
      new FindSystemClients(database, clock, settings, secrets),
    ),
    session: { execute: (login: string, password: string) => openSession.execute({ login, password }, ARRIVAL) },
    changeStaff: new ChangeStaff(transaction, clock),
    changeUnit: new ChangeUnit(transaction),
    createApiKey,
    createStaff,
    createUnit,
    revokeApiKey: new RevokeApiKey(transaction, clock),
    register,
  };
}
