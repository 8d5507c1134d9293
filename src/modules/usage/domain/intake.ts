import type { Kind } from './codes.js';

/** The intake of one file or one pushed batch. */
export interface Intake {
  readonly intakeId: string;
  readonly kind: Kind;
  readonly source: string;
  readonly receivedAt: Date;
  /** The provinces that the sender sends for; `undefined`: all. */
  readonly provinces?: readonly string[] | undefined;
}
