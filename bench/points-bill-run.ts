import type { DataSource } from 'typeorm';
import { AccruePointsFromBills } from '../src/modules/points/application/earning/accrue-points-from-bills.run.js';
import { type Caller, SingleOperations } from '../src/modules/points/persistence/ledger/single-operations.js';
import { businessDate } from '../src/platform/clock/index.js';
import { applicationDataSource } from '../src/platform/database/data-source.js';
import { Database, newId, Transaction } from '../src/platform/database/index.js';
import { Outbox } from '../src/platform/events/index.js';
import { ExecuteRunJob } from '../src/platform/queues/runs/execute-run.job.js';
import type { Bench, BenchResult } from './bench.js';
import { rounded, say } from './intake-bench.js';
import { clock, type PointsBench, rate, withPoints } from './points-bench.js';
import { idOf, seconds } from './tier-bench.js';

const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 50_000);
const LOTS = 12;
const ROUNDS = 3;
const CLIENTS = [8, 16] as const;
const REQUIRED_RATIO = 10;

/** The shipped rules, and beside spending also tenure, credit and data. */
const ALL_ITEMS = {
  fenPerPoint: 100,
  rounding: 'CEIL',
  factorPercent: { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 },
  expiry: 'LOT_36_MONTHS',
  joinAbove: 3500,
  tenure: [
    { fromMonths: 12, percent: 10 },
    { fromMonths: 24, percent: 20 },
    { fromMonths: 60, percent: 30 },
  ],
  credit: { A: 50, B: 20 },
  data: { fenPerPoint: 50 },
};

/**
 * The monthly run as a worker does it: it looks at a year of bills, finds those of the newest month not judged, and posts what they earn.
 * Beside it single earnings, which have nothing to look up.
 */
export const bench: Bench = {
  name: 'points-bill-run',
  describe: 'Postings of the monthly run over all bills beside those of single earnings, on one server in turns',

  run: (): Promise<BenchResult> =>
    withPoints({ customers: CUSTOMERS, lots: LOTS, pointsOfALot: 400 }, async (points) => {
      const { owner } = points;
      for (let month = 1; month <= LOTS + 2 * ROUNDS; month++) await keepBills(owner, month);
      await owner.query(`UPDATE customers.customer SET credit_grade = 'A'`);
      await owner.query(`UPDATE points.earn_rule_set SET effective_to = ${firstOf(LOTS + ROUNDS + 1)}`);
      await owner.query(
        `INSERT INTO points.earn_rule_set (version, effective_from, rules, author, approved_by, created_at)
         VALUES (2, ${firstOf(LOTS + ROUNDS + 1)}, $1, 'bench', 'bench', now())`,
        [JSON.stringify(ALL_ITEMS)],
      );
      for (const table of ['usage.customer_bill', 'customers.customer']) await owner.query(`VACUUM (ANALYZE) ${table}`);
      const source = applicationDataSource({ url: (owner.options as { url: string }).url, poolSize: 4 });
      await source.initialize();
      const single = singleEarnings(points);
      const [spending, everything]: [number[], number[]] = [[], []];
      const singles = new Map<number, number[]>(CLIENTS.map((clients) => [clients, []]));
      // One month after the other: each run finds all before it judged.
      for (let round = 1; round <= 2 * ROUNDS; round++) {
        (round <= ROUNDS ? spending : everything).push(await postingsOf(source, LOTS + round));
        for (const [clients, figures] of singles) figures.push(await single(clients));
        say(`round ${round}: ${JSON.stringify({ spending, everything, singles: [...singles] })}`);
      }
      await source.destroy();
      const figures = [...singles].map(([clients, rates]) => ({ clients, single: Math.round(Math.max(...rates)) }));
      const limit = Math.max(...figures.map((each) => each.single));
      const [ours, plain] = [Math.max(...everything), Math.max(...spending)].map(Math.round) as [number, number];
      const ratio = rounded(ours / limit);
      return {
        name: 'points-bill-run',
        unit: 'postings/s',
        ours,
        limit,
        ratio,
        promised: [{ what: 'ratio', is: ratio, atLeast: REQUIRED_RATIO }],
        spendingAlone: { postingsPerSecond: plain, ratio: rounded(plain / limit) },
        figures,
        customers: CUSTOMERS,
      };
    }),
};

/** First day of a month, counted from that of the oldest lot. */
const firstOf = (month: number): string =>
  `(date_trunc('month', now()) - interval '${LOTS + 1} months' + interval '${month} months')::date`;

/** Those of the first months are the ones that the lots have come from. */
async function keepBills(owner: DataSource, month: number): Promise<void> {
  await owner.query(
    `INSERT INTO usage.customer_bill (customer_id, source, bill_no, version, file_id, content_hash, cycle, monthly_fee_fen, voice_fen,
       sms_fen, data_fen, roaming_fen, vas_fen, collected_for_others_fen, discount_fen, gift_fen, adjustment_fen, payable_fen, paid_fen,
       arrears_fen, due_on, issued_at, is_current, recorded_at)
     SELECT ${idOf('n')}, 'BOSS', 'B${month}-' || n, 1, ${idOf('1')}, n, ${firstOf(month)}, 35000, 3000, 0, 2000, 0, 0, 0, 0, 0, 0, 40000, 0,
       40000, ${firstOf(month)}, ${firstOf(month)}, true, now() FROM generate_series(1, ${CUSTOMERS}) n`,
  );
}

async function postingsOf(source: DataSource, month: number): Promise<number> {
  const definition = new AccruePointsFromBills(clock, new Outbox(clock));
  const registry = { of: () => definition } as unknown as ConstructorParameters<typeof ExecuteRunJob>[2];
  const [database, transaction] = [new Database(source), new Transaction(source)];
  // As its timetable has it, a run is of the month after the bills.
  const [{ key, as_of } = { key: '', as_of: '' }] = await database.query<{ key: string; as_of: string }>(
    `SELECT to_char(${firstOf(month)}, 'YYYY-MM') AS key, ${firstOf(month + 1)} + 5 AS as_of`,
  );
  const runId = newId();
  await transaction.run((tx) =>
    tx.execute('INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters) VALUES ($1, $2, $3, $4, $5)', [
      runId,
      definition.kind,
      key,
      as_of,
      '{}',
    ]),
  );
  const took = await seconds(() =>
    new ExecuteRunJob(database, transaction, registry).process({ runId }, { stopping: new AbortController().signal }),
  );
  const [run] = await database.query<{ status: string; error: string | null; counts: Record<string, number> }>(
    'SELECT status, error, counts FROM platform.run WHERE run_id = $1',
    [runId],
  );
  if (run?.status !== 'completed' || run.counts['bills'] !== CUSTOMERS)
    throw new Error(`the run: ${JSON.stringify(run)}`);
  return (run.counts['postings'] ?? 0) / took;
}

/** One posting each, in a transaction of its own: none of them shares it with others that come at the same moment. */
function singleEarnings({ transaction, customers }: PointsBench): (clients: number) => Promise<number> {
  const operations = new SingleOperations();
  const apart: Caller = { prepared: ({ name, text }, params) => transaction.prepared({ name, text }, params) };
  const earn = (customerId: string): Promise<unknown> => {
    const [now, reference] = [clock.now(), newId()];
    return operations.earn(apart, {
      customerId,
      journalId: newId(),
      kind: 'AWARD',
      idemKey: reference,
      requestHash: reference,
      occurredAt: now,
      recordedAt: now,
      businessDate: businessDate(now),
      points: 20,
      from: 'ISSUED',
      lot: { pointsType: 'SPENDING', funderId: 'OPERATOR' },
    });
  };
  let offset = 0;
  return (clients) => {
    offset += 100_003;
    return rate(clients, earn, (n) => customers[((offset + n) * 7919) % customers.length] ?? '');
  };
}
