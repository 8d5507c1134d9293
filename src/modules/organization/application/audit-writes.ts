import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { Clock } from '../../../platform/clock/index.js';
import { connectionsBeside } from '../../../platform/database/data-source.js';
import { newId, WriteAudit, type Acting, type AuditedChange, type Tx } from '../../../platform/database/index.js';
import { canonicalJson, maskFreeText, PersonalData } from '../../../platform/privacy/index.js';
import { changedFields, objectTypeOf } from '../domain/audit-entry.js';
import { insertAuditEntries, insertAuditEntryIfWritten, type AuditRow } from '../persistence/audit-rows.js';
import { RegisterMonths } from '../persistence/register-months.js';

const TIMEOUT_MS = 10_000;

/**
 * The audit of writes (操作留痕, AUD-12): one line per change that a use case names; of a request that wrote without naming anything
 * one line that says so much as the request does. In the transaction of the change, so there is neither without the other.
 */
@Injectable()
export class AuditWrites extends WriteAudit implements OnApplicationShutdown {
  private readonly months: RegisterMonths;
  private readonly connection: Pool;

  constructor(
    source: DataSource,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {
    super();
    this.connection = connectionsBeside(source, { max: 1, timeoutMs: TIMEOUT_MS });
    this.months = new RegisterMonths(this.connection, 'audit_entry');
  }

  onApplicationShutdown(): Promise<void> {
    return this.connection.end();
  }

  async beforeCommit(tx: Tx, changes: readonly AuditedChange[], request: Acting | undefined): Promise<void> {
    const now = this.clock.now();
    await this.months.ensure(now);
    const context = contextOf(request, now);
    if (changes.length > 0) {
      const rows = changes.map((change) => ({ ...context, ...this.rowOf(change, request) }));
      await insertAuditEntries(tx, rows);
    } else if (request) {
      await insertAuditEntryIfWritten(tx, { ...context, ...this.rowOf(changeOf(request), request) });
    }
  }

  override async beforeCommitForRequests(tx: Tx, requests: readonly Acting[]): Promise<void> {
    if (requests.length === 0) return;
    const now = this.clock.now();
    await this.months.ensure(now);
    const rows = requests.map((request) => ({
      ...contextOf(request, now),
      ...this.rowOf(changeOf(request), request),
    }));
    await insertAuditEntries(tx, rows);
  }

  private rowOf(change: AuditedChange, request: Acting | undefined) {
    const { action, objectType, objectId, customerId, before, after, approvalId } = change;
    const reason = change.reason ?? request?.reason;
    return {
      entryId: newId(),
      action,
      objectType,
      objectId: objectId ?? null,
      customerId: customerId ?? null,
      beforeDigest: this.digest(change, before),
      afterDigest: this.digest(change, after),
      changedFields: changedFields(before, after),
      reason: reason === undefined ? null : maskFreeText(reason),
      approvalId: approvalId ?? null,
    };
  }

  /**
   * Keyed: a plain digest of a level or a birthday is found by trying them all. Of one object only: two customers of the same
   * level do not look alike.
   */
  private digest({ objectType, objectId }: AuditedChange, state: object | undefined): Buffer | null {
    if (state === undefined) return null;
    const text = `${objectType}\n${objectId ?? ''}\n${canonicalJson(state)}`;
    return this.personalData.blindIndex('audit', text);
  }
}

const changeOf = ({ operation, objectId }: Acting): AuditedChange => ({
  action: operation,
  objectType: objectTypeOf(operation),
  objectId,
});

function contextOf(
  request: Acting | undefined,
  occurredAt: Date,
): Omit<AuditRow, keyof ReturnType<AuditWrites['rowOf']>> {
  const actor = request?.actor;
  return {
    occurredAt,
    actorKind: actor?.kind ?? (request ? 'nobody' : 'application'),
    actorId: actor?.id ?? '',
    actorRole: actor?.role ?? '',
    unitId: actor?.unitId ?? null,
    sessionId: actor?.sessionId ?? null,
    clientAddress: request?.clientAddress ?? null,
    requestId: request?.requestId ?? '',
    operation: request?.operation ?? '',
  };
}
