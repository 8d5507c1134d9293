import { GrantEntitlements } from '../../../src/modules/benefits/application/grant-entitlements.run.js';
import { RegrantEntitlements } from '../../../src/modules/benefits/application/regrant-entitlements.js';
import { RegrantWhenTierChanges } from '../../../src/modules/benefits/listeners/regrant-when-tier-changes.listener.js';
import { FindCards } from '../../../src/modules/tiering/application/cards.query.js';
import { TieringFacade, type Tier } from '../../../src/modules/tiering/index.js';
import { businessDate } from '../../../src/platform/clock/index.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase } from '../../support/database.js';
import { personalDataOfNewKeys } from '../../support/serve.js';
import { keepCustomers } from '../customers/facts.js';

export interface Change {
  readonly customerId: string;
  readonly to: Tier;
  readonly decisionId: string;
}

/** Levels as tiering keeps them, and both ways in which they are granted. */
export async function benefitsWorld() {
  const db = await createTestDatabase();
  const source = await db.dataSource();
  const [database, transaction] = [new Database(source), new Transaction(source)];
  const clock = new TestClock('2026-02-01T09:00:00+08:00');
  const tiering = new TieringFacade(database, new FindCards(database, personalDataOfNewKeys(), clock));
  const regranting = new RegrantEntitlements(tiering, clock);
  const listener = new RegrantWhenTierChanges(regranting, clock);
  const run = new GrantEntitlements(regranting);
  let nights = 0;

  return {
    db,
    clock,
    on: (day: string): void => clock.set(`${day}T09:00:00+08:00`),
    aCustomer: async (closedOn?: string): Promise<string> => {
      const customerId = newId();
      await keepCustomers(db, [{ customerId, ...(closedOn && { closedOn }) }]);
      return customerId;
    },
    /** Today the customer rises or falls. Nobody is told yet. */
    level: async (customerId: string, to: Tier): Promise<Change> => {
      const decisionId = newId();
      const day = businessDate(clock.now());
      await db.query(
        `UPDATE tiering.tier_assignment SET valid_until = $2, end_reason = 'changed' WHERE customer_id = $1 AND valid_until = '9999-12-31'`,
        [customerId, day],
      );
      await db.query(
        `INSERT INTO tiering.tier_assignment (customer_id, decision_id, program, tier, valid_from) VALUES ($1, $2, 'GOTONE', $3, $4)`,
        [customerId, decisionId, to, day],
      );
      return { customerId, to, decisionId };
    },
    tell: (...changes: readonly Change[]): Promise<void> =>
      transaction.run((tx) =>
        listener.handleAll(
          tx,
          changes.map(({ customerId, to, decisionId }) => ({
            eventId: newId(),
            name: 'tiering.TierChanged',
            customerId,
            payload: { customerId, from: 'ORDINARY', to, decisionId, effectiveOn: businessDate(clock.now()) },
            occurredAt: clock.now(),
            recordedAt: clock.now(),
          })),
        ),
      ),
    night: () => carryOutRun(source, run, { key: `night ${++nights}`, asOf: businessDate(clock.now()) }),
    of: (customerId: string, benefit = 'AIRPORT_LOUNGE') =>
      db
        .query<{
          level: string;
          granted: number;
          used: number;
        }>(
          `SELECT level, granted, used FROM benefits.entitlement WHERE customer_id = $1 AND benefit = $2 ORDER BY level_year DESC LIMIT 1`,
          [customerId, benefit],
        )
        .then(([row]) => row),
    changes: (customerId: string, benefit = 'AIRPORT_LOUNGE') =>
      db.query<{ version: number; decision: string; before: number; granted: number }>(
        `SELECT version, decision_id AS decision, granted_before AS before, granted FROM benefits.entitlement_change
         WHERE customer_id = $1 AND benefit = $2 ORDER BY level_year, version`,
        [customerId, benefit],
      ),
    used: (customerId: string, units: number, benefit = 'AIRPORT_LOUNGE') =>
      db.query('UPDATE benefits.entitlement SET used = $3 WHERE customer_id = $1 AND benefit = $2', [
        customerId,
        benefit,
        units,
      ]),
  };
}
