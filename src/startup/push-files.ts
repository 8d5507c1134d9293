import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IssuedApiKey } from '../modules/organization/index.js';
import { signatureOf } from '../platform/identity/index.js';
import type { Say } from './application.js';

interface Target {
  readonly address: string;
  readonly system: Pick<IssuedApiKey, 'apiKeyId' | 'key'>;
  /** `backfill`: what is pushed is history, of which no customer is told. */
  readonly lane?: 'normal' | 'backfill';
}

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
 * Pushes BOSS files over HTTP in the given order, signed, as a billing system does. Files that the intake knows are answered
 * from its memory, so an interrupted push is simply started again.
 */
export async function pushFiles(target: Target, paths: readonly string[], say: Say): Promise<PushTotals> {
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

async function push({ address, system, lane = 'normal' }: Target, path: string): Promise<FileAnswer> {
  const name = basename(path);
  const target = `/care-api/intake/v1/file?name=${encodeURIComponent(name)}&lane=${lane}`;
  const send = async (): Promise<Response> =>
    fetch(address + target, {
      method: 'POST',
      headers: {
        'content-type': name.endsWith('.gz') ? 'application/gzip' : 'text/csv',
        ...(await signature(system, target, path)),
      },
      body: Readable.toWeb(createReadStream(path)) as ReadableStream,
      duplex: 'half',
    });
  let response = await send();
  for (; response.status === 429; response = await send()) {
    await response.body?.cancel();
    await sleep(1000 * Number(response.headers.get('retry-after') ?? 1));
  }
  const body = (await response.json()) as FileAnswer & { message?: string };
  if (!response.ok) throw new Error(`${name} was not taken (${response.status}): ${body.message ?? ''}`);
  if (body.state === 'BAD') throw new Error(`${name} was refused as a whole; see its answer file`);
  return body;
}

async function signature(
  { apiKeyId, key }: Target['system'],
  target: string,
  path: string,
): Promise<Record<string, string>> {
  const digest = createHash('sha256');
  await pipeline(createReadStream(path), digest);
  const bodySha256 = digest.digest('hex');
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = randomUUID();
  return {
    'x-client-id': apiKeyId,
    'x-timestamp': timestamp,
    'x-nonce': nonce,
    'x-content-sha256': bodySha256,
    'x-signature': signatureOf({ method: 'POST', target, timestamp, nonce, bodySha256 }, key),
  };
}
