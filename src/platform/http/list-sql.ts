import { acting, isId, scopeCondition, unrestrictedCondition } from '../database/index.js';
import type { Database, Row, Tx } from '../database/index.js';
import { isAllowed } from '../identity/index.js';
import type { Attribute } from './resource.js';
import type { Filter, ListRequest } from './list-request.js';
import { pageOf } from './page.js';
import type { Page } from './page.js';

export interface ListSql {
  /** A condition that is always there (`TRUE` without filters), so that it can follow `WHERE` or `AND`. */
  readonly where: string;
  readonly params: readonly unknown[];
  /** The keys after `ORDER BY`, ending in the id: the same page twice is the same rows. */
  readonly orderBy: string;
  readonly limit: number;
  readonly offset: number;
}

const ARRAY: Readonly<Record<Attribute['type'], string>> = {
  text: 'text[]',
  enum: 'text[]',
  integer: 'bigint[]',
  instant: 'timestamptz[]',
  date: 'date[]',
  boolean: 'boolean[]',
  id: 'uuid[]',
};
const OPERATOR = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/**
 * The SQL of a list. Columns come from the declaration only, values are parameters only.
 * @param firstParamIndex number of the first `$n` that is free in the statement this becomes part of.
 */
export function toSql(list: ListRequest, firstParamIndex = 1): ListSql {
  const params: unknown[] = [];
  const conditions = list.filters.flatMap((filter) => {
    const attribute = list.resource.attributes[filter.attribute];
    const condition = attribute && conditionOf(attribute, filter, `$${firstParamIndex + params.length}`);
    if (!attribute || !condition) return [];
    params.push(valueOf(attribute, filter));
    return [`(${condition})`];
  });
  const keys = list.sort.map(({ attribute, descending }) => {
    const column = list.resource.attributes[attribute]?.column ?? list.resource.idColumn;
    return { column, direction: descending ? ' DESC' : '' };
  });
  if (!keys.some(({ column }) => column === list.resource.idColumn)) {
    // In the direction of the last key, so that one index (key, id) serves both directions.
    keys.push({ column: list.resource.idColumn, direction: keys.at(-1)?.direction ?? '' });
  }
  return {
    where: conditions.length > 0 ? conditions.join(' AND ') : 'TRUE',
    params,
    orderBy: keys.map(({ column, direction }) => column + direction).join(', '),
    limit: list.limit,
    offset: list.offset,
  };
}

function conditionOf(attribute: Attribute, filter: Filter, parameter: string): string | undefined {
  const array = `${parameter}::${ARRAY[attribute.type]}`;
  if (attribute.where) return attribute.where(array);
  if (!attribute.column) return undefined;
  return filter.comparison === 'eq'
    ? `${attribute.column} = ANY(${array})`
    : `${attribute.column} ${OPERATOR[filter.comparison]} (${array})[1]`;
}

const valueOf = (attribute: Attribute, filter: Filter): readonly unknown[] =>
  attribute.type === 'id' ? filter.values.filter((value) => isId(String(value))) : filter.values;

export interface ListSource {
  /** What follows SELECT. */
  readonly select: string;
  /** What follows FROM, joins included. */
  readonly from: string;
  /** A condition of the use case itself (scope of the actor…), with `$1…` into `params`. */
  readonly where?: string;
  readonly params?: readonly unknown[];
  /** Replaces `SELECT count(*)` where counting is dear; `{where}` in it stands for the whole condition. */
  readonly countSql?: string;
  /** Each statement of a page that takes longer is ended (`answerList`): what no index carries is not looked for at any price. */
  readonly withinMs?: number;
}

/** Reads one page: rows and total, of what is in the actor's scope. A first page that is not full needs no count. */
export async function readPage<R extends object = Row, V extends object = R>(
  database: Pick<Database | Tx, 'query'>,
  list: ListRequest,
  source: ListSource,
  view: (row: R) => V,
): Promise<Page<V>> {
  const { where, params, ...sql } = narrowed(list, source);
  const rows = await database.query<R>(
    `SELECT ${source.select} FROM ${source.from} WHERE ${where}
     ORDER BY ${sql.orderBy} LIMIT ${sql.limit} OFFSET ${sql.offset}`,
    params,
  );
  const isWhole = rows.length < sql.limit && (sql.offset === 0 || rows.length > 0);
  if (isWhole) return pageOf(rows, sql.offset + rows.length, list, view);
  const countSql = source.countSql ?? `SELECT count(*) AS total FROM ${source.from} WHERE {where}`;
  const [count] = await database.query<{ total: number }>(
    countSql.replaceAll('{where}', () => where),
    params,
  );
  return pageOf(rows, count?.total ?? 0, list, view);
}

/** All rows of a list, in its order; as many as the client asked for when it did. */
export function listedRows(
  list: ListRequest,
  source: ListSource,
): { readonly sql: string; readonly params: readonly unknown[] } {
  const { where, params, orderBy, offset } = narrowed(list, source);
  const limit = list.streamed?.limit;
  return {
    sql: `SELECT ${source.select} FROM ${source.from} WHERE ${where} ORDER BY ${orderBy}
      ${limit === undefined ? '' : `LIMIT ${limit}`} OFFSET ${offset}`,
    params,
  };
}

/** What the client asked for, of what is in the actor's scope. */
function narrowed(list: ListRequest, source: ListSource): ListSql {
  const { rowsOf } = list.resource;
  const who = acting();
  const scope = who?.scope;
  const own = source.params ?? [];
  const within = scope && rowsOf ? scopeCondition(scope, rowsOf, own.length + 1) : undefined;
  const seesRestricted = !who || (who.actor !== undefined && isAllowed(who.actor, 'privacy.read'));
  const unrestricted = rowsOf && !seesRestricted ? unrestrictedCondition(rowsOf) : undefined;
  const ownParams = [...own, ...(within?.params ?? [])];
  const sql = toSql(list, ownParams.length + 1);
  const conditions = [source.where && `(${source.where})`, within?.sql, unrestricted, sql.where];
  return { ...sql, where: conditions.filter(Boolean).join(' AND '), params: [...ownParams, ...sql.params] };
}
