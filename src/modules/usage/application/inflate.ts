import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BadFile } from '../domain/rejection.js';

const BLOCK_BYTES = 256 * 1024;
/** Records pack 4 to 20 times; what packs far better is no file of records, and is refused before all of it has come. */
const MAX_RATIO = 100;
/** What a short file may begin with: its header alone packs badly, a run of one value very well. */
const SLACK_BYTES = 8 * 1024 * 1024;

/**
 * The plain bytes of a body that is gzip or is not, told by its first bytes. A gzip may have several members, and zeros behind them.
 * @throws BadFile when the gzip is damaged, cut off, followed by something else, or unpacks to too much.
 */
export async function* inflate(body: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  const gunzip = (await startsAsGzip(body)) ? createGunzip({ chunkSize: BLOCK_BYTES }) : undefined;
  if (gunzip) pipeline(body, gunzip, () => undefined); // errors arrive below
  let bytes = 0;
  try {
    for await (const block of (gunzip ?? body) as AsyncIterable<Buffer>) {
      bytes += block.length;
      if (bytes > maxBytes) throw new BadFile('E_FORMAT', `unpacked, the file has more than ${maxBytes} bytes`);
      if (gunzip && bytes > gunzip.bytesWritten * MAX_RATIO + SLACK_BYTES) {
        throw new BadFile('E_FORMAT', `the file unpacks to more than ${MAX_RATIO} times its size`);
      }
      yield block;
    }
  } catch (error) {
    const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
    const isDamaged = String(code).startsWith('Z_'); // zlib's own names
    throw isDamaged ? new BadFile('E_CHECKSUM', 'the gzip is damaged, cut off, or followed by other bytes') : error;
  }
}

function startsAsGzip(body: Readable): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const done = (answer: () => void): void => {
      body.off('readable', look).off('end', look).off('error', fail);
      answer();
    };
    const look = (): void => {
      const chunk = body.read() as Buffer | null;
      if (chunk === null) {
        if (body.readableEnded || body.destroyed) done(() => resolve(false));
        return;
      }
      body.unshift(chunk);
      done(() => resolve(chunk[0] === 0x1f && (chunk.length < 2 || chunk[1] === 0x8b)));
    };
    const fail = (error: Error): void => done(() => reject(error));
    body.on('readable', look).on('end', look).on('error', fail);
    look();
  });
}
