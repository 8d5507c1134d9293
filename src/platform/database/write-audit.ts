import type { Acting } from './acting.js';
import type { Tx } from './tx.js';

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

/**
 * The audit of writes (操作留痕, AUD-12). Platform asks, the organization module answers:
 * `{ provide: WriteAudit, useClass: … }`, exported from a global module.
 */
export abstract class WriteAudit {
  /**
   * Called once for each transaction on behalf of a request, and for others in which a use case had something to say; just before
   * the commit, on its connection. When nobody said anything and rows were written, it writes a line from the request itself.
   */
  abstract beforeCommit(tx: Tx, changes: readonly AuditedChange[], acting: Acting | undefined): Promise<void>;
}
