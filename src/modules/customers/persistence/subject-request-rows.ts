import type { Tx } from '../../../platform/database/index.js';
import type { SubjectSecret } from '../../../platform/privacy/index.js';
import type { SubjectRequestKind, SubjectRequestStatus } from '../domain/subject-request.js';

export const REQUEST_COLUMNS = `r.customer_id AS "customerId", r.request_id AS "requestId", r.kind, r.channel,
  r.received_at AS "receivedAt", r.due_on AS "dueOn", r.detail_sealed AS "detailSealed", k.secret, r.status,
  r.recorded_by AS "recordedBy", r.recorded_at AS "recordedAt", r.answer, r.closed_by AS "closedBy", r.closed_at AS "closedAt"`;
export const REQUEST_FROM = `customers.subject_request r LEFT JOIN vault.subject_key k ON k.subject_id = r.customer_id`;

/** A request as it is stored: what the person said is sealed. */
export interface RequestRow {
  readonly customerId: string;
  readonly requestId: string;
  readonly kind: SubjectRequestKind;
  readonly channel: string;
  readonly receivedAt: Date;
  readonly dueOn: string;
  readonly detailSealed: Buffer | null;
  readonly secret: SubjectSecret | null;
  readonly status: SubjectRequestStatus;
  readonly recordedBy: string;
  readonly recordedAt: Date;
  readonly answer: string | null;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
}

export async function insertRequest(
  tx: Tx,
  request: Omit<RequestRow, 'secret' | 'answer' | 'closedBy' | 'closedAt' | 'status'>,
): Promise<void> {
  await tx.execute(
    `INSERT INTO customers.subject_request
       (customer_id, request_id, kind, channel, received_at, due_on, detail_sealed, status, recorded_by, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9)`,
    [
      request.customerId,
      request.requestId,
      request.kind,
      request.channel,
      request.receivedAt,
      request.dueOn,
      request.detailSealed,
      request.recordedBy,
      request.recordedAt,
    ],
  );
}

export async function readRequest(source: Pick<Tx, 'query'>, requestId: string): Promise<RequestRow | undefined> {
  const [row] = await source.query<RequestRow>(
    `SELECT ${REQUEST_COLUMNS} FROM ${REQUEST_FROM} WHERE r.request_id = $1`,
    [requestId],
  );
  return row;
}

export async function lockRequest(tx: Tx, requestId: string): Promise<RequestRow | undefined> {
  const [row] = await tx.query<RequestRow>(
    `SELECT ${REQUEST_COLUMNS} FROM ${REQUEST_FROM} WHERE r.request_id = $1 FOR UPDATE OF r`,
    [requestId],
  );
  return row;
}

export async function closeRequest(
  tx: Tx,
  { customerId, requestId }: Pick<RequestRow, 'customerId' | 'requestId'>,
  closed: {
    readonly status: 'done' | 'refused';
    readonly answer: string | undefined;
    readonly closedBy: string;
    readonly closedAt: Date;
  },
): Promise<void> {
  await tx.execute(
    `UPDATE customers.subject_request SET status = $3, answer = $4, closed_by = $5, closed_at = $6
     WHERE customer_id = $1 AND request_id = $2`,
    [customerId, requestId, closed.status, closed.answer ?? null, closed.closedBy, closed.closedAt],
  );
}
