import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePopulation } from '../../src/demo/index.js';
import type { FileKind, WrittenPopulation } from '../../src/demo/index.js';
import { readBossFile } from './boss-file.js';
import type { ReadBossFile } from './boss-file.js';

const CUSTOMERS = 4_000;
const MONTHS = 13;
/** What real billing gets wrong is planted among these. */
const NOISY: readonly FileKind[] = ['SUB', 'USG', 'BIL', 'PAY'];
const KINDS: readonly FileKind[] = [...NOISY, 'ARR'];

/** Where each kind carries its id, version, fee and time (the `D` is field 0). */
const PLACES = {
  SUB: { fields: 23, version: 22, fee: undefined, time: 2, msisdn: 4, account: 3 },
  USG: { fields: 21, version: 20, fee: 11, time: 2, msisdn: 3, account: 4 },
  BIL: { fields: 22, version: 20, fee: 15, time: 19, msisdn: 3, account: 2 },
  PAY: { fields: 12, version: 11, fee: 5, time: 4, msisdn: 3, account: 2 },
  ARR: { fields: 14, version: 13, fee: 8, time: 2, msisdn: 4, account: 3 },
} as const;

const isWhole = (text: string | undefined): text is string => /^-?\d+$/.test(text ?? '');
const whole = (text: string | undefined): number => (isWhole(text) ? Number(text) : 0);

/** Does the calendar know the date of this instant or date? */
function isDate(text: string | undefined): boolean {
  const [year, month, day] = (text ?? '').slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year ?? NaN, (month ?? NaN) - 1, day ?? NaN));
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === (text ?? '').slice(0, 10);
}

describe('the population that a billing system sends', () => {
  const directory = mkdtempSync(join(tmpdir(), 'population-'));
  let written: WrittenPopulation;
  let read: readonly { readonly kind: FileKind; readonly file: ReadBossFile }[];

  beforeAll(async () => {
    written = await writePopulation({
      customers: CUSTOMERS,
      months: MONTHS,
      directory,
      seed: 42,
      customersPerFile: 2500,
    });
    read = written.files.map(({ kind, path }) => ({ kind, file: readBossFile(path) }));
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true }));

  const recordsOf = (kind: FileKind): readonly (readonly string[])[] =>
    read.filter((entry) => entry.kind === kind).flatMap(({ file }) => file.records);

  /** The last version of every record that a receiver accepts, by id. */
  function currentOf(kind: FileKind): ReadonlyMap<string, readonly string[]> {
    const { fields, version, msisdn, account } = PLACES[kind];
    const accounts = new Set(recordsOf('SUB').map((r) => r[3]));
    const current = new Map<string, readonly string[]>();
    for (const record of recordsOf(kind)) {
      const id = record[1] ?? '';
      if (record.length !== fields || id === '' || id.endsWith('-F') || !/^1[3-9]\d{9}$/.test(record[msisdn] ?? ''))
        continue;
      if (!accounts.has(record[account])) continue;
      const known = current.get(id);
      // The first of two contents stands, the later version wins.
      if (known === undefined || whole(known[version]) < whole(record[version])) current.set(id, record);
    }
    return current;
  }

  it('is the same to the byte for the same seed, and another for another', async () => {
    const digestOf = async (name: string, seed: number): Promise<readonly string[]> => {
      const { files } = await writePopulation({ customers: 250, months: 3, directory: join(directory, name), seed });
      return files.map((file) => `${file.name} ${createHash('sha256').update(readFileSync(file.path)).digest('hex')}`);
    };
    const first = await digestOf('first', 1);
    expect(await digestOf('again', 1)).toEqual(first);
    expect(await digestOf('other', 2)).not.toEqual(first);
  });

  it('comes in the order in which it must be pushed, each kind without a gap in its sequence', () => {
    for (const kind of KINDS) {
      const sequences = written.files.filter((file) => file.kind === kind).map((file) => file.sequence);
      expect(sequences).toEqual(sequences.map((_, nth) => nth + 1));
      expect(sequences).toHaveLength(2 * (kind === 'SUB' ? MONTHS + 1 : MONTHS));
    }
    const dates = read.map(({ file }) => file.header[4]);
    expect(dates).toEqual(dates.toSorted());
    expect(dates.at(-1)).toBe('20260201');
  });

  it('closes every file with the totals of the lines in it', () => {
    for (const { kind, file } of read) {
      const { fee, time } = PLACES[kind];
      const sum = (value: (record: readonly string[]) => number): number =>
        file.records.reduce((total, record) => total + value(record), 0);
      const isVoice = (record: readonly string[]): boolean => kind === 'USG' && (record[6] ?? '').startsWith('VOICE');
      const times = file.records
        .map((record) => (kind === 'ARR' ? `${record[time]}T00:00:00+08:00` : (record[time] ?? '')))
        .filter((at) => at.endsWith('+08:00') && isDate(at));
      expect(file.trailer).toEqual([
        'T',
        String(file.records.length),
        String(sum((record) => (fee === undefined ? 0 : whole(record[fee])))),
        String(sum((record) => (isVoice(record) ? Math.ceil(whole(record[8]) / 60) : 0))),
        String(sum((record) => (kind === 'USG' ? whole(record[9]) : 0))),
        times.toSorted()[0] ?? '',
        times.toSorted().at(-1) ?? '',
        file.bodySha256,
      ]);
    }
  });

  it('plants what it says: duplicates, late records, corrections, refusals, strangers', () => {
    const accounts = new Set(recordsOf('SUB').map((record) => record[3]));
    for (const kind of NOISY) {
      const { fields, version, msisdn, account } = PLACES[kind];
      const seen = new Map<string, string>();
      const counted = {
        records: 0,
        accepted: 0,
        duplicates: 0,
        unknownAccount: 0,
        late: 0,
        corrections: 0,
        cancellations: 0,
      };
      const rejected = { E_FORMAT: 0, E_MSISDN: 0, E_DATE: 0, E_AMOUNT: 0, E_CONFLICT: 0 };
      for (const { file } of read.filter((entry) => entry.kind === kind)) {
        for (const [n, record] of file.records.entries()) {
          counted.records += 1;
          const line = file.lines[n] ?? '';
          const identity = `${record[1]} ${record[version]}`;
          const hasWords =
            kind === 'SUB'
              ? record[13] !== 'ASLEEP'
              : kind === 'USG'
                ? record[6] !== 'FAX'
                : kind !== 'PAY' || record[7] !== 'FRIEND';
          const dates =
            kind === 'SUB'
              ? [record[2], record[12], record[14]]
              : kind === 'BIL'
                ? [`${record[4]?.slice(0, 4)}-${record[4]?.slice(4)}-01`, record[18], record[19]]
                : [record[PLACES[kind].time]];
          const categories = record.slice(5, 15).reduce((sum, fen) => sum + whole(fen), 0);
          const hasAmounts =
            kind === 'SUB'
              ? whole(record[16]) >= 0
              : kind === 'USG'
                ? isWhole(record[11]) && whole(record[11]) >= 0
                : kind === 'PAY'
                  ? isWhole(record[5]) && whole(record[5]) > 0
                  : record.slice(5, 18).every(isWhole) && categories === whole(record[15]) && whole(record[12]) <= 0;
          if (record.length !== fields || record[1] === '' || !hasWords) rejected.E_FORMAT += 1;
          else if (!/^1[3-9]\d{9}$/.test(record[msisdn] ?? '')) rejected.E_MSISDN += 1;
          else if (!dates.every(isDate)) rejected.E_DATE += 1;
          else if (!hasAmounts) rejected.E_AMOUNT += 1;
          else if (!accounts.has(record[account])) counted.unknownAccount += 1;
          else if (seen.get(identity) === line) counted.duplicates += 1;
          else if (seen.has(identity)) rejected.E_CONFLICT += 1;
          else {
            seen.set(identity, line);
            counted.accepted += 1;
            if (kind !== 'SUB' && record[version] !== '1') {
              if (line.includes('|CANCEL|')) counted.cancellations += 1;
              else counted.corrections += 1;
            } else if (kind === 'USG' && `${record[2]?.slice(0, 7).replace('-', '')}` < monthBefore(file.header[4])) {
              counted.late += 1;
            }
          }
        }
      }
      expect({ kind, ...counted, rejected }).toEqual({ kind, ...written.summary.expected[kind] });
      expect(counted.duplicates).toBeGreaterThan(0);
    }
  });

  function monthBefore(businessDate: string | undefined): string {
    const year = Number(businessDate?.slice(0, 4));
    const month = Number(businessDate?.slice(4, 6));
    return month === 1 ? `${year - 1}12` : `${year}${String(month - 1).padStart(2, '0')}`;
  }

  it('keeps every file far below the share of faults that would make it bad as a whole', () => {
    for (const { name, expected } of written.files) {
      const faults = expected.records - expected.accepted - expected.duplicates;
      expect({ name, isBad: faults > 0.01 * expected.records }).toEqual({ name, isBad: false });
      const { accepted, duplicates, unknownAccount, rejected } = expected;
      const parts = Object.values(rejected).reduce((sum, count) => sum + count, accepted + duplicates + unknownAccount);
      expect(parts).toBe(expected.records);
    }
  });

  it('sends no record later than 62 days', () => {
    for (const { kind, file } of read) {
      if (kind !== 'USG') continue;
      const oldest = Date.parse(file.header[6] ?? '') - 62 * 86_400_000;
      expect(Date.parse(file.trailer[5] ?? '')).toBeGreaterThan(oldest);
      expect(Date.parse(file.trailer[6] ?? '')).toBeLessThan(Date.parse(file.header[6] ?? ''));
    }
  });

  it('has one customer in twenty give about a third of the revenue', () => {
    const spend = new Map<string, number>();
    for (const bill of currentOf('BIL').values()) {
      spend.set(bill[2] ?? '', (spend.get(bill[2] ?? '') ?? 0) + whole(bill[15]));
    }
    const sorted = [...spend.values()].toSorted((a, b) => b - a);
    const total = sorted.reduce((sum, fen) => sum + fen, 0);
    const top = sorted.slice(0, Math.round(CUSTOMERS * 0.05)).reduce((sum, fen) => sum + fen, 0);
    expect(spend.size).toBe(CUSTOMERS);
    expect(top / total).toBeGreaterThan(0.3);
    expect(top / total).toBeLessThan(0.4);
  });

  it('spends less at Spring Festival and more in summer', () => {
    const byCycle = new Map<string, { fen: number; bills: number }>();
    for (const bill of currentOf('BIL').values()) {
      const cycle = byCycle.get(bill[4] ?? '') ?? { fen: 0, bills: 0 };
      byCycle.set(bill[4] ?? '', { fen: cycle.fen + whole(bill[15]), bills: cycle.bills + 1 });
    }
    const mean = (cycle: string): number => (byCycle.get(cycle)?.fen ?? 0) / (byCycle.get(cycle)?.bills ?? 1);
    expect(mean('202502')).toBeLessThan(0.95 * mean('202504'));
    expect(mean('202508')).toBeGreaterThan(1.05 * mean('202504'));
  });

  it('adds up: the facts of the summary are those of the files', () => {
    const sum = (kind: FileKind, value: (record: readonly string[]) => number): number =>
      [...currentOf(kind).values()].reduce((total, record) => total + value(record), 0);
    expect({
      bills: currentOf('BIL').size,
      payableFen: sum('BIL', (r) => whole(r[15])),
      netSpendFen: sum('BIL', (r) => whole(r[15]) - whole(r[11])),
      usageFeeFen: sum('USG', (r) => (r[18] === 'CANCEL' ? 0 : whole(r[11]))),
      paidFen: sum('PAY', (r) => (r[9] === 'CANCEL' ? 0 : whole(r[5]))),
    }).toEqual(written.summary.facts);
  });

  it('[USG-05] says at each end of a month what of the bills was due and not paid, and once that it was settled', () => {
    const paidAt = new Map([...currentOf('PAY').values()].map((r) => [r[8] ?? '', r[4]?.slice(0, 10) ?? '']));
    const ends = [...new Set(read.map(({ file }) => file.header[4] ?? ''))].map(
      (day) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`,
    );
    const expected: string[] = [];
    for (const [billNo, bill] of currentOf('BIL')) {
      const openFen = whole(bill[17]);
      let wasOpen = false;
      for (const end of ends.filter((day) => day > (bill[18] ?? '')).toSorted()) {
        const isOpen = openFen > 0 && !((paidAt.get(billNo) ?? '9') < end);
        if (isOpen || wasOpen) expected.push(`${billNo} ${end} ${isOpen ? openFen : 0}`);
        wasOpen = isOpen;
      }
    }
    const said = [...currentOf('ARR').values()].map((r) => `${r[5]} ${r[2]} ${r[8]}`);
    expect(said.toSorted()).toEqual(expected.toSorted());
    expect(said.length).toBeGreaterThan(100);
    expect(recordsOf('ARR').some((r) => r[10] === 'WRITTEN_OFF')).toBe(true);
    expect(recordsOf('ARR').some((r) => r[10] === 'DISPUTED')).toBe(true);
  });

  it('lets about 1.2% of the customers leave every month, some with signs and some without', () => {
    const { departed, departedByMonth, signs, inNetworkAtStart, newcomers } = written.summary;
    const left = [...currentOf('SUB').values()].filter((r) => r[13] === 'TERMINATED' && r[17] !== 'SECONDARY');
    expect(left).toHaveLength(departed);
    expect(departedByMonth.reduce((sum, n) => sum + n, 0)).toBe(departed);
    const rate = departed / MONTHS / (inNetworkAtStart + newcomers / 2);
    expect(rate).toBeGreaterThan(0.009);
    expect(rate).toBeLessThan(0.015);
    expect(signs.beforeLeaving).toBeLessThan(departed);
    expect(signs.beforeLeaving).toBeGreaterThan(departed / 2);
    expect(signs.aboutToLeave).toBeGreaterThan(0);
    expect(signs.falseAlarms).toBeGreaterThan(0);
  });

  it('shows the signs that it counts', () => {
    const usage = [...currentOf('USG').values()];
    const accountsWith = (isSign: (record: readonly string[]) => boolean): number =>
      new Set(usage.filter(isSign).map((r) => r[4])).size;
    expect(accountsWith((r) => r[7] === 'HOTLINE_RIVAL' && whole(r[10]) > 1)).toBe(written.summary.shown.rivalHotline);
    expect(accountsWith((r) => r[7] === 'MNP_QUERY')).toBe(written.summary.shown.portingQuery);
    expect(accountsWith((r) => r[7] === 'MNP_CODE')).toBe(written.summary.shown.portingCode);
    expect(accountsWith((r) => r[15] === '1')).toBe(written.summary.shown.forwardsAway);

    const kindsByMonth = new Map<string, Set<string>>();
    for (const bill of currentOf('BIL').values()) kindsByMonth.set(`${bill[2]} ${bill[4]}`, new Set());
    for (const record of usage) kindsByMonth.get(`${record[4]} ${record[17]}`)?.add(record[6] ?? '');
    const silent = new Set([...kindsByMonth].filter(([, kinds]) => kinds.size === 0).map(([key]) => key.split(' ')[0]));
    const textOnly = [...kindsByMonth].filter(([, kinds]) => kinds.size === 1 && kinds.has('SMS'));
    expect(silent.size).toBe(written.summary.shown.tripleZero);
    expect(new Set(textOnly.map(([key]) => key.split(' ')[0])).size).toBe(written.summary.shown.doubleZero);
  });

  it('plants net spends exactly on the borders of the level rules', () => {
    const netSpend = new Map<string, number>();
    for (const bill of currentOf('BIL').values()) {
      if (!bill[4]?.startsWith('2025')) continue;
      netSpend.set(bill[2] ?? '', (netSpend.get(bill[2] ?? '') ?? 0) + whole(bill[15]) - whole(bill[11]));
    }
    const activated = new Map([...currentOf('SUB').values()].map((r) => [r[3], r[12]]));
    expect(written.summary.borderCases.length).toBeGreaterThan(15);
    for (const border of written.summary.borderCases) {
      expect({ why: border.why, fen: netSpend.get(border.accountNo) }).toEqual({
        why: border.why,
        fen: border.netSpend2025Fen,
      });
      expect(activated.get(border.accountNo)).toBe(border.activatedOn);
    }
  });

  it('gives every number to one account only, and says of each number rising versions', () => {
    const accountOf = new Map<string, string>();
    const last = new Map<string, number>();
    const wrong: (readonly string[])[] = [];
    for (const record of currentOf('SUB').values()) {
      const [, , , account = '', number = ''] = record;
      if ((accountOf.get(number) ?? account) !== account) wrong.push(record);
      if (whole(record[22]) !== (last.get(number) ?? 0) + 1) wrong.push(record);
      accountOf.set(number, account);
      last.set(number, whole(record[22]));
    }
    expect(wrong).toEqual([]);
    expect(accountOf.size).toBe(CUSTOMERS + written.summary.secondarySims);
  });

  it('bills nobody before joining or after leaving', () => {
    const activated = new Map(
      [...currentOf('SUB').values()].map((r) => [r[3], (r[12] ?? '').slice(0, 7).replace('-', '')]),
    );
    const left = new Map(
      [...currentOf('SUB').values()]
        .filter((r) => r[13] === 'TERMINATED')
        .map((r) => [r[3], (r[14] ?? '').slice(0, 7).replace('-', '')]),
    );
    const wrong = [...currentOf('BIL').values()].filter((bill) => {
      const cycle = bill[4] ?? '';
      return cycle < (activated.get(bill[2]) ?? '') || cycle > (left.get(bill[2]) ?? '999999');
    });
    expect(wrong).toEqual([]);
  });
});
