import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { IntakeAlarms } from '../../usage/index.js';
import { differencesOf, OUR_SOURCE, recordsIn, type Received } from '../domain/feed-file.js';
import { FileNotReady } from '../domain/refusals.js';
import { acknowledge, readFile, setWanted } from '../persistence/file-rows.js';
import { FindFeedFiles, type FeedFile } from './find-feed-files.query.js';

/**
 * The receiver says what it has got (对账回执). When both sides agree the file has served; when not, somebody is called. The last
 * word counts: whoever has fetched the file again may say so again.
 */
@Injectable()
export class AcknowledgeFile {
  constructor(
    private readonly transaction: Transaction,
    private readonly files: FindFeedFiles,
    private readonly alarms: IntakeAlarms,
    private readonly clock: Clock,
  ) {}

  /** @throws ResourceNotFound, FileNotReady */
  execute(fileId: string, received: Received, actor: Actor): Promise<FeedFile> {
    return this.transaction.run(async (tx) => {
      const file = await this.files.lock(tx, fileId, actor);
      if (!file.content) throw new FileNotReady();
      const sent = { recordCount: recordsIn(file), sum: file.content.sum, sha256: file.content.bodySha256 };
      const differences = differencesOf(sent, received);
      const agreed = Object.keys(differences).length === 0;
      const key = `feed/${file.name}`;
      await acknowledge(tx, file, {
        by: actor.id,
        at: this.clock.now(),
        difference: agreed ? undefined : differences,
      });
      if (agreed) {
        await setWanted(tx, file, false);
        await this.alarms.clear(tx, key);
      } else {
        const { businessDate, name } = file;
        const attributes = Object.keys(differences).join(', ');
        await this.alarms.raise(tx, {
          kind: 'DIFFERENCE', source: OUR_SOURCE, businessDate, key, detail: { file: name, attributes },
        }); // prettier-ignore
      }
      tx.audit({
        action: 'feed.acknowledge-file',
        objectType: 'FeedFile',
        objectId: fileId,
        before: { acknowledged: file.acknowledgedAt !== undefined },
        after: { acknowledged: agreed },
      });
      return (await readFile(tx, fileId)) ?? file;
    });
  }
}
