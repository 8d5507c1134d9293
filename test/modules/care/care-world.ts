import type { DataSource } from 'typeorm';
import { CareModule } from '../../../src/modules/care/index.js';
import { MakeTasks } from '../../../src/modules/care/application/make-tasks.run.js';
import type { AboutLevel } from '../../../src/modules/care/domain/level-event.js';
import type { Tier } from '../../../src/modules/tiering/index.js';
import { newId } from '../../../src/platform/database/index.js';
import type { Delivered } from '../../../src/platform/events/index.js';
import type { Run } from '../../../src/platform/queues/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import type { TestClock } from '../../support/clock.js';
import type { TestDatabase } from '../../support/database.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepCustomers } from '../customers/facts.js';
import { keepTier } from '../tiering/facts.js';

export const CARE = '/care-api/care/v1';

interface Somebody {
  readonly tier?: Tier;
  /** Makes it a group, of this class. */
  readonly groupClass?: 'A' | 'B' | 'C' | 'D';
  readonly managerId?: string;
}

export async function keepSomebody(db: TestDatabase, { tier, groupClass, managerId }: Somebody): Promise<string> {
  const customerId = newId();
  await keepCustomers(db, [{ customerId }]);
  await db.query('UPDATE customers.customer SET kind = $2, manager_id = $3 WHERE customer_id = $1', [
    customerId,
    groupClass ? 'group' : 'individual',
    managerId ?? null,
  ]);
  if (tier) await keepTier(db, customerId, tier);
  if (groupClass) {
    await db.query(
      `INSERT INTO tiering.tier_assignment (customer_id, program, decision_id, tier, valid_from) VALUES ($1, 'GROUP', $2, $3, '2025-02-01')`,
      [customerId, newId(), groupClass],
    );
  }
  return customerId;
}

export async function moveTo(db: TestDatabase, customerId: string, tier: Tier): Promise<void> {
  await db.query(`UPDATE tiering.tier_assignment SET tier = $2 WHERE customer_id = $1`, [customerId, tier]);
}

/** What a review leaves behind whose rule set lowers levels after months of grace. */
export const keepGrace = (db: TestDatabase, customerId: string, decisionId: string): Promise<unknown> =>
  db.query(
    `INSERT INTO tiering.tier_grace (customer_id, program, decision_id, would_be, begun_on, ends_on)
     VALUES ($1, 'GOTONE', $2, 'SILVER', '2026-02-01', '2026-05-01') ON CONFLICT DO NOTHING`,
    [customerId, decisionId],
  );

export const recover = (db: TestDatabase, customerId: string): Promise<unknown> =>
  db.query('DELETE FROM tiering.tier_grace WHERE customer_id = $1', [customerId]);

export const leave = (db: TestDatabase, customerId: string): Promise<unknown> =>
  db.query(
    `UPDATE customers.customer SET archive = 'retained', status = 'terminated', closed_on = '2026-02-20' WHERE customer_id = $1`,
    [customerId],
  );

/** The tasks of a day, as the run of that day makes them. */
export function makeTasksOf(source: DataSource, clock: TestClock, asOf: string, key = asOf): Promise<Run> {
  clock.set(`${asOf}T06:30:00+08:00`);
  return carryOutRun(source, new MakeTasks(clock), { key, asOf });
}

export const serveCare = (db: TestDatabase, clock: TestClock, permissions: readonly string[]) =>
  serveModules(db, { modules: [CareModule], permissions, now: clock.now() });

export const delivered = <Told extends AboutLevel>(payload: Told): Delivered<Told> => ({
  eventId: newId(),
  name: 'tiering.any',
  customerId: payload.customerId,
  payload,
  occurredAt: new Date('2026-02-01T00:00:00+08:00'),
  recordedAt: new Date('2026-02-01T00:00:00+08:00'),
});

/** So many others have come as far as a row that we hold. */
export async function untilWaiting(db: TestDatabase, others: number): Promise<void> {
  for (let waiting = 0; waiting < others;) {
    const [row] = await db.query<{ n: number }>(
      `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    waiting = row?.n ?? 0;
  }
}
