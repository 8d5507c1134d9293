import { PosFieldMissing, TerminalDateOutOfRange } from './refusals.js';

/** What makes a message of a terminal the same when it comes again. */
export interface MessageKey {
  readonly terminalId: string;
  readonly batchNo: string;
  readonly traceNo: string;
  /** Of the terminal, `YYYY-MM-DD`. */
  readonly businessDate: string;
}

/** What a terminal does: hold, take at once, take what is held, undo on the day, give back later. */
export const messageKinds = ['authorisation', 'purchase', 'capture', 'void', 'return'] as const;
export type MessageKind = (typeof messageKinds)[number];

/** Kinds that a terminal reverses when no answer came (冲正). Those that undo something themselves are repeated instead. */
export const reversibleKinds = ['authorisation', 'purchase', 'capture'] as const;
export type ReversibleKind = (typeof reversibleKinds)[number];

export interface PosMessage extends MessageKey {
  readonly kind: MessageKind | 'reversal';
  readonly card?: { readonly cardNumber: string } | { readonly track: string } | undefined;
  /** At list price. */
  readonly amountFen?: number | undefined;
  /** The message that this one goes on from. */
  readonly original?: MessageKey | undefined;
  /** Of a reversal, which bears the key of its original: what that was. */
  readonly reverses?: ReversibleKind | undefined;
}

/** What a terminal is answered. Points of two fen each; nothing that tells who the customer is. */
export interface PosAnswer extends MessageKey {
  readonly kind: PosMessage['kind'];
  readonly status: 'done' | 'reversed';
  /** At list price. */
  readonly amountFen?: number;
  readonly discountPercent?: number;
  /** Held, taken, let go or given back. */
  readonly points?: number;
  readonly valueInFen?: number;
  readonly availableAfter?: number;
  /** Of an authorisation. */
  readonly expiresAt?: string;
}

/** @throws PosFieldMissing */
export function required<T>(value: T | undefined, field: string, kind: PosMessage['kind']): T {
  if (value === undefined) throw new PosFieldMissing({ field, kind });
  return value;
}

/** A terminal may send again what it sent before midnight, and its clock may be ahead. @throws TerminalDateOutOfRange */
export function requireNear(businessDate: string, today: string): void {
  const days = (Date.parse(businessDate) - Date.parse(today)) / 86_400_000;
  if (Math.abs(days) > 1) throw new TerminalDateOutOfRange({ businessDate, today });
}

export const keyOf = ({ terminalId, batchNo, traceNo, businessDate }: MessageKey): MessageKey => ({
  terminalId,
  batchNo,
  traceNo,
  businessDate,
});

export const textOf = ({ terminalId, batchNo, traceNo, businessDate }: MessageKey): string =>
  `${terminalId}~${batchNo}~${traceNo}~${businessDate}`;
