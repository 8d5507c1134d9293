/** The books of a calendar month: sums of the house side, and whether anything may still be posted. */
export interface BooksOfMonth {
  /** Its first day. */
  readonly month: string;
  /** How many postings the sums are made of. */
  readonly postings: number;
  readonly rolledAt: Date | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  /** Closed, and rolled up after that. */
  readonly isFinal: boolean;
}
