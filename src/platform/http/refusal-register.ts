import type { Actor } from '../identity/index.js';

/** A request that was turned away for who asked: without valid credentials, without permission, out of scope. */
export interface RefusedRequest {
  /** `undefined` when nobody could be recognised. */
  readonly actor: Actor | undefined;
  readonly requestId: string;
  readonly clientAddress: string;
  /** `GET /care-api/points/v1/account/:customerId`: the route as it is declared. */
  readonly operation: string;
  /** Of the refusal, e.g. `access.permission-missing`. */
  readonly code: string;
  /** The system that came with a key of its own that was revoked. */
  readonly ownerOfRevokedKey?: string | undefined;
  /** Whom it was about, as far as that is known. */
  readonly customerIds: readonly string[];
}

/** Where refusals are kept (AUD-02). Platform tells, the organization module keeps them. */
export abstract class RefusalRegister {
  abstract refused(refusal: RefusedRequest): Promise<void>;
}
