import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, Transaction } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { CustomerIsErased } from '../domain/refusals.js';
import { COPY_IS_KEPT_DAYS } from '../domain/subject-export.js';
import { secretIn, SubjectKeys } from '../persistence/subject-keys.js';
import {
  claimExport,
  expireExports,
  exportsToPrepare,
  finishExport,
  insertChunk,
  moveExport,
} from '../persistence/subject-export-rows.js';
import { SubjectCopy } from './subject-copy.js';
import { chunkContext } from './subject-exports.js';
import { SubjectRequests } from './subject-requests.js';
import { writeSubjectCopy } from './write-subject-copy.js';

const CHUNK_CHARACTERS = 256 * 1024;
const DAY_MS = 86_400_000;
const ERASED_MEANWHILE = { outcome: 'refused', answer: 'Erased meanwhile (个人信息已删除)' } as const;

/**
 * Prepares copies that were approved. A copy shows one moment (all modules in one snapshot of the database) and lies in sealed
 * chunks: neither this process nor the database ever holds it as a whole, and with the customer's secret the copies are gone, too.
 */
@Injectable()
export class PrepareSubjectExport {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly copy: SubjectCopy,
    private readonly requests: SubjectRequests,
    private readonly subjectKeys: SubjectKeys,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {}

  /** Does nothing when it is prepared already, or by somebody else now. */
  async execute(exportId: string): Promise<void> {
    await this.transaction.runInOneMoment(async (tx) => {
      const claimed = await claimExport(tx, exportId);
      if (!claimed) return;
      const { customerId, requestId, askedBy, approvalId } = claimed;
      const asOf = this.clock.now();
      const keys = await this.subjectKeys.ensure(tx, [customerId], asOf).catch(unlessErased);
      if (!keys) {
        await moveExport(tx, claimed, 'refused');
        return this.requests.settle(tx, requestId, ERASED_MEANWHILE, { id: askedBy });
      }
      const secret = secretIn(keys, customerId);
      const sections = await this.copy.sections(tx, customerId);
      const counts = new Map<string, number>();
      const digest = createHash('sha256');
      let [chunks, sizeBytes, waiting] = [0, 0, ''];
      const store = async (): Promise<void> => {
        const sealed = this.personalData.seal(waiting, chunkContext(exportId, chunks), secret);
        await insertChunk(tx, claimed, chunks, sealed);
        digest.update(waiting);
        sizeBytes += Buffer.byteLength(waiting);
        chunks += 1;
        waiting = '';
      };
      for await (const piece of writeSubjectCopy(tx, { customerId, asOf, sections }, counts)) {
        waiting += piece;
        if (waiting.length >= CHUNK_CHARACTERS) await store();
      }
      if (waiting !== '') await store();
      await finishExport(tx, claimed, {
        asOf,
        expiresAt: new Date(asOf.getTime() + COPY_IS_KEPT_DAYS * DAY_MS),
        chunks,
        sizeBytes,
        sha256: digest.digest(),
        sections: Object.fromEntries(counts),
      });
      await this.requests.settle(
        tx,
        requestId,
        { outcome: 'done', answer: 'Copy prepared (副本已备妥)' },
        { id: askedBy },
      );
      tx.audit({
        action: 'privacy.prepare-copy',
        objectType: 'SubjectExport',
        objectId: exportId,
        customerId,
        after: { chunks, sizeBytes },
        approvalId,
      });
    });
  }

  /** Throws away what is no longer kept, and makes those whose hint was lost. */
  async sweep(): Promise<void> {
    await this.transaction.run((tx) => expireExports(tx, this.clock.now()));
    const failed: unknown[] = [];
    for (const exportId of await exportsToPrepare(this.database)) {
      // One that cannot be made must not keep the others waiting.
      await this.execute(exportId).catch((error: unknown) => failed.push(error));
    }
    if (failed.length > 0) throw new AggregateError(failed);
  }
}

function unlessErased(error: unknown): undefined {
  if (!(error instanceof CustomerIsErased)) throw error;
}
