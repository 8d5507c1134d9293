/** One look at customers' data (查阅登记, AUD-01). */
export interface AccessEntry {
  /** Who looked: the actor of the request. */
  readonly actor: {
    readonly kind: 'staff' | 'system';
    readonly id: string;
    readonly role: string;
    readonly unitId: string | undefined;
    readonly requestId: string;
  };
  /** What was done, `area.verb`: `customers.read`, `customers.search`, `customers.unmask`, `usage.list`, … */
  readonly action: string;
  /** Pseudonymous ids; of long lists the first {@link REGISTERED_IDS} are kept. */
  readonly customerIds: readonly string[];
  /** How many customers were shown; default: the number of ids. */
  readonly customerCount?: number;
  /** What was shown of them: `identity`, `contact`, `subscription`, `billing`, `usage`, `points`, `tickets`, … */
  readonly fieldGroups: readonly string[];
  /** Why: `service` unless the actor said otherwise. */
  readonly purpose?: string;
  /** Default `granted`. */
  readonly result?: 'granted' | 'refused';
}

export const REGISTERED_IDS = 1000;
