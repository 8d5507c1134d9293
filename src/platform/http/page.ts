import type { ListRequest } from './list-request.js';
import { selectFields } from './select-fields.js';

/** One page of a list. Returned by a controller, it becomes a JSON array with `X-Total-Count` and `X-Result-Count`. */
export class Page<V extends object> {
  constructor(
    readonly items: readonly Partial<V>[],
    /** How many there are in all, beyond this page. */
    readonly total: number,
  ) {}
}

/** Turns rows into views, keeps the fields that were asked for. */
export const pageOf = <R, V extends object>(
  rows: readonly R[],
  total: number,
  list: Pick<ListRequest, 'fields'>,
  view: (row: R) => V,
): Page<V> =>
  new Page<V>(
    rows.map((row) => selectFields(view(row), list.fields)),
    total,
  );
