import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Settings } from '../../../platform/config/index.js';
import { newId } from '../../../platform/database/index.js';
import { parseFileName } from '../domain/file-envelope.js';

/** A file without `.chk` is whole when nobody has written to it for so long. */
const QUIET_MS = 10_000;
/** `<64 hexadecimal digits>`, with a name behind it as sha256sum writes it. */
const CHECKSUM = /^([0-9a-f]{64})(?:\s|$)/i;
const MAX_CHK_BYTES = 1_024;
const BLOCK_BYTES = 1 << 18;

export interface DroppedFile {
  readonly file: FileHandle;
  /** What `.chk` announced, in small letters; `undefined` without one. */
  readonly announced: string | undefined;
}

/**
 * The folder into which BOSS drops its files: `in/`, and `answer/`, `done/`, `bad/` for what became of them. A file is there until it
 * was answered, so whoever dies in between finds it again. Only names of the contract are looked at, and only plain files.
 */
@Injectable()
export class IntakeFolder {
  readonly #root: string | undefined;

  constructor(
    settings: Settings,
    private readonly clock: Clock,
  ) {
    this.#root = settings.intakeFolder;
  }

  get isWatched(): boolean {
    return this.#root !== undefined;
  }

  /** Names of the files that are whole, in the order in which they should be loaded. */
  async wholeFiles(): Promise<readonly string[]> {
    if (this.#root === undefined) return [];
    for (const folder of ['in', 'done', 'bad', 'answer']) await mkdir(join(this.#root, folder), { recursive: true });
    const names = new Set(await readdir(this.#in()));
    const whole: string[] = [];
    for (const name of [...names].filter(isName).sort(byDateAndSequence)) {
      if (names.has(`${name}.part`)) continue;
      if (await this.#isWhole(name, names.has(`${name}.chk`))) whole.push(name);
    }
    return whole;
  }

  /** `undefined` when it is not there (any more), or is no plain file. The caller closes it. */
  async open(name: string): Promise<DroppedFile | undefined> {
    if (!isName(name) || this.#root === undefined) return undefined;
    const file = await open(
      join(this.#in(), name),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    ).catch(absent('ENOENT', 'ELOOP'));
    if (!file) return undefined;
    if ((await file.stat()).isFile()) return { file, announced: await this.#announcedOf(name) };
    await file.close();
    return undefined;
  }

  /** Writes the answer first: a file that was moved has been answered. */
  async putAway(name: string, into: 'done' | 'bad', answer: AsyncIterable<string>): Promise<void> {
    if (!isName(name) || this.#root === undefined) return;
    const draft = join(this.#root, 'answer', `.${newId()}.part`);
    const written = await open(draft, 'wx');
    try {
      for await (const text of answer) await written.write(text);
      await written.sync();
    } finally {
      await written.close();
    }
    await rename(draft, join(this.#root, 'answer', `${name}.rsp`));
    const gone = absent('ENOENT'); // another worker was faster
    await rename(join(this.#in(), name), join(this.#root, into, name)).catch(gone);
    await rm(join(this.#in(), `${name}.chk`), { force: true });
  }

  #in(): string {
    return join(this.#root ?? '', 'in');
  }

  async #isWhole(name: string, isAnnounced: boolean): Promise<boolean> {
    const found = await lstat(join(this.#in(), name)).catch(absent('ENOENT'));
    if (!found?.isFile()) return false;
    return isAnnounced || this.clock.now().getTime() - found.ctimeMs >= QUIET_MS;
  }

  async #announcedOf(name: string): Promise<string | undefined> {
    const chk = await open(join(this.#in(), `${name}.chk`), constants.O_RDONLY | constants.O_NOFOLLOW).catch(
      absent('ENOENT', 'ELOOP'),
    );
    if (!chk) return undefined;
    try {
      const { buffer, bytesRead } = await chk.read(Buffer.alloc(MAX_CHK_BYTES), 0, MAX_CHK_BYTES, 0);
      // Something else than a checksum announces no file that there could be.
      return CHECKSUM.exec(buffer.toString('latin1', 0, bytesRead))?.[1]?.toLowerCase() ?? '';
    } finally {
      await chk.close();
    }
  }
}

/** Its bytes from the beginning, as often as one likes. */
export async function* blocksOf(file: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(BLOCK_BYTES), 0, BLOCK_BYTES, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

export async function sha256Of(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of blocksOf(file)) hash.update(block);
  return hash.digest('hex');
}

/** A name of the contract has no path in it. */
const isName = (name: string): boolean => parseFileName(name) !== undefined;

function byDateAndSequence(a: string, b: string): number {
  const [one, other] = [parseFileName(a), parseFileName(b)];
  if (!one || !other) return 0;
  return one.businessDate === other.businessDate
    ? one.sequence - other.sequence
    : one.businessDate < other.businessDate
      ? -1
      : 1;
}

const absent =
  (...codes: readonly string[]) =>
  (error: NodeJS.ErrnoException): undefined => {
    if (!codes.includes(error.code ?? '')) throw error;
    return undefined;
  };
