/** One look at customers' data (查阅登记, AUD-01), or one that was refused (AUD-02). It never holds the data itself. */
export interface AccessEntry {
  /** Who looked: the actor of the request. */
  readonly actor: {
    /** `unknown`: nobody had signed in. */
    readonly kind: 'staff' | 'system' | 'customer' | 'unknown';
    readonly id: string;
    readonly role: string;
    readonly unitId: string | undefined;
    readonly sessionId?: string | undefined;
    readonly requestId: string;
    /** From where. */
    readonly clientAddress?: string | undefined;
  };
  /** What was done, `area.verb`: `customers.read`, `customers.search`, `customers.unmask`, `usage.list`, … */
  readonly action: string;
  /** Pseudonymous ids; of long lists the first {@link REGISTERED_IDS} are kept. */
  readonly customerIds: readonly string[];
  /** How many customers were shown; default: the number of ids. */
  readonly customerCount?: number;
  /** What was shown of them: `identity`, `contact`, `subscription`, `billing`, `usage`, `points`, `tickets`, … */
  readonly fieldGroups: readonly string[];
  /** The thing that was looked at, when it is not the customer: `{ type: 'ticket', id }`. */
  readonly object?: { readonly type: string; readonly id: string } | undefined;
  /** Why: `service` unless the actor said otherwise. */
  readonly purpose?: string | undefined;
  /** The ticket that is the reason of the look. */
  readonly ticketRef?: string | undefined;
  /** The code of the refusal; without one the look was granted. */
  readonly refusal?: string | undefined;
}

export const REGISTERED_IDS = 1000;
