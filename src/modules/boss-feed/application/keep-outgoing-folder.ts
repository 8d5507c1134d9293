import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../../platform/config/index.js';
import { Database, newId, Transaction } from '../../../platform/database/index.js';
import { lockFile, setTended, untended, type FeedFile } from '../persistence/file-rows.js';
import { ReadFeed } from './read-feed.js';

const UNFINISHED = '.part';
const UNFINISHED_LIVES_MS = 3_600_000;

/**
 * Puts published files into the folder from which the receivers take them, and takes away what was acknowledged or withdrawn: what
 * lies there names customers. A file appears whole or not at all.
 */
@Injectable()
export class KeepOutgoingFolder {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly read: ReadFeed,
    private readonly settings: Settings,
  ) {}

  async execute(stopping?: AbortSignal): Promise<void> {
    const { feedFolder } = this.settings;
    if (feedFolder === undefined) return;
    await mkdir(feedFolder, { recursive: true });
    await this.throwUnfinishedAway(feedFolder);
    for (const file of await untended(this.database)) {
      if (stopping?.aborted) return;
      await (file.isWanted ? this.put(feedFolder, file) : this.takeAway(feedFolder, file));
    }
  }

  private async put(folder: string, file: FeedFile): Promise<void> {
    const unfinished = join(folder, `.${file.name}.${newId()}${UNFINISHED}`);
    try {
      const isAsPublished = await this.write(unfinished, file);
      await this.transaction.run(async (tx) => {
        const now = await lockFile(tx, file.fileId);
        // Withdrawn, or about to be: somebody in it was erased.
        if (!isAsPublished || now?.state !== 'published' || !now.isWanted) return;
        await rename(unfinished, join(folder, file.name));
        await syncFolder(folder);
        await setTended(tx, file);
      });
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  private async takeAway(folder: string, file: FeedFile): Promise<void> {
    await this.transaction.run(async (tx) => {
      if ((await lockFile(tx, file.fileId))?.isWanted) return;
      await rm(join(folder, file.name), { force: true });
      await setTended(tx, file);
    });
  }

  /** Says whether the text was the one that was published. */
  private async write(path: string, file: FeedFile): Promise<boolean> {
    let isAsPublished = false;
    const text = this.read.textOf(file);
    async function* pieces(): AsyncGenerator<string> {
      const { contentSha256 } = yield* text;
      isAsPublished = contentSha256 === file.content?.contentSha256;
    }
    await pipeline(Readable.from(pieces()), createGzip(), createWriteStream(path, { flush: true }));
    return isAsPublished;
  }

  /** Of a process that was killed. */
  private async throwUnfinishedAway(folder: string): Promise<void> {
    for (const name of await readdir(folder)) {
      if (!name.endsWith(UNFINISHED)) continue;
      const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: Infinity }));
      if (mtimeMs < Date.now() - UNFINISHED_LIVES_MS) await rm(join(folder, name), { force: true });
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
