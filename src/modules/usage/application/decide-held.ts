import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { asSystem, Database, Transaction } from '../../../platform/database/index.js';
import { readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { maskFreeText } from '../../../platform/privacy/index.js';
import { KINDS, type Kind } from '../domain/codes.js';
import { NotLate } from '../domain/refusals.js';
import { giveUpHeld, type WaitingRecord } from '../persistence/forgotten-lines.js';
import type { ReasonToWait } from '../persistence/held-records.js';
import { RejectList } from '../persistence/reject-list.js';
import { decideReject } from '../persistence/reject-rows.js';
import type { RecordOutcome } from './load-lines.js';
import { ReleaseHeldRecords } from './release-held-records.js';

export interface HeldRow {
  source: string;
  kind: Kind;
  record_id: string;
  version: number;
  reason: ReasonToWait;
  held_at: Date;
  ready_at: Date | null;
  province: string | null;
  business_date: string | null;
}

/** Whose records somebody sees: of one source, of some provinces. */
interface RecordsSeen {
  readonly source?: string | undefined;
  readonly provinces?: readonly string[] | undefined;
}

const NAME = /^([A-Z0-9]{2,12})-([A-Z]{3})-(\d{1,5})-([A-Za-z0-9._-]{1,64})$/;

export const nameOfHeld = ({ source, kind, version, recordId }: WaitingRecord): string =>
  `${source}-${kind}-${version}-${recordId}`;

/** @throws ResourceNotFound */
function heldNamed(name: string): WaitingRecord {
  const [, source = '', word, version, recordId = ''] = NAME.exec(name) ?? [];
  const kind = KINDS.find((each) => each === word);
  if (!kind || Number(version) > 32_767) throw new ResourceNotFound('heldRecord');
  return { source, kind, recordId, version: Number(version) };
}

const FROM = 'usage.held_record h LEFT JOIN usage.intake i USING (intake_id)';
const COLUMNS =
  'h.source, h.kind, h.record_id, h.version, h.reason, h.held_at, h.ready_at, i.province, i.business_date';
const SEEN = '($1::text IS NULL OR h.source = $1) AND ($2::text[] IS NULL OR i.province = ANY ($2))';

/** What waits, and what somebody decides about it: to let a late record in, or to give one up. */
@Injectable()
export class DecideHeld {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly release: ReleaseHeldRecords,
    private readonly rejects: RejectList,
  ) {}

  page<View extends object>(list: ListRequest, seen: RecordsSeen, viewOf: (row: HeldRow) => View): Promise<Page<View>> {
    const params = [seen.source ?? null, seen.provinces ?? null];
    return readPage<HeldRow, View>(this.database, list, { select: COLUMNS, from: FROM, where: SEEN, params }, viewOf);
  }

  /** @throws ResourceNotFound also for one that this reader does not see. */
  async byName(name: string, seen: RecordsSeen): Promise<HeldRow> {
    const { source, kind, recordId, version } = heldNamed(name);
    const [row] = await this.database.query<HeldRow>(
      `SELECT ${COLUMNS} FROM ${FROM} WHERE ${SEEN} AND h.source = $3 AND h.kind = $4 AND h.record_id = $5 AND h.version = $6`,
      [seen.source ?? null, seen.provinces ?? null, source, kind, recordId, version],
    );
    if (!row) throw new ResourceNotFound('heldRecord');
    return row;
  }

  /** Lets in what came too late to be taken without a decision. @throws ResourceNotFound, NotLate */
  async letIn(name: string, reason: string, seen: RecordsSeen): Promise<RecordOutcome> {
    const held = await this.byName(name, seen);
    if (held.reason !== 'LATE') throw new NotLate(held.reason);
    const { source, recordId, version, kind } = heldNamed(name);
    // The record belongs to whomever it names.
    const outcome = await asSystem(() =>
      this.transaction.run(async (tx) => {
        const outcome = await this.release.letIn(tx, { source, kind, recordId, version });
        if (!outcome) throw new ResourceNotFound('heldRecord');
        const after = { outcome: outcome.outcome };
        tx.audit({
          action: 'usage.let-in',
          objectType: 'HeldRecord',
          objectId: name,
          before: { state: 'HELD' },
          after,
          reason,
        });
        return outcome;
      }),
    );
    if (outcome.outcome === 'ACCEPTED') await asSystem(() => this.release.execute());
    return outcome;
  }

  /** It will not come in any more; it stands among the rejects, dismissed. @throws ResourceNotFound */
  async giveUp(name: string, reason: string, { actor, seen }: { actor: Actor; seen: RecordsSeen }): Promise<void> {
    const held = await this.byName(name, seen);
    const record = heldNamed(name);
    const at = this.clock.now();
    await this.transaction.run(async (tx) => {
      const line = await giveUpHeld(tx, record);
      if (!line) throw new ResourceNotFound('heldRecord');
      const { intakeId, lineNo } = line;
      const { source, kind } = record;
      await this.rejects.gather(tx, {
        intakeId, source, kind, lane: 'normal', receivedAt: held.held_at, province: held.province ?? undefined,
        businessDate: held.business_date ?? undefined,
      }); // prettier-ignore
      const [{ reject_id: rejectId } = { reject_id: '' }] = await tx.query<{ reject_id: string }>(
        'SELECT reject_id FROM usage.rejected_record WHERE intake_id = $1 AND line_no = $2',
        [intakeId, lineNo],
      );
      await decideReject(tx, rejectId, {
        from: 'OPEN',
        to: 'DISMISSED',
        by: actor.id,
        at,
        reason: maskFreeText(reason),
      });
      tx.audit({
        action: 'usage.give-up',
        objectType: 'HeldRecord',
        objectId: name,
        before: { state: 'HELD' },
        after: { state: 'DISMISSED', rejectId },
        reason,
      });
    });
  }
}
