import { jest } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { LAYOUT } from '../../src/modules/usage/domain/field-table.js';
import { INTAKE, sendFile } from '../api/world.js';
import { startTestApplication, type Credentials, type TestApplication } from '../support/application.js';
import { billingHistory, Chance, fieldsOf, fileOf, type Said, type Sending } from './support/billing-history.js';
import { SEED } from '../support/seed.js';

const HISTORIES = Number(process.env.ORDER_HISTORIES ?? 30);
const SHUFFLES = Number(process.env.ORDER_SHUFFLES ?? 6);
jest.setTimeout(3_600_000);

/**
 * What must be equal, by the account and the record that it is about; the account tells the history. A month that something was
 * corrected out of keeps a row that says nothing, as if it had none.
 */
const STATE: Readonly<Record<string, string>> = {
  profiles: `SELECT c.account_no, p.archive, p.status, p.tariff_code, p.package_fee_fen FROM customers.profile p
    JOIN customers.customer c USING (customer_id) WHERE c.source = $1`,
  facts: `SELECT c.account_no, to_jsonb(m) - 'customer_id' - 'last_recorded_at' FROM usage.customer_month m
    JOIN customers.customer c USING (customer_id) WHERE c.source = $1 AND (m.inputs > 0 OR m.subscribed_as_of IS NOT NULL)`,
  usage: `SELECT c.account_no, r.record_id, r.version, r.is_current, r.operation, r.event_time, r.month, r.fee_fen, r.duration_sec
    FROM usage.usage_record r JOIN customers.customer c USING (customer_id) WHERE r.source = $1`,
  bills: `SELECT c.account_no, b.bill_no, b.version, b.is_current, b.payable_fen, b.net_spend_fen FROM usage.customer_bill b
    JOIN customers.customer c USING (customer_id) WHERE b.source = $1`,
  payments: `SELECT c.account_no, p.payment_id, p.version, p.is_current, p.amount_fen FROM usage.payment p
    JOIN customers.customer c USING (customer_id) WHERE p.source = $1`,
  held: `SELECT kind, record_id, version, reason FROM usage.held_record WHERE source = $1`,
  rejects: `SELECT kind, record_id, code, field, attempts FROM usage.reject WHERE source = $1`,
  points: `SELECT c.account_no, a.available, a.held, a.pending, a.debt FROM points.point_account a
    JOIN customers.customer c USING (customer_id) WHERE c.source = $1`,
};

/** Sends what a billing system said, shuffled, cut, some of it twice, by file and online. */
class Shuffle {
  private readonly sequences = new Map<string, number>();

  constructor(
    private readonly application: TestApplication,
    private readonly boss: Credentials,
    private readonly sending: Sending,
    private readonly chance: Chance,
  ) {}

  async send(records: readonly Said[]): Promise<void> {
    for (let at = 0; at < records.length;) {
      const size = 1 + this.chance.below(150);
      const piece = records.slice(at, at + size);
      at += size;
      for (const kind of this.chance.shuffled(['SUB', 'USG', 'BIL', 'PAY'] as const)) {
        const ofKind = piece.filter((said) => said.kind === kind);
        if (ofKind.length === 0) continue;
        await (this.chance.is(0.5) ? this.asFile(kind, ofKind) : this.online(kind, ofKind));
      }
    }
  }

  private async asFile(kind: Said['kind'], records: readonly Said[]): Promise<void> {
    const sequence = (this.sequences.get(kind) ?? 0) + 1;
    this.sequences.set(kind, sequence);
    const { name, text } = fileOf(kind, sequence, records, this.sending);
    const answer = await this.application.call(sendFile(name, new Uint8Array(gzipSync(text)), this.boss));
    if (!['OK', 'PARTIAL'].includes(answer.body.state)) throw new Error(answer.text);
  }

  private async online(kind: Said['kind'], records: readonly Said[]): Promise<void> {
    const names = LAYOUT[kind].names;
    const payload = {
      kind,
      source: this.sending.source,
      records: records.map((said) =>
        Object.fromEntries(fieldsOf(said, this.sending).map((value, nth) => [names[nth], value])),
      ),
    };
    const answer = await this.application.call({
      method: 'POST', url: `${INTAKE}/recordBatch`, payload, headers: this.boss,
    }); // prettier-ignore
    if (answer.status >= 300) throw new Error(answer.text);
  }
}

describe(`[promise 4] [USG-02] what billing says (seed ${SEED}, ${HISTORIES} histories, ${SHUFFLES} orders of arrival)`, () => {
  let application: TestApplication;
  beforeAll(async () => {
    application = await startTestApplication({ GUIBIN_ROLE: 'all' });
  });
  afterAll(() => application.close());

  async function accrue(key: string): Promise<void> {
    const url = '/care-api/operations/v1/run';
    const headers = application.administrator;
    const asOf = `${new Date(now).toISOString().slice(0, 7)}-01`;
    let answer = await application.call({
      method: 'POST', url, headers, payload: { kind: 'points.accrue', key, asOf },
    }); // prettier-ignore
    while (['pending', 'running'].includes(answer.body.status)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      answer = await application.call({ url: answer.body.href, headers });
    }
    if (answer.body.status !== 'completed') throw new Error(answer.text);
  }

  const now = Date.now() - 60_000;
  it('leaves the same facts, points and rejects in whatever order, channel and number of times it arrives', async () => {
    const told = Array.from({ length: HISTORIES }, (_, n) => billingHistory(n, new Chance(SEED * 1000 + n), now));
    const repeats = new Chance(SEED);
    const records = told.flat();
    const delivered = [...records, ...records.filter(() => repeats.is(0.15))];

    const shuffles = await Promise.all(
      Array.from({ length: SHUFFLES }, async (_, n) => {
        const source = `S${String(n).padStart(2, '0')}`;
        const msisdnOf = (said: Said): string =>
          `138${String(n).padStart(2, '0')}${String(said.history * 3 + said.person).padStart(6, '0')}`;
        const chance = new Chance(SEED + 77 * n);
        const boss = await application.system('boss', source);
        const order = n === 0 ? delivered : chance.shuffled(delivered);
        // Some earn points in between, and what comes later corrects them; the others hear everything first.
        const early = n % 2 === 1 ? Math.floor(order.length / 2) : 0;
        return { source, order, early, shuffle: new Shuffle(application, boss, { source, now, msisdnOf }, chance) };
      }),
    );
    const month = new Date(Date.parse(`${new Date(now).toISOString().slice(0, 7)}-01`) - 1).toISOString().slice(0, 7);
    for (const { shuffle, order, early } of shuffles) await shuffle.send(order.slice(0, early));
    await accrue(`${month}.1`);
    for (const { shuffle, order, early } of shuffles) await shuffle.send(order.slice(early));
    await accrue(`${month}.2`);

    const states = await Promise.all(shuffles.map(({ source }) => stateOf(application, source)));
    const [first] = states;
    for (const [n, state] of states.entries()) {
      for (const part of Object.keys(STATE)) {
        expect({ order: n, part, rows: state[part] }).toEqual({ order: n, part, rows: first?.[part] });
      }
    }
    // What was compared is not nothing.
    for (const part of Object.keys(STATE)) expect(first?.[part]?.length).toBeGreaterThan(0);
    process.stderr.write(`${records.length} records of ${HISTORIES} histories, ${SHUFFLES} orders: equal\n`);
  });
});

async function stateOf({ database }: TestApplication, source: string): Promise<Record<string, readonly string[]>> {
  const state: Record<string, readonly string[]> = {};
  for (const [part, sql] of Object.entries(STATE)) {
    const rows = await database.query<{ row: string }>(`SELECT x::text AS row FROM (${sql}) x ORDER BY 1`, [source]);
    state[part] = rows.map(({ row }) => row);
  }
  return state;
}
