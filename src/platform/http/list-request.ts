import { Refusal } from '../errors/index.js';
import type { Attribute, Resource } from './resource.js';
import { parseFields } from './select-fields.js';
import { shownName } from './shown-name.js';
import type { FieldTree } from './select-fields.js';

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 1000;

export type Comparison = 'eq' | 'gt' | 'gte' | 'lt' | 'lte';
export type FilterValue = string | number | boolean;

export interface Filter {
  readonly attribute: string;
  readonly comparison: Comparison;
  /** Any of them (`status=open,closed`); ordered comparisons have one. */
  readonly values: readonly FilterValue[];
}

/** A checked TMF630 list query. */
export interface ListRequest {
  readonly resource: Resource;
  readonly offset: number;
  readonly limit: number;
  readonly fields: FieldTree | undefined;
  readonly filters: readonly Filter[];
  readonly sort: readonly { readonly attribute: string; readonly descending: boolean }[];
  /** The client takes all rows as they come, not a page of them; `limit` when it gave one. */
  readonly streamed?: { readonly limit: number | undefined } | undefined;
}

export class InvalidListQuery extends Refusal {
  static readonly code = 'request.invalid-query';
  static readonly kind = 'malformed';
  constructor(field: string, message: string, expected: string | readonly string[]) {
    super(InvalidListQuery.code, InvalidListQuery.kind, message, { field, expected });
  }
}

const COMPARISONS = ['gt', 'gte', 'lt', 'lte'] as const;
const ORDERED = new Set(['integer', 'instant', 'date']);
const RESERVED = new Set(['offset', 'limit', 'fields', 'sort']);

export type RawQuery = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Reads a TMF630 query against the declaration of a resource.
 * @throws InvalidListQuery naming the parameter and what would be right.
 */
export function parseListRequest(resource: Resource, query: RawQuery): ListRequest {
  return {
    resource,
    offset: wholeNumber(query, 'offset', 0, Number.MAX_SAFE_INTEGER),
    limit: wholeNumber(query, 'limit', DEFAULT_LIMIT, MAX_LIMIT),
    fields: parseFields(single(query, 'fields')),
    filters: Object.entries(query).flatMap(([key, raw]) =>
      RESERVED.has(key) || raw === undefined ? [] : [parseFilter(resource, key, raw)],
    ),
    sort: parseSort(resource, single(query, 'sort') ?? resource.defaultSort),
  };
}

/** The values a client asked for an attribute that has no SQL of its own; `undefined` when it did not filter by it. */
export const filterValues = (list: ListRequest, attribute: string): readonly FilterValue[] | undefined =>
  list.filters.find((filter) => filter.attribute === attribute && filter.comparison === 'eq')?.values;

export const filterableOf = (resource: Resource): readonly string[] =>
  Object.entries(resource.attributes).flatMap(([name, attribute]) => (attribute.filter ? [name] : []));

export const sortableOf = (resource: Resource): readonly string[] =>
  Object.entries(resource.attributes).flatMap(([name, attribute]) => (attribute.sort ? [name] : []));

export const isOrdered = (attribute: Attribute): boolean => ORDERED.has(attribute.type) && !!attribute.column;

function single(query: RawQuery, name: string): string | undefined {
  const raw = query[name];
  return typeof raw === 'object' ? raw.join(',') : raw;
}

function wholeNumber(query: RawQuery, name: string, fallback: number, max: number): number {
  const text = single(query, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) {
    const expected = name === 'limit' ? `a whole number from 0 to ${max}` : 'a whole number from 0';
    throw new InvalidListQuery(name, `${name} must be ${expected}`, expected);
  }
  return value;
}

function parseSort(resource: Resource, text: string): ListRequest['sort'] {
  return text.split(',').map((key) => {
    const attribute = key.replace(/^[-+ ]/, ''); // A "+" that was not escaped arrives as a space.
    const isDefault = text === resource.defaultSort;
    if (!isDefault && !declared(resource, attribute)?.sort) {
      const allowed = sortableOf(resource);
      throw new InvalidListQuery('sort', `sort does not know this attribute; it knows ${listed(allowed)}`, allowed);
    }
    return { attribute, descending: key.startsWith('-') };
  });
}

function parseFilter(resource: Resource, key: string, raw: string | readonly string[]): Filter {
  const { name, comparison } = splitComparison(resource, key);
  const attribute = declared(resource, name);
  if (!attribute?.filter) {
    const allowed = filterableOf(resource);
    const shown = shownName(key);
    throw new InvalidListQuery(shown, `There is no filter "${shown}"; there are ${listed(allowed)}`, allowed);
  }
  if (comparison !== 'eq' && !isOrdered(attribute)) {
    throw new InvalidListQuery(key, `${name} can be compared for equality only`, `${name}=value`);
  }
  const texts = (typeof raw === 'string' ? [raw] : raw).flatMap((text) => text.split(','));
  if (comparison !== 'eq' && texts.length > 1) {
    throw new InvalidListQuery(key, `${key} takes one value`, 'one value');
  }
  return { attribute: name, comparison, values: texts.map((text) => parseValue(key, attribute, text)) };
}

const declared = (resource: Resource, name: string): Attribute | undefined =>
  Object.hasOwn(resource.attributes, name) ? resource.attributes[name] : undefined;

function splitComparison(resource: Resource, key: string): { name: string; comparison: Comparison } {
  const dot = key.lastIndexOf('.');
  const comparison = COMPARISONS.find((suffix) => suffix === key.slice(dot + 1));
  // An attribute may itself be called like a comparison; the declaration wins.
  if (dot < 0 || !comparison || declared(resource, key)) return { name: key, comparison: 'eq' };
  return { name: key.slice(0, dot), comparison };
}

function parseValue(key: string, attribute: Attribute, text: string): FilterValue {
  const { expected, parse } = VALUE_TYPES[attribute.type];
  const value = parse(text, attribute);
  if (value !== undefined) return value;
  const right = attribute.type === 'enum' ? (attribute.values ?? []) : expected;
  throw new InvalidListQuery(
    key,
    `${key} must be ${typeof right === 'string' ? right : `one of ${listed(right)}`}`,
    right,
  );
}

const listed = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'none');

type ValueType = {
  readonly expected: string;
  readonly parse: (text: string, attribute: Attribute) => FilterValue | undefined;
};

const VALUE_TYPES: Readonly<Record<Attribute['type'], ValueType>> = {
  // NUL cannot be stored in PostgreSQL and would fail there.
  text: { expected: 'a text', parse: (text) => (text.length > 0 && !text.includes('\0') ? text : undefined) },
  // An id of another shape is the id of nothing: the list is empty, as GET would be 404.
  id: { expected: 'an id', parse: (text) => (text.length > 0 && !text.includes('\0') ? text : undefined) },
  enum: {
    expected: 'one of the known values',
    parse: (text, attribute) => attribute.values?.find((value) => value === text),
  },
  integer: {
    expected: 'a whole number',
    parse: (text) => (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined),
  },
  boolean: {
    expected: 'true or false',
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  date: { expected: 'a date YYYY-MM-DD', parse: (text) => (isDate(text) ? text : undefined) },
  instant: { expected: 'an instant like 2026-01-31T08:00:00+08:00, or a date', parse: parseInstantFilter },
};

function parseInstantFilter(text: string): string | undefined {
  const instant = isDate(text) ? `${text}T00:00:00+08:00` : text; // A bare day begins in Shanghai.
  return parseInstant(instant.replace(' ', '+'))?.toISOString(); // A "+" that was not escaped arrives as a space.
}

const BEYOND_9999 = Date.UTC(10_000, 0);
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$/;

/** A calendar day that exists, `YYYY-MM-DD`, from 1900 on: what is said of earlier ones is a mistake here. */
export const isDate = (text: string): boolean => {
  if (!DATE.test(text) || text < '1900') return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};

/** An ISO-8601 instant with offset; `undefined` when it is not one. */
export function parseInstant(text: string): Date | undefined {
  const day = INSTANT.exec(text)?.[1];
  if (!day || !isDate(day)) return undefined;
  const instant = new Date(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  // West of Greenwich the last day of 9999 ends in a year that PostgreSQL reads differently.
  return instant.getTime() < BEYOND_9999 ? instant : undefined;
}
