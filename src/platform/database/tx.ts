import type { EntityManager } from 'typeorm';
import type { PoolClient } from 'pg';

export type Row = Record<string, unknown>;

/** A statement with a name that is its own in the whole application: `points.lock`. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /**
   * The same for many at once ({@link Together}): takes for each parameter an array (`text[]`), answers `nth`, counted from 1, beside what
   * it answers for one, and leaves out whoever needs more than the usual: he is served alone. No two of them have the same first parameter.
   */
  readonly forMany?: string;
}

/** What a use case says of one thing that it changed. Values do not get into the audit: digests and names of attributes do. */
export interface AuditedChange {
  /** `area.verb`: `organization.change-staff`. */
  readonly action: string;
  /** TM Forum's name of the type, or ours: `Customer`, `StaffMember`. */
  readonly objectType: string;
  readonly objectId?: string | undefined;
  readonly customerId?: string | undefined;
  /** Without it the object is new. */
  readonly before?: object | undefined;
  /** Without it the object is gone. */
  readonly after?: object | undefined;
  /** Default: what the request says. */
  readonly reason?: string | undefined;
  readonly approvalId?: string | undefined;
}

/** One open transaction. It must not be kept after the work that received it has ended. */
export interface Tx {
  /** Runs one statement and returns its rows (also those of `RETURNING`). */
  query<R extends object = Row>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Runs one statement and returns the number of rows that it touched. */
  execute(sql: string, params?: readonly unknown[]): Promise<number>;
  /** `query` by a name under which each connection plans the text once: for small statements that run often. */
  prepared<R extends object = Row>(statement: Statement, params: readonly unknown[]): Promise<R[]>;
  /** Says what was changed, for the audit of writes: stored with the change or not at all. */
  audit(change: AuditedChange): void;
  /** For the modules whose tables are TypeORM entities. */
  readonly manager: EntityManager;
  /** The connection itself, for COPY only. */
  readonly client: PoolClient;
}
