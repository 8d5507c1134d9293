import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { gapAlarmKey } from '../domain/alarm.js';
import type { Kind } from '../domain/codes.js';
import { FileClosed } from '../domain/events.js';
import { closeUp, type Feed } from '../domain/feed.js';
import { FileRegister } from '../persistence/file-register.js';
import { IntakeAlarms } from '../persistence/intake-alarms.js';
import { SourceRegister } from '../persistence/source-register.js';

/** Closes loaded files in the order of their sequence, and sees to it that somebody looks for those that are missing (USG-02). */
@Injectable()
export class CloseFiles {
  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly files: FileRegister,
    private readonly sources: SourceRegister,
    private readonly alarms: IntakeAlarms,
  ) {}

  /** The feed is locked; files up to `feed.closedSequence` are closed or given up. */
  async execute(
    tx: Tx,
    source: string,
    { kind, closedSequence }: Pick<Feed, 'kind' | 'closedSequence'>,
  ): Promise<void> {
    const waiting = await this.files.waitingToBeClosed(tx, source, kind);
    const { closing, gap } = closeUp(
      closedSequence,
      waiting.map(({ sequence }) => sequence).filter((sequence) => sequence > closedSequence),
    );
    const closedUpTo = closing.at(-1) ?? closedSequence;
    const closed = waiting.filter(({ sequence }) => sequence <= closedUpTo);
    const at = this.clock.now();
    await this.files.close(
      tx,
      closed.map(({ fileId }) => fileId),
      at,
    );
    await this.sources.closeUpTo(tx, source, kind, closedUpTo);
    await this.outbox.publishMany(
      tx,
      FileClosed,
      closed.map((file) => ({ payload: { ...file, source, kind }, occurredAt: at })),
    );
    await this.watchGap(tx, source, kind, gap);
  }

  private async watchGap(
    tx: Tx,
    source: string,
    recordKind: Kind,
    gap: { readonly from: number; readonly to: number } | undefined,
  ): Promise<void> {
    const key = gapAlarmKey(source, recordKind);
    if (!gap) await this.alarms.clear(tx, key);
    else
      await this.alarms.raise(tx, { kind: 'SEQUENCE_GAP', source, recordKind, key, detail: { of: 'files', ...gap } });
  }
}
