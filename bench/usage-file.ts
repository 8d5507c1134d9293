import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';

export interface Line {
  readonly text: string;
  readonly at: string;
  readonly feeFen: number;
  readonly minutes: number;
  readonly volumeKb: number;
}

const msisdnOf = (customer: number): string => String(13_800_000_000 + customer);
const accountOf = (customer: number): string => `A${customer}`;

/** An archive for each of so many customers. */
export function* subscriptionLines(customers: number): Generator<Line> {
  for (let customer = 0; customer < customers; customer++) {
    const at = '2025-01-01T00:00:00+08:00';
    const text =
      `D|S${customer}|${at}|${accountOf(customer)}|${msisdnOf(customer)}|||||GOTONE|440000||2018-03-01|ACTIVE|${at}` +
      `|T59|5900|MAIN||1||NEW|1\n`;
    yield { text, at, feeFen: 0, minutes: 0, volumeKb: 0 };
  }
}

/** A month's usage in no order of customers, as billing writes it; the same lines each time. */
export function* usageLines(records: number, customers: number, month = '2025-01'): Generator<Line> {
  const types = ['VOICE_MO', 'VOICE_MT', 'SMS', 'DATA', 'DATA', 'VOICE_MO', 'VOICE_MT', 'DATA', 'ROAM', 'VAS'];
  const parties = ['ON_NET', 'OFF_NET_CU', 'OFF_NET_CT', 'FIXED', 'HOTLINE_RIVAL', 'ON_NET', 'ON_NET'];
  let seed = 20250131;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
  const cycle = month.replace('-', '');
  for (let n = 0; n < records; n++) {
    const customer = random(customers);
    const type = types[random(types.length)] ?? 'SMS';
    const isVoice = type.startsWith('VOICE');
    const seconds = isVoice ? random(1800) : 0;
    const volumeKb = type === 'DATA' || type === 'ROAM' ? random(500_000) : 0;
    const feeFen = random(300);
    const at = `${month}-${two(1 + random(days))}T${two(random(24))}:${two(random(60))}:${two(random(60))}+08:00`;
    const text =
      `D|U${cycle}${String(n).padStart(8, '0')}|${at}|${msisdnOf(customer)}|${accountOf(customer)}|4600012345${10_000 + (customer % 90_000)}` +
      `|${type}|${isVoice ? parties[random(parties.length)] : 'NONE'}|${seconds}|${volumeKb}|1|${feeFen}|${Math.floor(feeFen / 17)}` +
      `|440000|${type === 'ROAM' ? '310000' : ''}|${isVoice ? random(2) : ''}|T${59 + (customer % 10)}|${cycle}|NEW||1\n`;
    yield { text, at, feeFen, minutes: Math.ceil(seconds / 60), volumeKb };
  }
}

interface Wanted {
  readonly kind: 'SUB' | 'USG';
  readonly sequence?: number;
  /** `YYYY-MM-DD`; the file is of its small hours. */
  readonly day?: string;
}

/** Writes a gzip file of the contract and answers its path. */
export async function writeBossFile(
  directory: string,
  { kind, sequence = 1, day = '2025-02-01' }: Wanted,
  lines: Iterable<Line>,
): Promise<string> {
  const date = day.replaceAll('-', '');
  const path = join(directory, `${kind}_BOSS_440000_${date}_${String(sequence).padStart(6, '0')}_01.csv.gz`);
  const gzip = createGzip({ level: 1 });
  const disk = createWriteStream(path);
  gzip.pipe(disk);
  const hash = createHash('sha256');
  gzip.write(`H|01|BOSS|440000|${date}|${sequence}|${day}T02:00:00+08:00|\n`);
  const total = { records: 0, feeFen: 0, minutes: 0, volumeKb: 0, first: '', last: '' };
  let block: string[] = [];
  for (const { text, at, feeFen, minutes, volumeKb } of lines) {
    total.records++;
    total.feeFen += feeFen;
    total.minutes += minutes;
    total.volumeKb += volumeKb;
    if (!total.first || at < total.first) total.first = at;
    if (at > total.last) total.last = at;
    if (block.push(text) === 2000) {
      await write(gzip, hash, block.join(''));
      block = [];
    }
  }
  await write(gzip, hash, block.join(''));
  const sums = [total.records, total.feeFen, total.minutes, total.volumeKb, total.first, total.last];
  gzip.end(`T|${sums.join('|')}|${hash.digest('hex')}\n`);
  await finished(disk);
  return path;
}

async function write(gzip: Gzip, hash: ReturnType<typeof createHash>, text: string): Promise<void> {
  hash.update(text);
  if (!gzip.write(text)) await once(gzip, 'drain');
}
