import type { Acting } from './acting.js';
import type { AuditedChange, Tx } from './tx.js';

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

  /** Called instead for a transaction that writes for several requests: a line for each of them. */
  async beforeCommitForRequests(tx: Tx, requests: readonly Acting[]): Promise<void> {
    for (const request of requests) await this.beforeCommit(tx, [], request);
  }
}
