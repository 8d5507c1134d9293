import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export interface ReadBossFile {
  readonly header: readonly string[];
  readonly lines: readonly string[];
  readonly records: readonly (readonly string[])[];
  readonly trailer: readonly string[];
  readonly bodySha256: string;
}

/** Reads a contract file the plain way, sharing nothing with the code that writes it. */
export function readBossFile(path: string): ReadBossFile {
  const text = gunzipSync(readFileSync(path)).toString('utf8');
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const all = text.slice(0, -1).split('\n');
  const lines = all.slice(1, -1);
  const body = lines.map((line) => `${line}\n`).join('');
  return {
    header: all[0]?.split('|') ?? [],
    lines,
    records: lines.map((line) => line.split('|')),
    trailer: all.at(-1)?.split('|') ?? [],
    bodySha256: createHash('sha256').update(body).digest('hex'),
  };
}
