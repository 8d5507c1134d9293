import { LAYOUT } from '../../src/modules/usage/domain/field-table.js';
import { billFields, INTAKE, sendFile, startWorld, type World } from '../api/world.js';
import { fileText } from '../modules/usage/support/boss-file.js';
import { eventually } from '../support/eventually.js';

const FOLLOWING = ['analytics.reassess-churn', 'points.correct', 'tiering.incremental'];

describe('a bill that is corrected after its month was closed', () => {
  let world: World;
  let rich: string;

  beforeAll(async () => {
    world = await startWorld();
    rich = world.customers.rich;
    await world.database.query(
      `INSERT INTO usage.closed_month (month, closed_at, closed_by) VALUES ('2026-01-01', '2026-02-10T00:00:00+08:00', 'tester')`,
    );
  });
  afterAll(() => world.close());

  /** The bill of January anew, with its package at so many fen. */
  const corrected = (fen: number, version: number): Record<string, string | number> => {
    const values = billFields('rich', fen).map((value, at) => (LAYOUT.BIL.names[at] === 'version' ? version : value));
    return Object.fromEntries(LAYOUT.BIL.names.map((name, at) => [name, values[at] ?? '']));
  };
  const push = async (record: object): Promise<string> => {
    const payload = { kind: 'BIL', source: 'BOSS', records: [record] };
    const { body } = await world.call({
      method: 'POST',
      url: `${INTAKE}/recordBatch`,
      payload,
      headers: { ...world.boss },
    });
    return body.results?.[0]?.outcome ?? JSON.stringify(body);
  };
  const send = async (record: Record<string, string | number>): Promise<string> => {
    const issuedAt = String(record['issuedAt']);
    const line = ['D', ...LAYOUT.BIL.names.map((name) => record[name])].join('|');
    const { name, text } = fileText({
      kind: 'BIL', sequence: 2, date: '20260301', lines: [line],
      totals: { fee: Number(record['payableFen']), first: issuedAt, last: issuedAt },
    }); // prettier-ignore
    return (await world.call(sendFile(name, text, world.boss))).body.state;
  };
  /** What was said and must not be said otherwise: lines as they are stored, except the figures that are sums. */
  const published = async (): Promise<string[]> => {
    const lines = await world.database.query<{ line: string }>(
      `SELECT j::text AS line FROM points.journal j UNION ALL SELECT p::text FROM points.posting p
       UNION ALL SELECT a::text FROM tiering.tier_assignment a UNION ALL SELECT d::text FROM tiering.tier_decision d
       UNION ALL SELECT b.customer_id || b.bill_no || b.version || b.payable_fen || b.recorded_at FROM usage.customer_bill b
       ORDER BY 1`,
    );
    return lines.map(({ line }) => line);
  };
  const runsOf = (intakeId: string) =>
    world.database.query<{ kind: string; status: string; counts: object }>(
      `SELECT kind, status, counts FROM platform.run WHERE run_key = $1 ORDER BY kind`,
      [intakeId],
    );
  const followed = (intakeId: string) =>
    eventually(async () => {
      const runs = await runsOf(intakeId);
      return runs.length === FOLLOWING.length && runs.every(({ status }) => status === 'completed') && runs;
    }, 40_000);
  const balance = async () => (await world.done({ url: `/care-api/points/v1/account/${rich}` })).body;
  const tier = async () => (await world.done({ url: `/care-api/tiering/v1/customerTier/${rich}` })).body;
  const changes = () =>
    world.database.query<{ intake_id: string; kind: string; month: string }>(
      'SELECT intake_id, kind, month FROM usage.month_change WHERE customer_id = $1 ORDER BY changed_at',
      [rich],
    );

  it('[promise 5] [promise 8] leaves a debt of points, the level until the year is over, and every published line as it was', async () => {
    const { available } = await balance();
    expect(available).toBeGreaterThan(10_000);
    expect(await tier()).toMatchObject({ tier: 'DIAMOND' });
    const redemption = { customerId: rich, points: available - 100, channel: 'HALL', purpose: 'GOODS' };
    await world.done({ method: 'POST', url: '/care-api/points/v1/redemption', payload: redemption });
    const before = await published();
    const [score] = await world.database.query('SELECT * FROM analytics.churn_score WHERE customer_id = $1', [rich]);

    // By file and online, several times at once: it comes in once.
    const bill = corrected(3_000, 2);
    const outcomes = await Promise.all([push(bill), send(bill), push(bill), push(bill)]);
    expect([...outcomes].sort().filter((outcome) => !/^(ACCEPTED|DUPLICATE|OK)$/.test(outcome))).toEqual([]);
    const [change, ...others] = await changes();
    expect(others).toEqual([]);
    expect(change).toMatchObject({ kind: 'BIL', month: '2026-01-01' });
    const intakeId = change?.intake_id ?? '';
    const runs = await followed(intakeId);
    expect(runs.map(({ kind }) => kind)).toEqual(FOLLOWING);
    expect(runs.find(({ kind }) => kind === 'tiering.incremental')?.counts).toEqual({ kept: 1 });

    const after = await published();
    expect(before.filter((line) => !after.includes(line))).toEqual([]);
    const account = await balance();
    expect(account).toMatchObject({ available: 0 });
    expect(account.debt).toBeGreaterThan(available - 400);
    expect(await tier()).toMatchObject({
      tier: 'DIAMOND',
      kept: { wouldBe: 'ORDINARY', until: '2027-02-01', intakeId },
    });
    const [entry] = await world.database.query(
      `SELECT kind, metadata ->> 'intakeId' AS intake FROM points.journal WHERE customer_id = $1 ORDER BY account_version DESC LIMIT 1`,
      [rich],
    );
    expect(entry).toEqual({ kind: 'EARN_CORRECTION', intake: intakeId });
    const [replaced] = await world.database.query('SELECT * FROM analytics.replaced_score WHERE customer_id = $1', [
      rich,
    ]);
    if (score) expect(replaced).toMatchObject({ ...score, intake_id: intakeId });
  });

  it('[promise 5] follows once: sent again it is known, and told again it is the same run', async () => {
    const before = await published();
    const [change] = await changes();
    expect(await push(corrected(3_000, 2))).toBe('DUPLICATE');
    const told = await world.database.query(
      `INSERT INTO platform.outbox (name, payload, occurred_at, recorded_at)
       SELECT 'usage.ClosedMonthsChanged', jsonb_build_object('intakeId', intake_id, 'months', jsonb_build_array(month)),
         changed_at, changed_at
       FROM usage.month_change RETURNING event_id`,
    );
    await eventually(async () => {
      const handled = await world.database.query('SELECT FROM platform.handled_event WHERE event_id = $1', [
        told[0]?.['event_id'],
      ]);
      return handled.length === FOLLOWING.length;
    });
    expect(await changes()).toHaveLength(1);
    expect(await runsOf(change?.intake_id ?? '')).toHaveLength(FOLLOWING.length);
    expect(await published()).toEqual(before);
  });

  it('[promise 8] gives back what a later correction makes right again', async () => {
    const owed = (await balance()).debt;
    expect(await push(corrected(1_000_000, 3))).toBe('ACCEPTED');
    const intakeId = (await changes()).at(-1)?.intake_id ?? '';
    await followed(intakeId);
    expect(owed).toBeGreaterThan(0);
    expect(await balance()).toMatchObject({ available: 100, debt: 0 });
    const held = await tier();
    expect([held.tier, held.kept]).toEqual(['DIAMOND', undefined]);
  });

  it('[promise 5] late usage of a closed month asks for levels and scores, not for points', async () => {
    const eventTime = new Date(Date.now() - 40 * 86_400_000).toISOString();
    await world.database.query(
      `INSERT INTO usage.closed_month (month, closed_at, closed_by)
       VALUES (date_trunc('month', $1::timestamptz AT TIME ZONE 'Asia/Shanghai'), now(), 'tester')`,
      [eventTime],
    );
    const said = await changes();
    const usage = {
      recordId: 'U-late', eventTime, msisdn: '13912340001', eventType: 'VOICE_MO', counterpartyClass: 'ON_NET', durationSec: 60,
      feeFen: 10, operation: 'NEW', version: 1,
    }; // prettier-ignore
    const payload = { kind: 'USG', source: 'BOSS', records: [usage] };
    const { body } = await world.call({
      method: 'POST',
      url: `${INTAKE}/recordBatch`,
      payload,
      headers: { ...world.boss },
    });
    expect(body.results).toEqual([{ outcome: 'ACCEPTED' }]);
    const change = (await changes()).slice(said.length);
    expect(change).toMatchObject([{ kind: 'USG' }]);
    const runs = await eventually(async () => {
      const started = await runsOf(change[0]?.intake_id ?? '');
      return started.length === 2 && started.every(({ status }) => status === 'completed') && started;
    }, 40_000);
    expect(runs.map(({ kind }) => kind)).toEqual(['analytics.reassess-churn', 'tiering.incremental']);
  });

  it('[promise 5] says nothing of months that are still open', async () => {
    const said = await changes();
    const usage = {
      recordId: 'U-open', eventTime: new Date(Date.now() - 3_600_000).toISOString(), msisdn: '13912340001', eventType: 'SMS',
      counterpartyClass: 'ON_NET', count: 1, feeFen: 10, operation: 'NEW', version: 1,
    }; // prettier-ignore
    const payload = { kind: 'USG', source: 'BOSS', records: [usage] };
    const { body } = await world.call({
      method: 'POST',
      url: `${INTAKE}/recordBatch`,
      payload,
      headers: { ...world.boss },
    });
    expect(body.results).toEqual([{ outcome: 'ACCEPTED' }]);
    expect(await changes()).toEqual(said);
  });
});
