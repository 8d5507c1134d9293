import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { LAYOUT } from '../../../../src/modules/usage/domain/field-table.js';

export interface UsageLine {
  readonly recordId: string;
  readonly eventTime: string;
  readonly msisdn: string;
  readonly accountNo: string;
  readonly eventType: string;
  readonly counterpartyClass: string;
  readonly durationSec: number;
  readonly volumeKB: number;
  readonly count: number;
  readonly feeFen: number;
  readonly forwarded: string;
  readonly operation: string;
  readonly refRecordId: string;
  readonly version: number;
}

export const aUsage = (given: Partial<UsageLine> = {}): UsageLine => ({
  recordId: 'U-1',
  eventTime: '2025-01-15T10:00:00+08:00',
  msisdn: '13800000001',
  accountNo: '',
  eventType: 'VOICE_MO',
  counterpartyClass: 'ON_NET',
  durationSec: 61,
  volumeKB: 0,
  count: 1,
  feeFen: 20,
  forwarded: '0',
  operation: 'NEW',
  refRecordId: '',
  version: 1,
  ...given,
});

export const usageText = (u: UsageLine): string =>
  `D|${u.recordId}|${u.eventTime}|${u.msisdn}|${u.accountNo}||${u.eventType}|${u.counterpartyClass}|${u.durationSec}|${u.volumeKB}` +
  `|${u.count}|${u.feeFen}|0|440000||${u.forwarded}|T59|${u.eventTime.slice(0, 4)}${u.eventTime.slice(5, 7)}|${u.operation}` +
  `|${u.refRecordId}|${u.version}`;

interface Totals {
  readonly count: number;
  readonly fee: number;
  readonly minutes: number;
  readonly kb: number;
  readonly first: string;
  readonly last: string;
}

export const usageTotals = (records: readonly UsageLine[]): Totals => {
  const times = records.map(({ eventTime }) => eventTime).sort((a, b) => Date.parse(a) - Date.parse(b));
  const sum = (figure: (u: UsageLine) => number): number => records.reduce((total, u) => total + figure(u), 0);
  return {
    count: records.length,
    fee: sum((u) => u.feeFen),
    minutes: sum((u) => (u.eventType.startsWith('VOICE') ? Math.ceil(u.durationSec / 60) : 0)),
    kb: sum((u) => u.volumeKB),
    first: times[0] ?? '',
    last: times.at(-1) ?? '',
  };
};

export interface FileParts {
  readonly kind?: string;
  readonly source?: string;
  readonly sequence?: number;
  readonly date?: string;
  readonly createdAt?: string;
  readonly lines: readonly string[];
  /** Of format 02. */
  readonly columns?: readonly string[];
  readonly totals?: Partial<Totals>;
}

/** What the trailer adds up: the names of its fee and time in each kind. */
const FEE_AND_TIME: Readonly<Record<string, readonly [string, string]>> = {
  SUB: ['', 'eventTime'], USG: ['feeFen', 'eventTime'], BIL: ['payableFen', 'issuedAt'], PAY: ['amountFen', 'paidAt'],
  ARR: ['arrearsFen', 'snapshotOn'],
}; // prettier-ignore
const NAMES: Readonly<Record<string, readonly string[]>> = {
  SUB: LAYOUT.SUB.names, USG: LAYOUT.USG.names, BIL: LAYOUT.BIL.names, PAY: LAYOUT.PAY.names, ARR: LAYOUT.ARR.names,
}; // prettier-ignore

/** By the words of the contract: a field that is no whole number counts 0, a time that is no time is left out. */
function totalsOf(kind: string, lines: readonly string[], names: readonly string[]): Totals {
  const [fee, time] = FEE_AND_TIME[kind] ?? ['', ''];
  const records = lines.map((line) => new Map(line.split('|').map((value, at) => [names[at - 1] ?? '', value])));
  const whole = (text: string | undefined): number => (/^-?\d{1,15}$/.test(text ?? '') ? Number(text) : 0);
  const sum = (figure: (record: ReadonlyMap<string, string>) => number): number =>
    records.reduce((total, record) => total + figure(record), 0);
  const isCall = (type: string | undefined): boolean => type === 'VOICE_MO' || type === 'VOICE_MT';
  const times = records
    .map((record) => (kind === 'ARR' ? `${record.get(time)}T00:00:00+08:00` : (record.get(time) ?? '')))
    .filter(
      (text) => /T.*(?:Z|[+-]\d\d:\d\d)$/.test(text) && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text)),
    )
    .sort((a, b) => Date.parse(a) - Date.parse(b));
  return {
    count: lines.length,
    fee: sum((record) => whole(record.get(fee))),
    minutes:
      kind === 'USG' ? sum((r) => (isCall(r.get('eventType')) ? Math.ceil(whole(r.get('durationSec')) / 60) : 0)) : 0,
    kb: kind === 'USG' ? sum((record) => whole(record.get('volumeKB'))) : 0,
    first: times[0] ?? '',
    last: times.at(-1) ?? '',
  };
}

const isDay = (text: string): boolean => {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
};

/** The text of a file of the contract, with a right trailer unless `totals` says otherwise. */
export function fileText({
  kind = 'USG',
  source = 'BOSS',
  sequence = 1,
  date = '20250201',
  createdAt,
  lines,
  columns,
  totals,
}: FileParts): {
  readonly name: string;
  readonly text: string;
} {
  const body = lines.map((line) => `${line}\n`).join('');
  const t = { ...totalsOf(kind, lines, columns ?? NAMES[kind] ?? []), ...totals };
  const sha = createHash('sha256').update(body).digest('hex');
  const version = columns ? '02' : '01';
  const day = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;
  return {
    name: `${kind}_${source}_440000_${date}_${String(sequence).padStart(6, '0')}_${version}.csv.gz`,
    text:
      `H|${version}|${source}|440000|${date}|${sequence}|${createdAt ?? `${day}T02:00:00+08:00`}|${lines.length}` +
      `${columns ? `|${columns.join(',')}` : ''}\n` +
      `${body}T|${t.count}|${t.fee}|${t.minutes}|${t.kb}|${t.first}|${t.last}|${sha}\n`,
  };
}

export const usageFile = (
  records: readonly UsageLine[],
  parts: Partial<FileParts> = {},
): { name: string; text: string } => fileText({ ...parts, lines: records.map(usageText) });

export const gzipped = (text: string): Readable => Readable.from([gzipSync(text)]);
export const plain = (text: string): Readable => Readable.from([Buffer.from(text)]);

let gbkBytes: ReadonlyMap<string, readonly number[]> | undefined;

/** Node only reads GBK: what it reads each pair of bytes as, the other way round. */
export function gbk(text: string): Buffer {
  if (!gbkBytes) {
    const decoder = new TextDecoder('gbk');
    const pairs = Array.from({ length: 126 * 190 }, (_, n) => [0x81 + Math.floor(n / 190), 0x40 + (n % 190)]);
    gbkBytes = new Map(pairs.map((pair) => [decoder.decode(Uint8Array.from(pair)), pair]));
  }
  const bytes = gbkBytes;
  return Buffer.from([...text].flatMap((char) => (char < '\x80' ? [char.charCodeAt(0)] : (bytes.get(char) ?? [0x3f]))));
}
