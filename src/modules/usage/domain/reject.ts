export const REJECT_STATES = ['OPEN', 'REPLAYED', 'DISMISSED'] as const;
/** REPLAYED: came in when it was sent again; DISMISSED: somebody gave it up. */
export type RejectState = (typeof REJECT_STATES)[number];
