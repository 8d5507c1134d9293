import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { ResourceNotFound } from '../../../platform/http/index.js';
import type { Kind } from '../domain/codes.js';
import type { FeedTerms, Source } from '../domain/feed.js';
import { DeadlineMissing, SequenceGoesBack, SourceTaken } from '../domain/refusals.js';
import { IntakeAlarms } from '../persistence/intake-alarms.js';
import { SourceRegister } from '../persistence/source-register.js';
import { CloseFiles } from './close-files.js';

/** Attributes that are absent stay as they are; `null` takes them away. */
export interface FeedChange {
  readonly kind: Kind;
  readonly encoding?: FeedTerms['encoding'];
  readonly expectedDaily?: boolean;
  readonly deadline?: string | null;
  readonly deadlineDays?: number;
  readonly closedSequence?: number;
}

export interface SourceChange {
  readonly name?: string | null;
  readonly filesAtOnce?: number | null;
  readonly recordsPerMinute?: number | null;
  readonly feed?: readonly FeedChange[];
}

/** Registers sources and keeps what is agreed with them (源登记, USG-01). */
@Injectable()
export class ChangeSource {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly sources: SourceRegister,
    private readonly alarms: IntakeAlarms,
    private readonly closeFiles: CloseFiles,
  ) {}

  /** @throws SourceTaken, DeadlineMissing, SequenceGoesBack */
  create({ source, ...change }: SourceChange & { readonly source: string }): Promise<Source> {
    return this.transaction.run(async (tx) => {
      if (!(await this.sources.add(tx, source, this.clock.now()))) throw new SourceTaken();
      return this.apply(tx, source, change);
    });
  }

  /** @throws ResourceNotFound, DeadlineMissing, SequenceGoesBack */
  change(source: string, change: SourceChange): Promise<Source> {
    return this.transaction.run((tx) => this.apply(tx, source, change));
  }

  private async apply(tx: Tx, id: string, { feed = [], ...change }: SourceChange): Promise<Source> {
    const before = await this.locked(tx, id);
    await this.sources.change(tx, {
      ...before,
      name: changed(before.name, change.name),
      filesAtOnce: changed(before.filesAtOnce, change.filesAtOnce),
      recordsPerMinute: changed(before.recordsPerMinute, change.recordsPerMinute),
    });
    for (const each of feed) await this.changeFeed(tx, id, each);
    const after = await this.locked(tx, id);
    tx.audit({ action: 'usage.change-source', objectType: 'IntakeSource', objectId: id, before, after });
    return after;
  }

  private async changeFeed(tx: Tx, source: string, { kind, closedSequence, ...change }: FeedChange): Promise<void> {
    const now = this.clock.now();
    const before = await this.sources.lockFeed(tx, source, kind, now);
    const terms = {
      encoding: change.encoding ?? before.encoding,
      expectedDaily: change.expectedDaily ?? before.expectedDaily,
      deadline: changed(before.deadline, change.deadline),
      deadlineDays: change.deadlineDays ?? before.deadlineDays,
    };
    if (terms.expectedDaily && terms.deadline === undefined) throw new DeadlineMissing();
    await this.sources.changeTerms(tx, source, kind, terms, businessDate(now));
    if (!terms.expectedDaily) await this.alarms.clearAll(tx, 'DEADLINE_MISSED', source, kind);
    if (closedSequence === undefined || closedSequence === before.closedSequence) return;
    if (closedSequence < before.closedSequence) throw new SequenceGoesBack(before.closedSequence);
    await this.closeFiles.execute(tx, source, { kind, closedSequence });
  }

  private async locked(tx: Tx, id: string): Promise<Source> {
    const source = await this.sources.lock(tx, id);
    if (!source) throw new ResourceNotFound('source');
    return source;
  }
}

const changed = <T>(before: T | undefined, wanted: T | null | undefined): T | undefined =>
  wanted === undefined ? before : (wanted ?? undefined);
