import fc from 'fast-check';
import { POINTS_TYPES, type Posting } from '../../../src/modules/points/domain/ledger/ledger.js';
import type { Clock } from '../../../src/platform/clock/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { Refusal } from '../../../src/platform/errors/index.js';
import { keepCustomers } from '../customers/facts.js';

export const DAY = '2026-02-01';

const bucket = fc.record({
  expires_on: fc.constantFrom('2026-01-31', '2026-02-01', '2026-02-28', '2029-01-31', 'infinity'),
  points_type: fc.constantFrom(...POINTS_TYPES),
  funder_id: fc.constantFrom('OPERATOR', 'partner'),
  remaining: fc.integer({ min: 0, max: 500 }),
});
/** What an account is like, and what is asked of it. */
export const situation = fc.record({
  buckets: fc.uniqueArray(bucket, { maxLength: 6, selector: (b) => `${b.expires_on} ${b.points_type} ${b.funder_id}` }),
  owed: fc.integer({ min: 0, max: 400 }),
  lifetimeEarned: fc.constantFrom(0, 3_500, 3_501, 9_000),
  status: fc.constantFrom('ACTIVE', 'ACTIVE', 'ACTIVE', 'CLOSED'),
  isFrozen: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  isSuspended: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  hasRealName: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  points: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 800 }) },
    { weight: 1, arbitrary: fc.constant(0) },
  ),
  classes: fc.option(fc.subarray([...POINTS_TYPES], { minLength: 1 }), { nil: undefined }),
  pointsType: fc.constantFrom(...POINTS_TYPES),
});

export type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;
type Db = Parameters<typeof keepCustomers>[0];

/** An account in that situation; answers whose. */
export async function keepAccount(db: Db, of: Situation): Promise<string> {
  const customerId = newId();
  const available = of.buckets.reduce((sum, { remaining }) => sum + remaining, 0);
  await keepCustomers(db, [{ customerId, status: of.isSuspended ? 'suspended' : 'active', realName: of.hasRealName }]);
  await db.query(
    `INSERT INTO points.point_account (customer_id, available, debt, lifetime_earned, status, frozen_reason)
       VALUES ($1, $2, $3, $4, $5, $6)`,
    [customerId, available, available === 0 ? of.owed : 0, of.lifetimeEarned, of.status, of.isFrozen ? 'fraud' : null],
  );
  await db.query(
    `INSERT INTO points.point_bucket SELECT * FROM jsonb_populate_recordset(NULL::points.point_bucket, $1::jsonb)`,
    [JSON.stringify(of.buckets.map((each) => ({ ...each, customer_id: customerId, held: 0 })))],
  );
  return customerId;
}

export const askedOf = ({ clock }: { readonly clock: Clock }, customerId: string) => {
  const now = clock.now();
  return {
    ...{ customerId, journalId: newId(), idemKey: newId(), requestHash: '-' },
    ...{ occurredAt: now, recordedAt: now, businessDate: DAY },
  };
};

/** Postings, or the refusal with its facts. */
export const told = async (work: () => Promise<readonly Posting[]>): Promise<unknown> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return { code: error.code, facts: error.facts };
    throw error;
  }
};
