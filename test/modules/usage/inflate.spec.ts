import { Readable } from 'node:stream';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { inflate } from '../../../src/modules/usage/application/inflate.js';
import { LineSplitter } from '../../../src/modules/usage/domain/line-splitter.js';

const GB = 1 << 30;
const TEXT = Array.from({ length: 2000 }, (_, n) => `D|U-${n}|${n * 7919}\n`).join('');
const PACKED = gzipSync(TEXT);

async function plainOf(...chunks: readonly Buffer[]): Promise<string> {
  const blocks: Buffer[] = [];
  for await (const block of inflate(Readable.from(chunks, { objectMode: false }), GB)) blocks.push(block);
  return Buffer.concat(blocks).toString();
}

/** What is sent on and on, counted. */
class Endless {
  bytes = 0;
  readonly stream: Readable;

  constructor(block: Buffer, limit: number) {
    const send = (): Iterable<Buffer> => this.#blocks(block, limit);
    this.stream = Readable.from(send(), { objectMode: false });
  }

  *#blocks(block: Buffer, limit: number): Iterable<Buffer> {
    for (; this.bytes < limit; this.bytes += block.length) yield block;
  }
}

describe('the bytes of a file', () => {
  it('may be plain, gzip, gzip of several members, in pieces of any size, with zeros behind', async () => {
    const [first, second] = [TEXT.slice(0, 999), TEXT.slice(999)];
    const members = Buffer.concat([gzipSync(first), gzipSync(second)]);
    expect(await plainOf(Buffer.from(TEXT))).toBe(TEXT);
    expect(await plainOf(PACKED)).toBe(TEXT);
    expect(await plainOf(members)).toBe(TEXT);
    expect(await plainOf(...Array.from(members, (byte) => Buffer.of(byte)))).toBe(TEXT);
    expect(await plainOf(PACKED, Buffer.alloc(1 << 20), Buffer.alloc(1 << 20))).toBe(TEXT);
    expect(await plainOf()).toBe('');
  });

  it.each([
    ['cut off', [PACKED.subarray(0, -3)]],
    ['cut off in its second member', [PACKED, PACKED.subarray(0, 5)]],
    ['of the first byte alone', [PACKED.subarray(0, 1)]],
    ['damaged', [Buffer.from(PACKED).fill(0x55, 1000, 1100)]],
    ['with another sum at its end', [PACKED.subarray(0, -8), Buffer.alloc(8, 1)]],
    ['followed by other bytes', [PACKED, Buffer.from('D|U-1')]],
    ['followed by other bytes in the same piece', [Buffer.concat([PACKED, Buffer.from('garbage')])]],
    ['followed by what begins like another one', [PACKED, Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])]],
  ])('of a gzip that is %s are refused as E_CHECKSUM', async (_, chunks) => {
    await expect(plainOf(...chunks)).rejects.toMatchObject({ name: 'BadFile', code: 'E_CHECKSUM' });
  });

  it('that unpack to a hundred times their size are refused within the first megabytes', async () => {
    const zeros = new Endless(Buffer.alloc(1 << 20), 10 * GB);
    const bomb = zeros.stream.pipe(createGzip({ level: constants.Z_BEST_SPEED }));
    let unpacked = 0;
    const attempt = async (): Promise<void> => {
      for await (const block of inflate(bomb, 100 * GB)) unpacked += block.length;
    };
    await expect(attempt()).rejects.toMatchObject({ code: 'E_FORMAT', message: expect.stringMatching(/100 times/) });
    expect(unpacked).toBeLessThan(16 << 20);
    zeros.stream.destroy();
  });

  it('that are ten gigabytes of one line stop at once, packed or not', async () => {
    for (const pack of [false, true]) {
      const line = new Endless(Buffer.from(`D|${TEXT.replaceAll('\n', '')}`), 10 * GB);
      const body = pack ? line.stream.pipe(createGzip({ level: constants.Z_BEST_SPEED })) : line.stream;
      const lines = new LineSplitter(() => undefined);
      const attempt = async (): Promise<void> => {
        for await (const block of inflate(body, 100 * GB)) lines.push(block);
      };
      await expect(attempt()).rejects.toMatchObject({
        code: 'E_FORMAT',
        message: expect.stringMatching(/a line has more/),
      });
      expect(line.bytes).toBeLessThan(64 << 20);
      line.stream.destroy();
    }
  });
});
