import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { aUsage, usageText, usageTotals, type UsageLine } from '../../modules/usage/support/boss-file.js';
import { Chance } from './billing-history.js';

/** What the receiver must say of a file. */
export interface Verdict {
  readonly state: 'OK' | 'PARTIAL' | 'BAD';
  /** Of the whole file when it is BAD, else of the refused lines. */
  readonly code?: string;
  readonly rejected?: number;
  readonly duplicate?: number;
}

export interface Damage {
  readonly what: string;
  readonly body: Buffer;
  readonly verdict: Verdict;
}

export const RECORDS = 2000;
const DATE = '20250201';

export interface Good {
  readonly source: string;
  readonly sequence: number;
  readonly msisdn: string;
}

export const nameOf = ({ source, sequence }: Good): string =>
  `USG_${source}_440000_${DATE}_${String(sequence).padStart(6, '0')}_01.csv.gz`;

/** The parts of a file, to be damaged one by one and put together again. */
interface Parts {
  readonly header: string;
  readonly lines: readonly string[];
  readonly records: readonly UsageLine[];
}

const partsOf = ({ source, sequence, msisdn }: Good): Parts => {
  const records = Array.from({ length: RECORDS }, (_, n) =>
    aUsage({
      recordId: `${source}-${String(n).padStart(6, '0')}`,
      msisdn,
      eventTime: `2025-01-${String(1 + (n % 31)).padStart(2, '0')}T10:00:00+08:00`,
      durationSec: n % 300,
    }),
  );
  const header = `H|01|${source}|440000|${DATE}|${sequence}|2025-02-01T02:00:00+08:00|${RECORDS}`;
  return { header, lines: records.map(usageText), records };
};

const put = (header: string, body: Buffer | string, trailer: string): Buffer =>
  Buffer.concat([Buffer.from(`${header}\n`), Buffer.from(body), Buffer.from(`${trailer}\n`)]);

const shaOf = (body: Buffer | string): string => createHash('sha256').update(body).digest('hex');
const bodyOf = (lines: readonly string[], end = '\n'): string => lines.map((line) => line + end).join('');

function trailerOf(
  records: readonly UsageLine[],
  body: Buffer | string,
  change: Readonly<Record<number, string>> = {},
): string {
  const t = usageTotals(records);
  const fields = ['T', t.count, t.fee, t.minutes, t.kb, t.first, t.last, shaOf(body)].map(String);
  return fields.map((field, n) => change[n] ?? field).join('|');
}

/** The good file itself. */
export function goodFile(good: Good): Buffer {
  const { header, lines, records } = partsOf(good);
  const body = bodyOf(lines);
  return put(header, body, trailerOf(records, body));
}

/**
 * A hundred ways in which a file may be damaged: on its way, by its writer, or on purpose. Each is the good file but for one thing.
 * Where its writer signed what is wrong with a right trailer, only the lines are to blame.
 */
export function damagesOf(good: Good, chance: Chance): readonly Damage[] {
  const { header, lines, records } = partsOf(good);
  const body = bodyOf(lines);
  const trailer = trailerOf(records, body);
  const whole = put(header, body, trailer);
  const packed = gzipSync(whole);
  const damages: Damage[] = [];
  const bad = (what: string, code: string, bytes: Buffer): void =>
    void damages.push({ what, body: bytes, verdict: { state: 'BAD', code } });

  const bodyFrom = header.length + 1;
  const bodyTo = bodyFrom + body.length;
  for (let n = 0; n < 12; n++) {
    const at = bodyFrom + 200 + chance.below(body.length - 400);
    const isLineEnd = whole[at - 1] === 0x0a;
    const isHalfType = whole[at - 2] === 0x0a && !isLineEnd;
    bad(`cut off after byte ${at}`, isHalfType ? 'E_FORMAT' : 'E_COUNT', whole.subarray(0, at));
  }
  bad('cut off within the header', 'E_FORMAT', whole.subarray(0, 20));
  bad('cut off after the header', 'E_COUNT', whole.subarray(0, bodyFrom));
  bad('cut off within the trailer', 'E_FORMAT', whole.subarray(0, whole.length - 30));
  for (let n = 0; n < 8; n++) {
    const at = 20 + chance.below(packed.length - 30);
    bad(`gzip cut off after byte ${at}`, 'E_CHECKSUM', packed.subarray(0, at));
  }
  bad('gzip whose own checksum is wrong', 'E_CHECKSUM', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8, 7)]));
  bad(
    'gzip with zeros in the middle',
    'E_CHECKSUM',
    Buffer.concat([packed.subarray(0, 3000), Buffer.alloc(500), packed.subarray(3500)]),
  );
  bad('gzip in gzip', 'E_FORMAT', gzipSync(packed));
  bad('gzip with something after it', 'E_CHECKSUM', Buffer.concat([packed, Buffer.from('something')]));

  for (const [field, value, what] of [
    [1, String(RECORDS - 1), 'one record fewer'], [1, String(RECORDS + 1), 'one record more'], [1, '0', 'no record'],
    [2, '1', 'another sum of fees'], [3, '1', 'another sum of minutes'], [4, '1', 'another sum of volumes'],
    [5, '2025-01-01T10:00:01+08:00', 'another first time'], [6, '2025-01-31T10:00:01+08:00', 'another last time'], [5, '', 'no first time'],
  ] as const) bad(`a trailer that says: ${what}`, 'E_COUNT', put(header, body, trailerOf(records, body, { [field]: value }))); // prettier-ignore
  for (const [field, value, what] of [
    [1, '', 'no count'], [1, '-1', 'a negative count'], [1, '2e3', 'a count that is no number'], [2, '12.5', 'half a fen'],
    [5, 'yesterday', 'a time that is none'], [7, 'abc', 'a checksum that is none'],
  ] as const) bad(`a trailer with ${what}`, 'E_FORMAT', put(header, body, trailerOf(records, body, { [field]: value }))); // prettier-ignore
  bad(
    'a trailer with another checksum',
    'E_CHECKSUM',
    put(header, body, trailerOf(records, body, { 7: '0'.repeat(64) })),
  );
  bad('a trailer of seven fields', 'E_FORMAT', put(header, body, trailer.slice(0, trailer.lastIndexOf('|'))));
  bad('a trailer twice', 'E_FORMAT', put(header, body, `${trailer}\n${trailer}`));
  bad('a record after the trailer', 'E_FORMAT', put(header, body, `${trailer}\n${lines[0] ?? ''}`));
  bad(
    'a trailer in the middle',
    'E_FORMAT',
    put(header, bodyOf([...lines.slice(0, 900), trailer, ...lines.slice(900)]), trailer),
  );

  for (const [what, wrong] of [
    ['another source', header.replace(good.source, 'OTHER')], ['another province', header.replace('440000', '450000')],
    ['another day', header.replace(DATE, '20250202')], ['another sequence', header.replace(`|${good.sequence}|`, '|9999|')],
    ['a version that nobody knows', header.replace('H|01', 'H|99')], ['no time of making', header.replace('2025-02-01T02:00:00+08:00', '')],
    ['too few fields', header.slice(0, header.lastIndexOf('|'))], ['a byte order mark', `\ufeff${header}`], ['a small letter', header.replace('H', 'h')],
  ] as const) bad(`a header with ${what}`, 'E_FORMAT', put(wrong, body, trailer)); // prettier-ignore
  bad('no header', 'E_FORMAT', whole.subarray(bodyFrom));
  bad('a header twice', 'E_FORMAT', put(`${header}\n${header}`, body, trailer));

  for (let n = 0; n < 10; n++) {
    // A digit within a value: the line still looks right.
    let at = bodyFrom + chance.below(body.length);
    while ((whole[at] ?? 0) < 0x30 || (whole[at] ?? 0) > 0x39) at = at + 1 < bodyTo ? at + 1 : bodyFrom;
    const changed = Buffer.from(whole);
    changed[at] = whole[at] === 0x39 ? 0x30 : (whole[at] ?? 0) + 1;
    bad(`one digit changed at byte ${at}`, 'E_CHECKSUM', changed);
  }
  const without = (nth: number): string[] => lines.filter((_, n) => n !== nth);
  bad('one record lost on the way', 'E_COUNT', put(header, bodyOf(without(777)), trailer));
  bad(
    'two records in another order',
    'E_CHECKSUM',
    put(header, bodyOf([lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)]), trailer),
  );
  bad(
    'a line of no known type',
    'E_FORMAT',
    put(header, bodyOf([...lines.slice(0, 5), 'X|1|2', ...lines.slice(5)]), trailer),
  );
  bad('a line without end', 'E_FORMAT', put(header, `D|${'9'.repeat(1_000_000)}\n${body}`, trailer));
  bad('an empty file', 'E_FORMAT', Buffer.alloc(0));
  bad('a single zero', 'E_FORMAT', Buffer.alloc(1));
  bad('zeros', 'E_FORMAT', Buffer.alloc(100_000));
  bad('noise', 'E_FORMAT', Buffer.from(Array.from({ length: 50_000 }, () => 0x41 + chance.below(60))));
  bad('a page of HTML', 'E_FORMAT', Buffer.from('<!doctype html><title>504</title>'));
  bad('UTF-16', 'E_FORMAT', Buffer.from(whole.toString('latin1'), 'utf16le'));
  bad('a tabulator between fields', 'E_FORMAT', Buffer.from(whole.toString('latin1').replaceAll('|', '\t')));
  bad('old Macintosh line ends', 'E_FORMAT', Buffer.from(whole.toString('latin1').replaceAll('\n', '\r')));
  bad('a bomb of zeros', 'E_FORMAT', gzipSync(Buffer.alloc(300_000_000)));

  const signed = (
    what: string,
    changed: readonly string[],
    verdict: Verdict,
    end?: string,
    of: readonly UsageLine[] = records,
  ): void => {
    const text = bodyOf(changed, end);
    damages.push({ what, body: put(header, text, trailerOf(of, text)), verdict });
  };
  const swapped = (line: string): string => {
    const fields = line.split('|');
    [fields[6], fields[7]] = [fields[7] ?? '', fields[6] ?? ''];
    return fields.join('|');
  };
  const spoilt = (share: number): string[] => lines.map((line, n) => (n % 1000 < share * 1000 ? swapped(line) : line));
  signed(
    'swapped columns throughout',
    lines.map(swapped),
    { state: 'BAD', code: 'E_FORMAT' },
    '\n',
    records.map((r) => ({ ...r, eventType: 'X' })),
  );
  const countedAs = (share: number): UsageLine[] =>
    records.map((r, n) => (n % 1000 < share * 1000 ? { ...r, eventType: 'X' } : r));
  signed('three in a hundred records wrong', spoilt(0.03), { state: 'BAD', code: 'E_FORMAT' }, '\n', countedAs(0.03));
  const ONE_IN_A_HUNDRED = 20;
  signed(
    'one in a hundred records wrong',
    spoilt(0.01),
    { state: 'PARTIAL', code: 'E_FORMAT', rejected: ONE_IN_A_HUNDRED },
    '\n',
    countedAs(0.01),
  );
  return damages;
}

/** One line with one wrong value, signed with a right trailer: that record alone is refused. */
export const WRONG_VALUES: readonly (readonly [what: string, field: number, value: string, code: string])[] = [
  ['a number of ten digits', 3, '1380000000', 'E_MSISDN'],
  ['a fixed line', 3, '02012345678', 'E_MSISDN'],
  ['no number', 3, '', 'E_MSISDN'],
  ['the thirtieth of February', 2, '2025-02-30T10:00:00+08:00', 'E_DATE'],
  ['an hour 24', 2, '2025-01-31T24:00:00+08:00', 'E_DATE'],
  ['a time without offset', 2, '2025-01-31T10:00:00', 'E_DATE'],
  ['a time that is none', 2, 'now', 'E_DATE'],
  ['a month 13 as cycle', 17, '202513', 'E_DATE'],
  ['half a fen', 11, '12.5', 'E_AMOUNT'],
  ['an amount in words', 11, 'twelve', 'E_AMOUNT'],
  ['an amount beyond all money', 11, '99999999999999999999', 'E_AMOUNT'],
  ['an amount below zero', 11, '-5', 'E_AMOUNT'],
  ['a duration below zero', 8, '-1', 'E_FORMAT'],
  ['a duration beyond a life', 8, '99999999999', 'E_FORMAT'],
  ['a volume in megabytes', 9, '12M', 'E_FORMAT'],
  ['no event at all', 10, '0', 'E_FORMAT'],
  ['an unknown event type', 6, 'TELEX', 'E_FORMAT'],
  ['an unknown counterparty class', 7, 'OFFNET', 'E_FORMAT'],
  ['an unknown operation', 18, 'DELETE', 'E_FORMAT'],
  ['a correction of nothing', 18, 'CORRECT', 'E_REF'],
  ['a reference where none may be', 19, 'U-1', 'E_REF'],
  ['version 0', 20, '0', 'E_FORMAT'],
  ['version 2 of what is new', 20, '2', 'E_REF'],
  ['an id with a space', 1, 'U 1', 'E_FORMAT'],
  ['an id of 65 characters', 1, 'U'.repeat(65), 'E_FORMAT'],
  ['no id', 1, '', 'E_FORMAT'],
];

/** A file of 200 records, of which the middle one has one wrong value. */
export function fileWithOneWrongValue(good: Good, field: number, value: string): Buffer {
  const { lines, records } = partsOf(good);
  const wanted = lines.slice(0, 200);
  const fields = (wanted[100] ?? '').split('|');
  fields[field] = value;
  wanted[100] = fields.join('|');
  const body = bodyOf(wanted);
  const header = `H|01|${good.source}|440000|${DATE}|${good.sequence}|2025-02-01T02:00:00+08:00|200`;
  // What is no number counts nothing in the sums, what is no time has none.
  const counted = records.slice(0, 200).map((record, n): UsageLine => {
    if (n !== 100) return record;
    const figure = (text: string): number => (/^-?\d{1,15}$/.test(text) ? Number(text) : 0);
    return {
      ...record,
      ...(field === 2 && { eventTime: '' }),
      ...(field === 11 && { feeFen: figure(value) }),
      ...(field === 8 && { durationSec: figure(value) }),
      ...(field === 9 && { volumeKB: figure(value) }),
      ...(field === 6 && { eventType: value }),
    };
  });
  const t = usageTotals(counted);
  const times = counted
    .map(({ eventTime }) => eventTime)
    .filter((time) => time !== '')
    .sort();
  return put(header, body, ['T', 200, t.fee, t.minutes, t.kb, times[0], times.at(-1), shaOf(body)].join('|'));
}
