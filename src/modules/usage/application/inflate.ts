import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BadFile } from '../domain/rejection.js';

const BLOCK_BYTES = 256 * 1024;

/** The plain bytes of a body that is gzip or is not, told by its first bytes. @throws BadFile when the gzip is damaged or endless. */
export async function* inflate(body: Readable, maxBytes: number): AsyncGenerator<Buffer> {
  let plain: Readable = body;
  if (await startsAsGzip(body)) {
    plain = createGunzip({ chunkSize: BLOCK_BYTES });
    pipeline(body, plain as ReturnType<typeof createGunzip>, () => undefined); // errors arrive below
  }
  let bytes = 0;
  try {
    for await (const block of plain as AsyncIterable<Buffer>) {
      bytes += block.length;
      if (bytes > maxBytes) throw new BadFile('E_FORMAT', `unpacked, the file has more than ${maxBytes} bytes`);
      yield block;
    }
  } catch (error) {
    const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
    const isDamaged = String(code).startsWith('Z_'); // zlib's own names
    throw isDamaged ? new BadFile('E_CHECKSUM', 'the gzip is damaged or cut off') : error;
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
