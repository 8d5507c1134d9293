import type { CustomerStatus } from './profile.js';

/** What decides whether a customer may be erased. */
export interface Remembered {
  readonly status: CustomerStatus;
  /** `YYYY-MM-DD`: the last day on which the law wants the identity kept; `undefined` for who never was served. */
  readonly keptUntil: string | undefined;
  readonly isErased: boolean;
}

export type ErasureStanding = 'erased' | 'served' | 'kept' | 'due';

/**
 * How a customer stands to its erasure on a day: `served` while a number lives; `kept` for the term after the last one ended (MIIT
 * Order 25 art. 11), in which nothing but storing is done with the data (PIPL art. 47); then `due`. The same rule guards the
 * database's own function `customers.erase`.
 */
export function erasureStanding({ status, keptUntil, isErased }: Remembered, today: string): ErasureStanding {
  if (isErased) return 'erased';
  if (status === 'initialized') return 'due';
  if (status !== 'terminated' || keptUntil === undefined) return 'served';
  return keptUntil < today ? 'due' : 'kept';
}
