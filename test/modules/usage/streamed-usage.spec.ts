import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Client } from 'pg';
import { parseListRequest } from '../../../src/platform/http/index.js';
import { listedRows } from '../../../src/platform/http/list-sql.js';
import { storedUsage } from '../../../src/modules/usage/application/find-usage.query.js';
import { usages } from '../../../src/modules/usage/application/usage.resource.js';
import { startWorld, type World } from '../../api/world.js';
import type { Credentials } from '../../support/application.js';
import { eventually } from '../../support/eventually.js';

const USAGE = '/tmf-api/usageManagement/v4/usage';
const ROWS = 200_000;
const MB = 1024 * 1024;
/** All rows as text are some 200 MB. */
const MOST_MEMORY = 40 * MB;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
/** What is really held, of client and server together. */
function kept(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('usage as a stream', () => {
  let world: World;
  const open: IncomingMessage[] = [];

  beforeAll(async () => {
    world = await startWorld();
    await world.database.query(`SELECT usage.open_month('2025-01-01')`);
    await world.database.query(
      `INSERT INTO usage.usage_record (customer_id, file_id, event_time, recorded_at, content_hash, volume_kb, fee_fen, tax_fen, month,
         duration_sec, event_count, event_type, counterparty_class, operation, version, is_current, source, record_id)
       SELECT $1, $1, '2025-01-10T00:00:00Z'::timestamptz + n * interval '1 second', '2025-02-01', n, 0, n % 100, 0, '2025-01-01',
         n % 600, 1, 1 + n % 3, 1, 1, 1, true, 'BOSS', 'U-' || lpad(n::text, 7, '0')
       FROM generate_series(1, ${ROWS}) AS n`,
      [world.customers.rich],
    );
    await world.database.query('ANALYZE usage.usage_record');
  });
  afterEach(() => {
    for (const response of open.splice(0)) response.destroy();
  });
  afterAll(() => world?.close());

  async function stream(query = '', who: Credentials = world.administrator): Promise<IncomingMessage> {
    const sent = request(`${world.address}${USAGE}${query}`, {
      headers: { ...who, accept: 'application/x-ndjson' },
    }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    open.push(response);
    return response;
  }

  async function* rowsOf(response: IncomingMessage): AsyncGenerator<Record<string, unknown>> {
    for await (const line of createInterface({ input: response })) yield JSON.parse(line) as Record<string, unknown>;
  }
  const all = async (query: string, who?: Credentials): Promise<Record<string, unknown>[]> => {
    const rows = [];
    for await (const row of rowsOf(await stream(query, who))) rows.push(row);
    return rows;
  };
  const openTransactions = async (): Promise<number> => {
    const [row] = await world.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%row_cursor%'
         AND state LIKE '%transaction%'`,
    );
    return Number(row?.n);
  };

  it('is all there, row by row, in the memory of a few pages', async () => {
    const response = await stream(`?relatedParty.id=${world.customers.rich}`);
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
    const before = kept();
    let [count, most, last, isInOrder] = [0, 0, '', true];
    for await (const { id } of rowsOf(response)) {
      isInOrder &&= String(id) > last;
      last = String(id);
      if (++count % 40_000 === 0) most = Math.max(most, kept() - before);
    }
    expect([count, isInOrder]).toEqual([ROWS, true]);
    expect(most).toBeLessThan(MOST_MEMORY);
    await eventually(async () => (await openTransactions()) === 0);
  }); // prettier-ignore

  it('is read from the database no faster than its reader reads', async () => {
    const requestId = 'slow-reader-1';
    const response = await stream('', { ...world.administrator, 'x-request-id': requestId });
    response.once('readable', () => response.read(1));
    await sleep(1_500);
    const [row] = await world.database.query<{ pages: number }>(
      'SELECT count(*)::int AS pages FROM organization.access_register WHERE request_id = $1',
      [requestId],
    );
    expect(Number(row?.pages)).toBeGreaterThan(0);
    expect(Number(row?.pages)).toBeLessThan(40);
  });

  it('gives its connection back when the reader hangs up half-way, as often as one likes', async () => {
    for (let turn = 0; turn < 6; turn++) {
      const response = await stream();
      let count = 0;
      for await (const _ of rowsOf(response)) if (++count === 2_500) break;
      response.destroy();
      await eventually(async () => (await openTransactions()) === 0);
    }
    expect(await all('?limit=3')).toHaveLength(3);
  });

  it('[AUD-01] is registered page by page, with whom it shows', async () => {
    const requestId = 'streamed-look-1';
    await all('?usageDate.lt=2025-01-10T01:00:00%2B00:00', { ...world.administrator, 'x-request-id': requestId });
    const lines = await world.database.query<{ customer_ids: string[]; action: string }>(
      'SELECT customer_ids, action FROM organization.access_register WHERE request_id = $1',
      [requestId],
    );
    expect(lines.length).toBe(4); // 3599 rows
    for (const line of lines)
      expect(line).toMatchObject({ action: 'usage.list', customer_ids: [world.customers.rich] });
  });

  it('shows what the page shows: fields, filters, order, amounts to whom they are for, and the own province only', async () => {
    const query = '?usageType=SMS&sort=-usageDate&limit=5&fields=usageType,usageDate';
    const page = await world.ask({ url: USAGE + query });
    expect(await all(query)).toEqual(page.body);
    const [shown] = await all('?limit=1');
    expect(shown).toHaveProperty('ratedProductUsage');
    const [hidden] = await all('?limit=1', world.viewer);
    expect(hidden).not.toHaveProperty('ratedProductUsage');
    const elsewhere = await world.staffIn({ kind: 'province', code: '320000' }, 'supervisor');
    expect(await all('?limit=5', elsewhere)).toEqual([]);
  });

  it('is refused with a clear word when it is wrong, before it begins', async () => {
    const wrong = await stream('?usageType=TELEGRAM');
    expect([wrong.statusCode, wrong.headers['content-type']]).toEqual([400, expect.stringContaining('application/json')]);
    expect((await stream('', { authorization: '' })).statusCode).toBe(401);
  }); // prettier-ignore

  it('is for a few at once; the next one is asked to come back', async () => {
    for (let n = 0; n < 4; n++) expect((await stream()).statusCode).toBe(200);
    const fifth = await stream();
    expect([fifth.statusCode, fifth.headers['retry-after']]).toEqual([429, '30']);
    for (const response of open.splice(0)) response.destroy();
    await eventually(async () => (await openTransactions()) === 0);
    expect((await stream('?limit=1')).statusCode).toBe(200);
  });

  it('is looked for a while only where it may be anybody’s', async () => {
    const other = new Client({ connectionString: world.database.url });
    await other.connect();
    try {
      await other.query('BEGIN');
      await other.query('LOCK TABLE usage.usage_record IN ACCESS EXCLUSIVE MODE');
      const answer = await world.ask({ url: `${USAGE}?usageType=VAS` });
      expect(answer).toMatchObject({ status: 400, body: { code: 'usage.list-too-wide' } });
    } finally {
      await other.end();
    }
    expect((await world.ask({ url: `${USAGE}?usageType=VAS` })).status).toBe(200);
  });

  it('reads one customer’s month from that month’s key alone', async () => {
    const query = {
      'relatedParty.id': world.customers.rich,
      'usageDate.gte': '2025-01-01',
      'usageDate.lt': '2025-01-31',
    };
    const list = parseListRequest(usages, query);
    const { sql, params } = listedRows(list, storedUsage(list));
    const plan = await world.database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql} LIMIT 20`, params);
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toContain('usage_record_202501_pkey');
    expect(text).not.toMatch(/Seq Scan on usage_record|usage_record_20(?!2501)/);
    const page = await world.ask({ url: `${USAGE}?${new URLSearchParams(query).toString()}` });
    expect([page.body.length, page.headers['x-total-count']]).toEqual([20, '100000']);
  });
});
