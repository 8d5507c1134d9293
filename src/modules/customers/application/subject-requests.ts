import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, isId, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { maskFreeText, PersonalData } from '../../../platform/privacy/index.js';
import { AnswerMissing, ReceivedInFuture, SubjectRequestNotFound } from '../domain/refusals-of-subject-rights.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { dueOn, requireOpen, type SubjectRequestKind, type SubjectRequestStatus } from '../domain/subject-request.js';
import { secretIn, SubjectKeys } from '../persistence/subject-keys.js';
import {
  closeRequest,
  insertRequest,
  lockRequest,
  readRequest,
  REQUEST_COLUMNS,
  REQUEST_FROM,
  type RequestRow,
} from '../persistence/subject-request-rows.js';
import { FindCustomers } from './find-customers.query.js';

export interface NewSubjectRequest {
  readonly customerId: string;
  readonly kind: SubjectRequestKind;
  readonly channel: string;
  /** Default: now. */
  readonly receivedAt?: Date | undefined;
  /** In the person's own words. */
  readonly detail?: string | undefined;
}

export interface Answer {
  readonly outcome: 'done' | 'refused';
  /** For the person; a refusal needs one. */
  readonly answer?: string | undefined;
}

export interface SubjectRequest extends NewSubjectRequest {
  readonly receivedAt: Date;
  readonly requestId: string;
  readonly dueOn: string;
  readonly isOverdue: boolean;
  readonly status: SubjectRequestStatus;
  readonly recordedBy: string;
  readonly recordedAt: Date;
  readonly answer: string | undefined;
  readonly closedBy: string | undefined;
  readonly closedAt: Date | undefined;
}

/** What people ask about their own data (个人信息主体权利请求): written down with the day by which they are answered, so nothing is lost. */
@Injectable()
export class SubjectRequests {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly customers: FindCustomers,
    private readonly subjectKeys: SubjectKeys,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, CustomerIsErased, ReceivedInFuture */
  async record(request: NewSubjectRequest, actor: Pick<Actor, 'id'>): Promise<SubjectRequest> {
    const requestId = await this.transaction.run((tx) => this.open(tx, request, actor));
    return this.one(requestId);
  }

  /** {@link record} in a transaction of the caller; answers its id. */
  async open(tx: Tx, request: NewSubjectRequest, actor: Pick<Actor, 'id'>): Promise<string> {
    const now = this.clock.now();
    const { customerId, kind, channel, receivedAt = now, detail } = request;
    if (receivedAt > now) throw new ReceivedInFuture();
    if (!(await this.customers.lock(tx, customerId))) throw new CustomerNotFound();
    const requestId = newId();
    const secret = secretIn(await this.subjectKeys.ensure(tx, [customerId], now), customerId);
    await insertRequest(tx, {
      customerId,
      requestId,
      kind,
      channel,
      receivedAt,
      dueOn: dueOn(businessDate(receivedAt)),
      detailSealed: detail === undefined ? null : this.personalData.seal(detail, contextOf(requestId), secret),
      recordedBy: actor.id,
      recordedAt: now,
    });
    tx.audit({
      action: 'privacy.record-request',
      ...about({ customerId, requestId }),
      after: { kind, channel, receivedAt },
    });
    return requestId;
  }

  /** @throws SubjectRequestNotFound, SubjectRequestClosed, AnswerMissing */
  async answer(requestId: string, given: Answer, actor: Pick<Actor, 'id' | 'kind'>): Promise<SubjectRequest> {
    await this.transaction.run((tx) => this.close(tx, requestId, given, actor));
    return this.one(requestId);
  }

  /** {@link answer} in a transaction of the caller. */
  async close(tx: Tx, requestId: string, { outcome, answer }: Answer, actor: Pick<Actor, 'id'>): Promise<void> {
    const before = isId(requestId) ? await lockRequest(tx, requestId) : undefined;
    if (!before) throw new SubjectRequestNotFound();
    requireOpen(before);
    const words = answer?.trim();
    if (outcome === 'refused' && !words) throw new AnswerMissing();
    const kept = words ? maskFreeText(words) : undefined;
    const closed = { status: outcome, answer: kept, closedBy: actor.id, closedAt: this.clock.now() };
    await closeRequest(tx, before, closed);
    tx.audit({
      action: 'privacy.answer-request',
      ...about(before),
      before: { status: before.status },
      after: { status: outcome, answer: kept },
    });
  }

  /** {@link close}, unless somebody has answered it meanwhile. */
  async settle(tx: Tx, requestId: string, given: Answer, actor: Pick<Actor, 'id'>): Promise<void> {
    const request = await lockRequest(tx, requestId);
    if (request?.status === 'open') await this.close(tx, requestId, given, actor);
  }

  /** @throws SubjectRequestNotFound, SubjectRequestClosed */
  async requireOpenOf(tx: Tx, requestId: string, customerId: string): Promise<void> {
    const request = isId(requestId) ? await lockRequest(tx, requestId) : undefined;
    if (request?.customerId !== customerId) throw new SubjectRequestNotFound();
    requireOpen(request);
  }

  /** @throws SubjectRequestNotFound */
  async one(requestId: string): Promise<SubjectRequest> {
    const row = isId(requestId) ? await readRequest(this.database, requestId) : undefined;
    if (!row) throw new SubjectRequestNotFound();
    return this.shown(row);
  }

  /** The resource may compare with `$1`: now. */
  page<V extends object>(list: ListRequest, view: (request: SubjectRequest) => V): Promise<Page<V>> {
    const source = {
      select: REQUEST_COLUMNS,
      from: REQUEST_FROM,
      where: 'r.recorded_at <= $1::timestamptz',
      params: [this.clock.now()],
    };
    return readPage<RequestRow, V>(this.database, list, source, (row) => view(this.shown(row)));
  }

  private shown({ detailSealed, secret, ...row }: RequestRow): SubjectRequest {
    return {
      ...row,
      detail: this.personalData.openIfKept(detailSealed, contextOf(row.requestId), secret),
      isOverdue: row.status === 'open' && row.dueOn < businessDate(this.clock.now()),
      answer: row.answer ?? undefined,
      closedBy: row.closedBy ?? undefined,
      closedAt: row.closedAt ?? undefined,
    };
  }
}

export const contextOf = (requestId: string): string => `subject-request.detail:${requestId}`;

const about = ({ customerId, requestId }: Pick<RequestRow, 'customerId' | 'requestId'>) => ({
  objectType: 'SubjectRequest',
  objectId: requestId,
  customerId,
});
