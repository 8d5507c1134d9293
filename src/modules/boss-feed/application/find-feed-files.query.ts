import { Injectable } from '@nestjs/common';
import { Database, isId, type Tx } from '../../../platform/database/index.js';
import { readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { fileOf, FILES, lockFile, readFile, type FeedFile, type FileRow } from '../persistence/file-rows.js';
import { seesTarget, targetsSeenBy } from './feeds-in-sight.js';

export type { FeedFile };

@Injectable()
export class FindFeedFiles {
  constructor(private readonly database: Database) {}

  page<V extends object>(list: ListRequest, actor: Actor, viewOf: (file: FeedFile) => V): Promise<Page<V>> {
    const source = {
      ...FILES,
      where: '$1::text[] IS NULL OR d.target = ANY ($1)',
      params: [targetsSeenBy(actor) ?? null],
    };
    return readPage<FileRow, V>(this.database, list, source, (row) => viewOf(fileOf(row)));
  }

  /** @throws ResourceNotFound also for one that the actor does not see */
  async one(fileId: string, actor: Actor): Promise<FeedFile> {
    return seen(isId(fileId) ? await readFile(this.database, fileId) : undefined, actor);
  }

  /** @throws ResourceNotFound */
  async lock(tx: Tx, fileId: string, actor: Actor): Promise<FeedFile> {
    return seen(isId(fileId) ? await lockFile(tx, fileId) : undefined, actor);
  }
}

function seen(file: FeedFile | undefined, actor: Actor): FeedFile {
  if (!file || !seesTarget(actor, file.target)) throw new ResourceNotFound('file');
  return file;
}
