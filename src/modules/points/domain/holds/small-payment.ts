import { FEN_PER_POINT } from '../ledger/points-value.js';
import { PaymentReversalTooLate } from './refusals-of-holds.js';

/** Points for an amount in fen, rounded up: an odd fen costs a whole point (PTS-23). */
export const pointsToPay = (fen: number): number => Math.ceil(fen / FEN_PER_POINT);

/** @throws PaymentReversalTooLate */
export function requireReversible(paidAt: Date, now: Date, reversalHours: number): void {
  const until = new Date(paidAt.getTime() + reversalHours * 3_600_000);
  if (now > until) throw new PaymentReversalTooLate({ paidAt: paidAt.toISOString(), until: until.toISOString() });
}
