import { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import type { Database, Row, RowCursor } from '../database/index.js';
import { Refusal } from '../errors/index.js';
import type { ListRequest } from './list-request.js';
import { listedRows, readPage, type ListSource } from './list-sql.js';
import type { Page } from './page.js';
import { selectFields } from './select-fields.js';

/** One JSON object per line (https://github.com/ndjson/ndjson-spec). */
export const NDJSON = 'application/x-ndjson';

/** Each holds a connection as long as its reader reads. */
const AT_ONCE = 4;
const ROWS_PER_PAGE = 1000;
/** A reader who takes nothing for so long gives the connection back to others. */
const PATIENCE_MS = 60_000;
/** However slowly somebody reads: what one transaction sees cannot be cleaned up while it is open. */
const LIFETIME_MS = 30 * 60_000;

let open = 0;

export class TooManyStreams extends Refusal {
  static readonly code = 'request.too-many-streams';
  static readonly kind = 'too-many';
  constructor() {
    super(TooManyStreams.code, TooManyStreams.kind, 'Too many lists are being streamed at the moment', {
      retryAfterSeconds: 30,
    });
  }
}

/** What a list shows of its rows, and what is done before they are shown: whoever looks at customers is registered with them. */
export interface Showing<R, V extends object> {
  readonly view: (row: R) => V;
  readonly beforeShown?: (rows: readonly R[]) => Promise<void>;
}

/**
 * The answer to a list: one page, or for a client that accepts NDJSON all rows, straight from a cursor and no faster than the client
 * reads. Filters, scope, order, `fields`, and what is registered are the same. @throws TooManyStreams
 */
export async function answerList<R extends object = Row, V extends object = R>(
  database: Database,
  list: ListRequest,
  source: ListSource,
  showing: Showing<R, V>,
): Promise<Page<V> | StreamableFile> {
  if (list.streamed) return streamRows(database, list, source, showing);
  const { view, beforeShown } = showing;
  const { withinMs } = source;
  const reader = {
    query: <T extends object>(sql: string, params?: readonly unknown[]): Promise<T[]> =>
      database.query<T>(sql, params, withinMs === undefined ? {} : { withinMs }),
  };
  const shown: R[] = [];
  const page = await readPage<R, V>(reader, list, source, (row) => {
    shown.push(row);
    return view(row);
  });
  await beforeShown?.(shown);
  return page;
}

async function streamRows<R extends object, V extends object>(
  database: Database,
  list: ListRequest,
  source: ListSource,
  { view, beforeShown }: Showing<R, V>,
): Promise<StreamableFile> {
  if (open >= AT_ONCE) throw new TooManyStreams();
  open++;
  const ended = (): void => void open--;
  const { sql, params } = listedRows(list, source);
  const cursor = await database.cursor<R>(sql, params).catch((error: unknown) => {
    ended();
    throw error;
  });
  const linesOf = async (rows: readonly R[]): Promise<string> => {
    await beforeShown?.(rows);
    return rows.map((row) => `${JSON.stringify(selectFields(view(row), list.fields))}\n`).join('');
  };
  const lines = new RowLines(cursor, linesOf, ended);
  // Whatever is wrong with the statement is still answered as a refusal.
  await lines.begin();
  return new StreamableFile(lines, { type: `${NDJSON}; charset=utf-8` });
}

/** The rows of a cursor as text. The next page is read when the one before has gone out, and never after the reader has left. */
class RowLines<R extends object> extends Readable {
  #first: readonly R[] | undefined;
  #impatient: NodeJS.Timeout | undefined;
  readonly #end = setTimeout(() => this.destroy(), LIFETIME_MS).unref();

  constructor(
    private readonly cursor: RowCursor<R>,
    private readonly linesOf: (rows: readonly R[]) => Promise<string>,
    private readonly ended: () => void,
  ) {
    super({ highWaterMark: 1 });
  }

  async begin(): Promise<void> {
    try {
      this.#first = await this.cursor.next(ROWS_PER_PAGE);
    } catch (error) {
      this.destroy();
      throw error;
    }
    this.#wait();
  }

  override _read(): void {
    clearTimeout(this.#impatient);
    this.#page().then(
      ({ lines, isLast }) => {
        if (this.destroyed) return;
        this.#wait();
        if (lines !== '') this.push(lines);
        if (isLast) this.push(null);
      },
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error('A page could not be read')),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#impatient);
    clearTimeout(this.#end);
    this.cursor
      .close()
      .finally(this.ended)
      .then(
        () => done(error),
        () => done(error),
      );
  }

  async #page(): Promise<{ readonly lines: string; readonly isLast: boolean }> {
    const first = this.#first;
    this.#first = undefined;
    const rows = first ?? (await this.cursor.next(ROWS_PER_PAGE));
    return { lines: rows.length > 0 || first ? await this.linesOf(rows) : '', isLast: rows.length < ROWS_PER_PAGE };
  }

  #wait(): void {
    this.#impatient = setTimeout(() => this.destroy(), PATIENCE_MS).unref();
  }
}
