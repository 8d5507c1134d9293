import { BooksClosed } from '../../domain/ledger/refusals-of-books.js';

/** What posts, posts into open books: the database lets nothing into a month that was closed. @throws BooksClosed */
export async function intoOpenBooks<T>(posting: Promise<T>): Promise<T> {
  try {
    return await posting;
  } catch (error) {
    const month = error instanceof Error ? closedMonth(error) : undefined;
    throw month === undefined ? error : new BooksClosed(month);
  }
}

/** Partitions bear the names of their months. */
function closedMonth(error: Error & { readonly constraint?: unknown; readonly table?: unknown }): string | undefined {
  if (error.constraint !== 'books_are_closed') return undefined;
  const [, year, month] = /^posting_(\d{4})(\d{2})$/.exec(String(error.table)) ?? [];
  return `${year}-${month}`;
}
