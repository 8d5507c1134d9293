import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, isId, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import {
  AccessRegister,
  Approvals,
  CarriesOut,
  defineApproval,
  type Approval,
  type Approved,
  type CarriesOutApproval,
} from '../../organization/index.js';
import { SubjectCopyApproved } from '../domain/events.js';
import { SubjectExportNotFound } from '../domain/refusals-of-subject-rights.js';
import { exportStatusAt, requireFetchable, type SubjectExport } from '../domain/subject-export.js';
import {
  countDownload,
  EXPORT_COLUMNS,
  exportOf,
  insertExport,
  lockExport,
  moveExport,
  readChunk,
  readExport,
  type ExportRow,
} from '../persistence/subject-export-rows.js';
import { SubjectRequests } from './subject-requests.js';

interface ExportPayload {
  readonly customerId: string;
  readonly exportId: string;
}

/** To take everything that is known of somebody out of the system needs four eyes. */
export const ExportOfSubject = defineApproval<ExportPayload>('privacy.export', {
  title: { en: 'Copy of the own data', zh: '个人信息副本' },
  ask: 'privacy.request',
  decide: 'privacy.approve',
});

export interface ExportWish {
  readonly customerId: string;
  readonly reason: string;
  readonly channel: string;
  /** A request that is written down already; without one, this one is. */
  readonly requestId?: string | undefined;
}

/** Copies of all that is known of somebody (个人信息副本, PIPL 45): asked for, approved, prepared, fetched, thrown away. */
@Injectable()
export class SubjectExports {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
    private readonly requests: SubjectRequests,
    private readonly register: AccessRegister,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, CustomerIsErased, SubjectRequestNotFound, SubjectRequestClosed, RequestWithoutReason */
  async ask({ customerId, reason, channel, requestId }: ExportWish, actor: Actor): Promise<SubjectExport> {
    const exportId = newId();
    await this.transaction.run(async (tx) => {
      const now = this.clock.now();
      if (requestId !== undefined) await this.requests.requireOpenOf(tx, requestId, customerId);
      const request =
        requestId ?? (await this.requests.open(tx, { customerId, kind: 'COPY', channel, detail: reason }, actor));
      const { approvalId, expiresAt: lapsesAt } = await this.approvals.ask(
        tx,
        ExportOfSubject,
        { subject: customerId, customerId, payload: { customerId, exportId }, reason },
        actor,
      );
      const asked = { customerId, exportId, requestId: request, approvalId, askedBy: actor.id, askedAt: now, lapsesAt };
      await insertExport(tx, asked);
    });
    return this.one(exportId);
  }

  /** @throws SubjectExportNotFound */
  async one(exportId: string): Promise<SubjectExport> {
    const found = isId(exportId) ? await readExport(this.database, exportId) : undefined;
    if (!found) throw new SubjectExportNotFound();
    return this.shown(found);
  }

  page<V extends object>(list: ListRequest, view: (copy: SubjectExport) => V): Promise<Page<V>> {
    const source = { select: EXPORT_COLUMNS, from: 'customers.subject_export e' };
    return readPage<ExportRow, V>(this.database, list, source, (row) => view(this.shown(exportOf(row))));
  }

  /**
   * The document, piece by piece, for whoever asked for it. Each time counts, and is in the register before the first piece.
   * @throws SubjectExportNotFound, NotYourCopy, CopyNotReady, CopyExpired, CopyFetchedOften
   */
  async fetch(
    exportId: string,
    actor: Actor,
  ): Promise<{ readonly copy: SubjectExport; readonly pieces: AsyncIterable<string> }> {
    const copy = await this.transaction.run(async (tx) => {
      const found = isId(exportId) ? await lockExport(tx, exportId) : undefined;
      if (!found) throw new SubjectExportNotFound();
      requireFetchable(found, actor.id, this.clock.now());
      await countDownload(tx, found);
      tx.audit({
        action: 'privacy.fetch-copy',
        objectType: 'SubjectExport',
        objectId: exportId,
        customerId: found.customerId,
        before: { downloads: found.downloads },
        after: { downloads: found.downloads + 1 },
        approvalId: found.approvalId,
      });
      return found;
    });
    await this.register.record({
      actor,
      action: 'privacy.export',
      customerIds: [copy.customerId],
      fieldGroups: EVERYTHING,
      purpose: 'subject-right',
    });
    const pieces = this.pieces(copy);
    const first = await pieces.next(); // What cannot be opened is refused as a whole.
    return { copy, pieces: first.done ? pieces : startingWith(first.value, pieces) };
  }

  private async *pieces(copy: SubjectExport): AsyncGenerator<string> {
    for (let position = 0; position < (copy.chunks ?? 0); position++) {
      const chunk = await readChunk(this.database, copy, position);
      const piece = this.personalData.openIfKept(
        chunk?.sealed ?? null,
        chunkContext(copy.exportId, position),
        chunk?.secret ?? null,
      );
      // Thrown away, or its customer erased, while it was fetched: half a document must not look whole.
      if (piece === undefined) throw new SubjectExportNotFound();
      yield piece;
    }
  }

  private shown(copy: SubjectExport): SubjectExport {
    return { ...copy, status: exportStatusAt(copy, this.clock.now()) };
  }
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

export const chunkContext = (exportId: string, position: number): string => `subject-export:${exportId}:${position}`;

const EVERYTHING = [
  'identity-plain',
  'contact-plain',
  'subscription',
  'usage',
  'billing',
  'tier',
  'points',
  'tickets',
  'contacts',
  'analytics',
  'register',
];

/** What follows from the decision about a copy. */
@Injectable()
@CarriesOut(ExportOfSubject)
export class DecideSubjectExport implements CarriesOutApproval<ExportPayload> {
  constructor(
    private readonly requests: SubjectRequests,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async carryOut(tx: Tx, { payload }: Approved<ExportPayload>): Promise<object> {
    const { customerId, exportId } = payload;
    await moveExport(tx, payload, 'preparing');
    await this.outbox.publish(
      tx,
      SubjectCopyApproved,
      { customerId, exportId },
      { customerId, occurredAt: this.clock.now() },
    );
    return { exportId };
  }

  /** Whoever asked is told why. */
  async close(
    tx: Tx,
    { payload, status, comment, decidedBy }: Approval & { readonly payload: ExportPayload },
  ): Promise<void> {
    const copy = await lockExport(tx, payload.exportId);
    if (!copy) return;
    await moveExport(tx, payload, status === 'rejected' ? 'refused' : 'withdrawn');
    const answer = status === 'rejected' ? (comment ?? '') : 'Withdrawn by whoever asked (申请人撤回)';
    await this.requests.settle(tx, copy.requestId, { outcome: 'refused', answer }, { id: decidedBy ?? copy.askedBy });
  }
}
