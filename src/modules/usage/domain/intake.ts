import type { Kind } from './codes.js';

/** `backfill`: history that is loaded afterwards. It gives way to what is new, and no customer is told of it. */
export const LANES = ['normal', 'backfill'] as const;
export type IntakeLane = (typeof LANES)[number];

/** The intake of one file or one pushed batch. */
export interface Intake {
  readonly intakeId: string;
  readonly kind: Kind;
  readonly source: string;
  readonly lane: IntakeLane;
  readonly receivedAt: Date;
  /** The provinces that the sender sends for; `undefined`: all. */
  readonly provinces?: readonly string[] | undefined;
  /** The province and business date (`YYYY-MM-DD`) for which it counts; online: the whole country, the day it came. */
  readonly province?: string | undefined;
  readonly businessDate?: string | undefined;
  /** Which reject each of its lines was, in their order, when they are sent again. */
  readonly mends?: readonly string[] | undefined;
}
