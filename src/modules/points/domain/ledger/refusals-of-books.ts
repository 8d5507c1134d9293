import { Refusal } from '../../../../platform/errors/index.js';

/** Nothing is posted into a month that was closed (PTS-32). */
export class BooksClosed extends Refusal {
  static readonly code = 'points.books-closed';
  static readonly kind = 'conflict';
  /** @param month `YYYY-MM` */
  constructor(month: string) {
    super(
      BooksClosed.code,
      BooksClosed.kind,
      `The books of ${month} are closed for good: post it on a day of a month that is open, as today`,
      { month },
    );
  }
}
