import type { Type } from '@nestjs/common';
import { CustomersFacade, CustomersModule, type SubscriptionSnapshot } from '../../../src/modules/customers/index.js';
import { ROOT_UNIT_ID } from '../../../src/modules/organization/domain/unit.js';
import { OrganizationFacade, OrganizationModule } from '../../../src/modules/organization/index.js';
import { entities } from '../../../src/modules/organization/persistence/entities.js';
import { Clock } from '../../../src/platform/clock/index.js';
import type { Settings } from '../../../src/platform/config/index.js';
import { Transaction } from '../../../src/platform/database/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase } from '../../support/database.js';
import type { Answer } from '../../support/http.js';
import { serve } from '../../support/serve.js';
import { signIn } from '../../support/sign-in.js';
import { startSmsGateway } from '../../support/sms-gateway.js';
import { NOW } from './support.js';

export const ONE_TIME_CODE = '/care-api/customers/v1/oneTimeCode';
export const CUSTOMER_SESSION = '/care-api/customers/v1/customerSession';

const PASSWORD = 'a long phrase that nobody guesses';

type Headers = Readonly<Record<string, string>>;

/** Organization and customers behind their real HTTP, at a time that the test sets, with an SMS gateway. */
export async function openOnlineHall(settings: Partial<Settings> = {}, modules: readonly Type[] = []) {
  const db = await createTestDatabase();
  const gateway = await startSmsGateway();
  const clock = new TestClock(NOW);
  const { app, call } = await serve(await db.dataSource(entities), {
    imports: [EventsModule, OrganizationModule, CustomersModule, ...modules],
    ground: [{ provide: Clock, useValue: clock }],
    settings: { smsGatewayUrl: gateway.url, ...settings },
  });
  const organization = app.get(OrganizationFacade);
  const customers = app.get(CustomersFacade);
  const transaction = app.get(Transaction);
  const requestCode = (msisdn: string, purpose = 'SIGN_IN'): Promise<Answer> =>
    call({ method: 'POST', url: ONE_TIME_CODE, payload: { msisdn, purpose } });
  const openSession = (msisdn: string, code: string): Promise<Answer> =>
    call({ method: 'POST', url: CUSTOMER_SESSION, payload: { msisdn, code } });
  let agents = 0;
  return {
    app,
    db,
    gateway,
    clock,
    call,
    requestCode,
    openSession,
    /** A new code, once it has arrived. */
    codeFor: async (msisdn: string, purpose = 'SIGN_IN'): Promise<string> => {
      const before = gateway.received.filter(({ to }) => to === `+86${msisdn}`).length;
      const { status, text } = await requestCode(msisdn, purpose);
      if (status !== 202) throw new Error(text);
      return gateway.codeSentTo(msisdn, before + 1);
    },
    signedIn: async (msisdn: string, code: string): Promise<Headers> => {
      const { status, text, body } = await openSession(msisdn, code);
      if (status !== 200) throw new Error(text);
      return { authorization: `Bearer ${body.accessToken}` };
    },
    /** What BOSS says of numbers; answers the customers. */
    bring: async (...snapshots: readonly SubscriptionSnapshot[]): Promise<readonly string[]> => {
      const applied = await transaction.run((tx) => customers.applySubscriptions(tx, 'BOSS', snapshots, clock.now()));
      return applied.map(({ customerId }) => customerId);
    },
    agent: async (...roles: readonly string[]): Promise<Headers> => {
      const login = `agent-${++agents}`;
      await organization.ensureStaff({
        login,
        password: PASSWORD,
        displayName: 'An agent',
        unitId: ROOT_UNIT_ID,
        roles,
      });
      return { authorization: await signIn(call, { login, password: PASSWORD }) };
    },
    /** Of the first agent, when the token has become old. */
    firstAgentAgain: async (): Promise<Headers> => ({
      authorization: await signIn(call, { login: 'agent-1', password: PASSWORD }),
    }),
    close: async () => {
      await app.close();
      await gateway.close();
      await db.drop();
    },
  };
}

export type OnlineHall = Awaited<ReturnType<typeof openOnlineHall>>;
