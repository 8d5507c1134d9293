/** How calls are shared out: data, versioned, never changed once it is there. */
export interface RoutingPolicy {
  readonly version: number;
  /** From this rank (5 diamond … 0 ordinary) a customer is a VIP: vip seats and held-back agents are theirs. */
  readonly vipFromRank: number;
  /** Who has waited this long joins the first level, so that nobody waits for ever. */
  readonly promoteAfterSeconds: number;
  /** How long an offer rings. */
  readonly offerSeconds: number;
  /** The longest time after a call before the agent is available again by itself. */
  readonly wrapUpSeconds: number;
  /** For how long a contact is not offered again to an agent who did not take it. */
  readonly excludeSeconds: number;
  readonly noAnswersBeforePause: number;
  /** Mean time of a call with its wrap-up, for the announced wait. */
  readonly meanHandleSeconds: number;
  /** The promise by level, for reports: so many percent of calls answered within so many seconds. */
  readonly answerTargets: Readonly<Record<string, { readonly seconds: number; readonly percent: number }>>;
}

export const TOP_RANK = 5;

/** Announced wait: place in the queue ÷ rate at which the staffed agents become free (Erlang, M/M/c). */
export function expectedWaitSeconds({
  position,
  staffed,
  meanHandleSeconds,
}: {
  readonly position: number;
  readonly staffed: number;
  readonly meanHandleSeconds: number;
}): number | undefined {
  return staffed > 0 ? Math.ceil((position * meanHandleSeconds) / staffed) : undefined;
}
