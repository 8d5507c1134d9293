import { createHash } from 'node:crypto';

/** One record as billing says it; {@link textOf} makes the line for one source. */
export interface Said {
  readonly kind: 'SUB' | 'USG' | 'BIL' | 'PAY';
  readonly history: number;
  /** The person's number within a history; the digits differ from source to source. */
  readonly person: number;
  readonly fields: (msisdn: string) => readonly (string | number)[];
  readonly time: number;
  readonly feeFen: number;
  readonly minutes: number;
  readonly volumeKb: number;
}

/** Seeded (mulberry32): the same seed tells the same histories. */
export class Chance {
  constructor(private state: number) {}

  below(n: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  }

  is(probability: number): boolean {
    return this.below(1_000_000) < probability * 1_000_000;
  }

  of<T>(list: readonly T[]): T {
    const found = list[this.below(list.length)];
    if (found === undefined) throw new Error('Nothing to choose from');
    return found;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const copy = [...list];
    for (let at = copy.length - 1; at > 0; at--) {
      const other = this.below(at + 1);
      const [a, b] = [copy[at] as T, copy[other] as T];
      copy[at] = b;
      copy[other] = a;
    }
    return copy;
  }
}

const DAY = 86_400_000;
const SHANGHAI = 8 * 3_600_000;

/** As billing writes instants: Shanghai's wall clock with its offset. */
export const instant = (epochMs: number): string => `${new Date(epochMs + SHANGHAI).toISOString().slice(0, 19)}+08:00`;
const dayOf = (epochMs: number): string => instant(epochMs).slice(0, 10);
const monthOf = (epochMs: number): string => dayOf(epochMs).slice(0, 7).replace('-', '');

const USED = ['VOICE_MO', 'VOICE_MT', 'SMS', 'DATA', 'ROAM', 'VAS'] as const;
const PARTIES = ['ON_NET', 'OFF_NET_CU', 'OFF_NET_CB', 'HOTLINE_RIVAL', 'MNP_QUERY'] as const;

/**
 * What billing says in two months about two subscribers and a number that nobody has: news, corrections under the same or another
 * id, cancellations, records that are too old, of tomorrow's tomorrow or wrong, bills in versions, payments and their reversals.
 * No two contents under one identity: of those the first stands, and that is the one thing which depends on the order of arrival.
 */
export function billingHistory(history: number, chance: Chance, now: number): readonly Said[] {
  const said: Said[] = [];
  const firstOfMonth = Date.parse(`${dayOf(now).slice(0, 7)}-01T00:00:00+08:00`);
  const lastMonth = Date.parse(`${dayOf(firstOfMonth - DAY).slice(0, 7)}-01T00:00:00+08:00`);
  const account = (person: number): string => `H${history}P${person}`;
  const add = (
    kind: Said['kind'],
    person: number,
    time: number,
    fields: Said['fields'],
    sums: Partial<Pick<Said, 'feeFen' | 'minutes' | 'volumeKb'>> = {},
  ): void => void said.push({ kind, history, person, time, fields, feeFen: 0, minutes: 0, volumeKb: 0, ...sums });

  for (const person of [0, 1]) {
    const statuses = [
      'ACTIVE',
      ...chance.shuffled(['SUSPENDED_TWO_WAY', 'ACTIVE', 'SUSPENDED_ONE_WAY']).slice(chance.below(4)),
    ];
    statuses.forEach((status, nth) => {
      const at = lastMonth + nth * 3 * DAY + chance.below(DAY);
      add('SUB', person, at, (msisdn) => [
        `S${history}-${person}-${nth}`, instant(at), account(person), msisdn, '', '', '', '', 'GOTONE', '440000', '440100',
        '2018-03-01', status, instant(at), `T${nth}`, 5900 + nth, 'MAIN', '', 1, '', 'NEW', nth + 1,
      ]); // prettier-ignore
    });
  }

  const usage = (
    id: string,
    person: number,
    time: number,
    operation: string,
    ref: string,
    version: number,
    isBad: boolean,
  ): void => {
    const type = chance.of(USED);
    const isVoice = type.startsWith('VOICE');
    const seconds = isVoice ? chance.below(4000) : 0;
    const volumeKb = type === 'DATA' || type === 'ROAM' ? chance.below(9999) : 0;
    const feeFen = chance.below(500);
    const party = isVoice ? chance.of(PARTIES) : 'NONE';
    const withAccount = person < 2 && chance.is(0.5);
    const minutes = isVoice ? Math.ceil(seconds / 60) : 0;
    add('USG', person, time, (msisdn) => [
      id, instant(time), msisdn, withAccount ? account(person) : '', '', isBad ? 'TELEX' : type, party, seconds, volumeKb, 1, feeFen,
      0, '440000', type === 'ROAM' ? '310000' : '', isVoice ? 0 : '', 'T1', monthOf(time), operation, ref, version,
    ], { feeFen, minutes: isBad ? 0 : minutes, volumeKb }); // prettier-ignore
  };
  for (let n = 4 + chance.below(6); n > 0; n--) {
    const id = `U${history}-${n}`;
    const person = chance.is(0.1) ? 2 : chance.below(2);
    const time = chance.is(0.08)
      ? now - 100 * DAY
      : chance.is(0.08)
        ? now + 3 * DAY
        : lastMonth + chance.below(now - lastMonth);
    const isBad = chance.is(0.05);
    usage(id, person, time, 'NEW', '', 1, isBad);
    if (isBad) continue;
    for (let version = 2; version <= 3 && chance.is(0.4); version++) {
      const changed = chance.is(0.7) ? id : `${id}c${version}`;
      usage(
        changed,
        person,
        lastMonth + chance.below(now - lastMonth),
        chance.is(0.3) ? 'CANCEL' : 'CORRECT',
        id,
        version,
        false,
      );
    }
  }

  for (const [person, cycle] of [
    [0, lastMonth],
    [1, lastMonth],
    [0, lastMonth - DAY],
  ] as const) {
    for (let version = 1; version <= 3 && (version === 1 || chance.is(0.4)); version++) {
      const [fee, voice, others] = [chance.below(20_000), chance.below(9000), chance.below(2000)];
      const [id, issuedAt] = [`B${history}-${person}-${monthOf(cycle)}`, firstOfMonth + version * 3_600_000];
      const payable = fee + voice + others;
      add('BIL', person, issuedAt, (msisdn) => [
        id, account(person), msisdn, monthOf(cycle), fee, voice, 0, 0, 0, 0, others, 0, 0, 0, payable, 0, payable,
        dayOf(firstOfMonth + 19 * DAY), instant(issuedAt), version, version === 1 ? '' : id,
      ], { feeFen: payable }); // prettier-ignore
    }
  }

  for (let n = chance.below(3); n > 0; n--) {
    const person = chance.below(2);
    const id = `P${history}-${n}`;
    for (let version = 1; version <= 2 && (version === 1 || chance.is(0.4)); version++) {
      const [paidAt, amount] = [lastMonth + chance.below(now - lastMonth), chance.below(30_000)];
      const [isNew, isByOther] = [version === 1, chance.is(0.2)];
      add('PAY', person, paidAt, (msisdn) => [
        id, account(person), msisdn, instant(paidAt), amount, 'WECHAT', isByOther ? 'OTHER' : 'SELF', '',
        isNew ? 'NEW' : 'CANCEL', isNew ? '' : id, version,
      ], { feeFen: amount }); // prettier-ignore
    }
  }
  return said;
}

export interface Sending {
  readonly source: string;
  readonly now: number;
  readonly msisdnOf: (said: Said) => string;
}

export const fieldsOf = (said: Said, { msisdnOf }: Sending): readonly string[] =>
  said.fields(msisdnOf(said)).map(String);

/** A file of the contract with a right trailer. */
export function fileOf(
  kind: Said['kind'],
  sequence: number,
  records: readonly Said[],
  sending: Sending,
): { name: string; text: string } {
  const body = records.map((said) => `D|${fieldsOf(said, sending).join('|')}\n`).join('');
  const day = dayOf(sending.now).replaceAll('-', '');
  const times = records.map(({ time }) => time).sort((a, b) => a - b);
  const [first, last] = [times[0], times.at(-1)].map((time) => (time === undefined ? '' : instant(time)));
  const sum = (of: (said: Said) => number): number => records.reduce((total, said) => total + of(said), 0);
  const sums = [sum((r) => r.feeFen), sum((r) => r.minutes), sum((r) => r.volumeKb)];
  const sha = createHash('sha256').update(body).digest('hex');
  return {
    name: `${kind}_${sending.source}_440000_${day}_${String(sequence).padStart(6, '0')}_01.csv.gz`,
    text:
      `H|01|${sending.source}|440000|${day}|${sequence}|${instant(sending.now)}|${records.length}\n` +
      `${body}T|${[records.length, ...sums, first, last, sha].join('|')}\n`,
  };
}
