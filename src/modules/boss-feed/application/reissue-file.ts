import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction, type Tx } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { insertFile, newestVersion, readFile, setWanted } from '../persistence/file-rows.js';
import { FindFeedFiles, type FeedFile } from './find-feed-files.query.js';

/** A file is wanted again (重传). It comes as it was published; one that was withdrawn comes as its next version. */
@Injectable()
export class ReissueFile {
  constructor(
    private readonly transaction: Transaction,
    private readonly files: FindFeedFiles,
    private readonly clock: Clock,
  ) {}

  /** Answers the file that will be there. @throws ResourceNotFound */
  execute(fileId: string, actor: Actor): Promise<FeedFile> {
    return this.transaction.run(async (tx) => {
      const asked = await this.files.lock(tx, fileId, actor);
      const newest = (asked.state === 'withdrawn' && (await newestVersion(tx, asked))) || asked;
      const reissued = newest.state === 'withdrawn' ? await nextVersion(tx, newest, this.clock.now()) : newest;
      if (reissued.state === 'published') await setWanted(tx, reissued, true);
      tx.audit({
        action: 'feed.reissue-file',
        objectType: 'FeedFile',
        objectId: reissued.fileId,
        before: { version: asked.version },
        after: { version: reissued.version },
      });
      return reissued;
    });
  }
}

/** The same items under the same number, without the names of who was erased. */
export async function nextVersion(tx: Tx, withdrawn: FeedFile, createdAt: Date): Promise<FeedFile> {
  const fileId = newId();
  await insertFile(tx, fileId, { ...withdrawn, version: withdrawn.version + 1, createdAt });
  const next = await readFile(tx, fileId);
  if (!next) throw new Error('The file was written in this transaction');
  return next;
}
