import { DiscoveryModule } from '@nestjs/core';
import { Module } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { EraseCustomer } from '../../../src/modules/customers/application/erase-customer.js';
import { CustomersModule } from '../../../src/modules/customers/index.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { TransferMemberships } from '../../../src/modules/tiering/application/transfer-memberships.run.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { ForgetWordsAboutLevelsWhenCustomerIsErased } from '../../../src/modules/tiering/listeners/forget-words-about-levels-when-customer-is-erased.listener.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { ListenerRegistry, Relay } from '../../../src/platform/events/index.js';
import { EVERYBODY } from '../../../src/platform/identity/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { serveApprovals } from '../../support/serve-approvals.js';
import { keepCustomers, yearOf } from './facts.js';

const API = '/care-api/tiering/v1';
const PERMISSIONS = [
  ...['exceptions.ask', 'exceptions.approve', 'membership.transfer', 'membership.approve', 'organization.approve'],
  ...['tiering.read', 'tiering.confirm'],
];

@Module({ imports: [DiscoveryModule], providers: [ForgetWordsAboutLevelsWhenCustomerIsErased, ListenerRegistry] })
class Listening {}

describe('what people wrote of the levels of a customer', () => {
  const clock = new TestClock('2026-02-10T09:00:00+08:00');
  let db: TestDatabase;
  let source: DataSource;
  let served: Awaited<ReturnType<typeof serveApprovals>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
    served = await serveApprovals(source, {
      modules: [CustomersModule, TieringModule, Listening],
      approvals: ['tiering.level-exception', 'membership.transfer'],
      people: { clerk: EVERYBODY, supervisor: EVERYBODY },
      permissions: PERMISSIONS,
      clock,
    });
  });
  afterAll(async () => {
    await served.app.close();
    await db.drop();
  });

  const [giver, receiver, bystander, other] = [newId(), newId(), newId(), newId()];
  const ask = (path: string, payload: object) => served.call('clerk', 'POST', `${API}/${path}`, payload);
  const approve = async (href: string): Promise<void> =>
    expect(await served.call('supervisor', 'POST', `${href}/approve`, {})).toMatchObject({ status: 200 });
  const verified = async (customerId: string): Promise<string> => {
    const verificationId = newId();
    await db.query(
      `INSERT INTO customers.caller_verification VALUES ($1, $2, 'staff', $3, 'ONE_TIME_CODE', true, $4, $5)`,
      [customerId, verificationId, served.idOf('clerk'), clock.now(), new Date(clock.now().getTime() + 900_000)],
    );
    return verificationId;
  };
  const answer = async (customerId: string): Promise<void> => {
    const candidateId = newId();
    await db.query(
      `INSERT INTO tiering.potential_customer (customer_id, candidate_id, run_id, rule_set_version, level, found_on, last_found_on,
         lapses_on, inputs, reasons) VALUES ($1, $2, $2, 'POTENTIAL-2026.1', 'SILVER', $3, $3, '2026-03-10', '{}', '[]')`,
      [customerId, candidateId, clock.now()],
    );
    const rejected = await ask(`potentialCustomer/${candidateId}/reject`, { reason: 'I know her brother' });
    expect(rejected).toMatchObject({ status: 200 });
  };
  const giveLevel = async (customerId: string): Promise<void> => {
    const asked = await ask('levelException', {
      ...{ customerId, tier: 'GOLD', mode: 'at-least', category: 'key-account' },
      ...{ validFrom: '2027-03-01', validUntil: '2027-09-01', reason: 'Her brother is the mayor' },
    });
    await approve(asked.body.approvalHref);
  };
  const transfer = async (fromCustomerId: string, toCustomerId: string): Promise<void> => {
    const asked = await ask('membershipTransfer', {
      ...{ fromCustomerId, toCustomerId, reason: 'They are divorced' },
      ...{ fromVerificationId: await verified(fromCustomerId), toVerificationId: await verified(toCustomerId) },
    });
    await approve(`/care-api/organization/v1/approval/${asked.body.approvalId}`);
  };
  /** Whose words are left, and where. */
  const words = async (): Promise<string[]> => {
    const rows = await db.query<{ place: string; customer_id: string }>(
      `SELECT 'answer' AS place, customer_id FROM tiering.potential_customer WHERE reason <> ''
       UNION ALL SELECT category, customer_id FROM tiering.tier_override WHERE reason <> ''
       UNION ALL SELECT 'transfer asked', customer_id FROM tiering.membership_transfer WHERE reason <> ''`,
    );
    const names = new Map([[giver, 'giver'], [receiver, 'receiver'], [bystander, 'bystander'], [other, 'other']]); // prettier-ignore
    return rows.map(({ place, customer_id: id }) => `${place}: ${names.get(id)}`).sort();
  };

  it('[CUS-21] [CUS-36] is forgotten when the customer is erased, also where it stands with another; of others it stays', async () => {
    const spent = { [giver]: 200_000, [receiver]: 130_000, [bystander]: 200_000, [other]: 130_000 };
    await keepCustomers(
      db,
      Object.entries(spent).map(([customerId, fen]) => ({ customerId, months: yearOf(2025, fen) })),
    );
    await carryOutRun(source, new ReviewTiers(clock), { key: 'first', asOf: '2026-02-01' });
    for (const customerId of [giver, other]) {
      await answer(customerId);
      await giveLevel(customerId);
    }
    await transfer(giver, receiver);
    await transfer(bystander, other);
    clock.set('2026-02-17T00:20:00+08:00');
    await carryOutRun(source, served.app.get(TransferMemberships, { strict: false }), { key: 'x', asOf: '2026-02-17' });
    expect(await words()).toHaveLength(10);

    await db.query(
      `UPDATE customers.customer SET archive = 'retained', status = 'terminated', closed_on = '2022-01-01' WHERE customer_id = $1`,
      [giver],
    );
    const { app } = served;
    const order = { customerId: giver, reason: 'asked for', requestedBy: 'a', approvedBy: 'b' };
    const erased = await app.get(Transaction).run((tx) => app.get(EraseCustomer, { strict: false }).execute(tx, order));
    expect(erased).toEqual({ state: 'erased' });
    await new Relay(app.get(Database), app.get(Transaction), app.get(ListenerRegistry, { strict: false })).drain();
    expect(await words()).toEqual([
      ...['answer: other', 'key-account: other'],
      ...['transfer asked: bystander', 'transfer: bystander', 'transfer: other'],
    ]);
  });
});
