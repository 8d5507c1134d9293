import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { Say } from './application.js';

/** What the intake answered to a file, as its API says it. */
export interface FileAnswer {
  readonly state: 'OK' | 'PARTIAL' | 'BAD';
  readonly counts: Readonly<Record<'received' | 'loaded' | 'duplicate' | 'rejected' | 'held', number>>;
  /** The file was known already: this is the answer that was stored then. */
  readonly isRepeat: boolean;
}

export interface PushTotals {
  readonly files: number;
  readonly received: number;
  readonly loaded: number;
  /** Of the loaded: by this push. The rest was there already. */
  readonly newlyLoaded: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly held: number;
}

/**
 * Pushes BOSS files over HTTP in the given order, as a billing system does. Files that the intake knows are answered
 * from its memory, so an interrupted push is simply started again.
 */
export async function pushFiles(
  target: { readonly address: string; readonly apiKey: string },
  paths: readonly string[],
  say: Say,
): Promise<PushTotals> {
  const totals = { files: 0, received: 0, loaded: 0, newlyLoaded: 0, duplicate: 0, rejected: 0, held: 0 };
  let said = Date.now();
  for (const path of paths) {
    const { counts, isRepeat } = await push(target, path);
    totals.files += 1;
    totals.received += counts.received;
    totals.loaded += counts.loaded;
    if (!isRepeat) totals.newlyLoaded += counts.loaded;
    totals.duplicate += counts.duplicate;
    totals.rejected += counts.rejected;
    totals.held += counts.held;
    if (Date.now() - said > 2000) {
      said = Date.now();
      say(`  file ${totals.files} of ${paths.length}, ${totals.received.toLocaleString('en')} records`);
    }
  }
  return totals;
}

async function push({ address, apiKey }: { address: string; apiKey: string }, path: string): Promise<FileAnswer> {
  const name = basename(path);
  const response = await fetch(`${address}/care-api/intake/v1/file?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': name.endsWith('.gz') ? 'application/gzip' : 'text/csv' },
    body: Readable.toWeb(createReadStream(path)) as ReadableStream,
    duplex: 'half',
  });
  const body = (await response.json()) as FileAnswer & { message?: string };
  if (!response.ok) throw new Error(`${name} was not taken (${response.status}): ${body.message ?? ''}`);
  if (body.state === 'BAD') throw new Error(`${name} was refused as a whole; see its answer file`);
  return body;
}
