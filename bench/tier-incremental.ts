import { newId } from '../src/platform/database/index.js';
import { needsRun } from '../src/modules/tiering/persistence/incremental-runs.js';
import type { Bench, BenchResult } from './bench.js';
import { rounded, say } from './intake-bench.js';
import { AS_OF, changeOneIn, CUSTOMERS, idOf, withTiers, type TierBench } from './tier-bench.js';

const MAX_RATIO = 0.05;

interface Measured {
  readonly full: number;
  readonly incremental: number;
  readonly changed: number;
}

export const bench: Bench = {
  name: 'tier-incremental',
  describe:
    'Deciding anew the 1% of customers whose closed months have changed, one level in ten with them, beside a review of all levels in which one in a hundred changes',

  async run(): Promise<BenchResult> {
    const { measured, peakMb } = await withTiers([CUSTOMERS], measure);
    const [found] = measured;
    if (!found) throw new Error('nothing was measured');
    const ratio = rounded(found.incremental / found.full);
    return {
      name: 'tier-incremental',
      unit: 'seconds',
      ours: found.incremental,
      limit: found.full,
      ratio,
      promised: [{ what: 'ratio', is: ratio, atMost: MAX_RATIO }],
      customers: CUSTOMERS,
      changedFacts: Math.ceil(CUSTOMERS / 100),
      changedLevels: found.changed,
      peakMb,
    };
  },
};

async function measure(bench: TierBench): Promise<Measured> {
  const { owner, customers } = bench;
  await bench.run('tiering.review');
  await owner.query('VACUUM ANALYZE tiering.tier_assignment');
  await owner.query('CHECKPOINT');
  const rounds: Measured[] = [];
  for (const round of [1, 2, 3, 4, 5]) {
    // One level in a hundred changes with the whole; of those who are told of afterwards, one in ten.
    await changeOneIn(78, bench, round);
    const full = (await bench.run('tiering.review')).seconds;
    await owner.query('VACUUM tiering.tier_assignment'); // as the server does by itself
    await changeOneIn(1_000, bench, round);
    await tellOfChanges(bench, round);
    const { seconds, counts } = await bench.run('tiering.incremental');
    const changed = Object.values(counts).reduce((sum, each) => sum + each, 0);
    if (changed < customers / 2_000) throw new Error(`only ${changed} levels have changed`);
    rounds.push({ full, incremental: seconds, changed });
    say(`full ${full} s, incremental ${seconds} s ${JSON.stringify(counts)}`);
  }
  return {
    full: Math.min(...rounds.map(({ full }) => full)),
    incremental: Math.min(...rounds.map(({ incremental }) => incremental)),
    changed: Math.max(...rounds.map(({ changed }) => changed)),
  };
}

/** As an intake leaves it behind: whose closed months it has changed, 1% of all customers far apart. */
async function tellOfChanges({ owner, transaction, customers }: TierBench, round: number): Promise<void> {
  const intakeId = newId();
  await owner.query(
    `INSERT INTO usage.month_change (customer_id, month, kind, intake_id, changed_at)
     SELECT ${idOf('n')}, '2025-06-01', 'BIL', $1, now() FROM generate_series(${round}, ${customers}, 100) n`,
    [intakeId],
  );
  await owner.query('VACUUM ANALYZE usage.month_change');
  await transaction.run((tx) => needsRun(tx, { intakeId, toldOn: AS_OF }));
}
