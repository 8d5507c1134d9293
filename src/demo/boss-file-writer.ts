import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { ContractLine, FileKind } from './boss-records.js';

export interface BossFileHead {
  readonly directory: string;
  readonly kind: FileKind;
  /** `[A-Z0-9]{2,12}` */
  readonly source: string;
  /** Six-digit GB/T 2260 code; `000000` is the whole country. */
  readonly province: string;
  /** `yyyy-MM-dd` */
  readonly businessDate: string;
  /** Unbroken from 1 for each source and kind. */
  readonly sequence: number;
  /** ISO instant with +08:00; lateness of the records is judged against it. */
  readonly createdAt: string;
  readonly recordCountHint: number;
}

export interface BossFile {
  readonly path: string;
  readonly name: string;
  readonly kind: FileKind;
  readonly sequence: number;
  readonly records: number;
}

const BLOCK_BYTES = 64 * 1024;
const LINE_FEED = 10;

/**
 * Writes one contract file as a stream: header, `D` lines, trailer with the totals and the sha256 of the body.
 * Memory does not grow with the file, as long as the caller awaits `room()` now and then (say, once a customer).
 *
 * Times are compared as text, so every line of a file must give them with the same offset (+08:00).
 */
export class BossFileWriter {
  readonly #head: BossFileHead;
  readonly #name: string;
  readonly #path: string;
  readonly #gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: BLOCK_BYTES });
  readonly #stored: Promise<void>;
  readonly #hash = createHash('sha256');
  #block = Buffer.allocUnsafe(BLOCK_BYTES);
  #filled = 0;
  #records = 0;
  #feeFen = 0;
  #minutes = 0;
  #volumeKb = 0;
  #firstAt: string | undefined;
  #lastAt: string | undefined;

  constructor(head: BossFileHead) {
    const date = head.businessDate.replaceAll('-', '');
    const sequence = String(head.sequence).padStart(6, '0');
    this.#head = head;
    this.#name = `${head.kind}_${head.source}_${head.province}_${date}_${sequence}_01.csv.gz`;
    this.#path = join(head.directory, this.#name);
    const disk = createWriteStream(this.#path);
    this.#gzip.pipe(disk);
    this.#stored = finished(disk);
    // The failure is reported by room() or close(); without this it would end the process before either is called.
    this.#stored.catch(() => this.#gzip.destroy());
    this.#gzip.write(
      `H|01|${head.source}|${head.province}|${date}|${head.sequence}|${head.createdAt}|${head.recordCountHint}\n`,
    );
  }

  get records(): number {
    return this.#records;
  }

  append(line: ContractLine): void {
    // Bytes at once: lines that wait as strings are copied by every garbage collection.
    if (this.#filled + line.text.length * 3 >= BLOCK_BYTES) this.#flush();
    this.#filled += this.#block.write(line.text, this.#filled);
    this.#filled = this.#block.writeUInt8(LINE_FEED, this.#filled);
    this.#records += 1;
    this.#feeFen += line.feeFen;
    this.#minutes += line.minutes;
    this.#volumeKb += line.volumeKb;
    const at = line.at;
    if (at !== undefined) {
      if (this.#firstAt === undefined || at < this.#firstAt) this.#firstAt = at;
      if (this.#lastAt === undefined || at > this.#lastAt) this.#lastAt = at;
    }
  }

  /** Waits until the disk has caught up; `undefined` when there is nothing to wait for. */
  room(): Promise<unknown> | undefined {
    if (!this.#gzip.writableNeedDrain) return undefined;
    return Promise.race([once(this.#gzip, 'drain'), this.#stored]);
  }

  async close(): Promise<BossFile> {
    this.#flush();
    const sums = `${this.#records}|${this.#feeFen}|${this.#minutes}|${this.#volumeKb}`;
    this.#gzip.end(`T|${sums}|${this.#firstAt ?? ''}|${this.#lastAt ?? ''}|${this.#hash.digest('hex')}\n`);
    await this.#stored;
    return {
      path: this.#path,
      name: this.#name,
      kind: this.#head.kind,
      sequence: this.#head.sequence,
      records: this.#records,
    };
  }

  #flush(): void {
    if (this.#filled === 0) return;
    const bytes = this.#block.subarray(0, this.#filled);
    // The old block belongs to the compressor until it is written.
    this.#block = Buffer.allocUnsafe(BLOCK_BYTES);
    this.#filled = 0;
    this.#hash.update(bytes);
    this.#gzip.write(bytes);
  }
}
