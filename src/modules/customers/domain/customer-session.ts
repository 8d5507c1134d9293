/** How long a customer stays signed in. */
export const SESSION_SECONDS = 30 * 60;

const PROOF_IS_FRESH_MS = 10 * 60_000;

/** Whether a customer who showed then to have the number in hand may still do what is sensitive. */
export const isFreshProof = (provedAt: Date, now: Date): boolean =>
  now.getTime() - provedAt.getTime() <= PROOF_IS_FRESH_MS;
