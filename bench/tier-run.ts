import { gotone2026 } from '../src/modules/tiering/domain/gotone-2026.js';
import { checksumOf } from '../src/modules/tiering/domain/rule-set-checksum.js';
import type { RuleSetBody } from '../src/modules/tiering/domain/rule-set.js';
import type { Bench, BenchResult } from './bench.js';
import { rounded, say } from './intake-bench.js';
import { changeOneIn, CUSTOMERS, withTiers, type TierBench } from './tier-bench.js';

const MAX = { onePercent: 1.5, everyone: 6, preview: 1.5, linearity: 1.15 } as const;

/** Diamond for five percent less, and dearer for the operator: what an author would preview. */
const draft: RuleSetBody = {
  ...gotone2026,
  levels: gotone2026.levels.map((level, i) => ({ ...level, yearlyCostFen: 60_000 - i * 10_000 })),
  routes: gotone2026.routes.map((route) => ({
    ...route,
    thresholds: route.thresholds.map((each) => ({ ...each, atLeast: Math.floor(each.atLeast * 0.95) })),
  })),
};

interface Measured {
  readonly customers: number;
  readonly rows: number;
  readonly bareSeconds: number;
  readonly everyoneSeconds: number;
  readonly onePercentSeconds: number;
  readonly onePercentChanged: number;
  readonly nothingSeconds: number;
  readonly previewSeconds: number;
}

export const bench: Bench = {
  name: 'tier-run',
  describe:
    'The review of all levels, with 1% of customers changing and with everyone, beside a bare sum per customer over the same rows; and the preview of a rule set',

  async run(): Promise<BenchResult> {
    const { measured, peakMb } = await withTiers([CUSTOMERS / 10, CUSTOMERS], measure);
    const [tenth, whole] = measured;
    if (!tenth || !whole) throw new Error('nothing was measured');
    const perCustomer = ({ onePercentSeconds, customers }: Measured) => onePercentSeconds / customers;
    const ratio = rounded(whole.onePercentSeconds / whole.bareSeconds);
    const everyoneRatio = rounded(whole.everyoneSeconds / whole.bareSeconds);
    const previewRatio = rounded(whole.previewSeconds / whole.onePercentSeconds);
    // 1 is linear; 1.2 would be 20% dearer per customer than at a tenth of the size.
    const linearity = rounded(perCustomer(whole) / perCustomer(tenth));
    return {
      name: 'tier-run',
      unit: 'seconds',
      ours: whole.onePercentSeconds,
      limit: whole.bareSeconds,
      ratio,
      promised: [
        { what: 'ratio', is: ratio, atMost: MAX.onePercent },
        { what: 'everyoneRatio', is: everyoneRatio, atMost: MAX.everyone },
        { what: 'previewRatio', is: previewRatio, atMost: MAX.preview },
        { what: 'linearity', is: linearity, atMost: MAX.linearity },
      ],
      customersPerSecond: Math.round(whole.customers / whole.onePercentSeconds),
      bareLinearity: rounded(whole.bareSeconds / whole.customers / (tenth.bareSeconds / tenth.customers)),
      peakMb,
      whole,
      tenth,
    };
  },
};

async function measure(bench: TierBench): Promise<Measured> {
  const { owner, customers, rows } = bench;
  const everyone = await bench.run('tiering.review');
  // What the server would else begin to do by itself, a minute later, beside the greater of the two measurements.
  for (const table of ['tiering.tier_assignment', 'tiering.tier_decision', 'platform.outbox']) {
    await owner.query(`VACUUM ANALYZE ${table}`);
  }
  await owner.query('CHECKPOINT');
  say(`${customers}: everyone's first level ${everyone.seconds} s`);
  await owner.query(
    `INSERT INTO tiering.rule_set (program, version, status, effective_from, body, checksum, author, created_at)
     VALUES ('GOTONE', 'cheaper', 'draft', '2026-01-01', $1, $2, 'bench', now()) ON CONFLICT DO NOTHING`,
    [JSON.stringify(draft), checksumOf(draft)],
  );
  // Best of five of each, taken in turns, so that all have the same machine.
  const bare: number[] = [];
  const onePercent: { seconds: number; changed: number }[] = [];
  const nothing: number[] = [];
  const preview: number[] = [];
  for (const round of [1, 2, 3, 4, 5]) {
    bare.push(await bench.bareSums());
    await changeOneIn(78, bench, round);
    const run = await bench.run('tiering.review');
    onePercent.push({ ...run, changed: Object.values(run.counts).reduce((sum, each) => sum + each, 0) });
    nothing.push((await bench.run('tiering.review')).seconds);
    preview.push((await bench.run('tiering.preview', { version: 'cheaper' })).seconds);
    say(
      `${customers}: bare sums ${bare.at(-1)} s, 1% ${JSON.stringify(onePercent.at(-1))}, nothing ${nothing.at(-1)} s, preview ${preview.at(-1)} s`,
    );
  }
  const best = onePercent.reduce((a, b) => (a.seconds <= b.seconds ? a : b));
  return {
    customers,
    rows,
    bareSeconds: Math.min(...bare),
    everyoneSeconds: everyone.seconds,
    onePercentSeconds: best.seconds,
    onePercentChanged: best.changed,
    nothingSeconds: Math.min(...nothing),
    previewSeconds: Math.min(...preview),
  };
}
