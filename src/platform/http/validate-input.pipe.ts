import { Injectable } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import type { ValidationError } from 'class-validator';
import { Readable } from 'node:stream';
import { Refusal } from '../errors/index.js';
import { fieldsOf, keepsUnknownAttributes } from './fields.js';
import type { Expectation } from './fields.js';
import { UnsupportedMediaType } from './http-refusals.js';
import { shownName } from './shown-name.js';

export interface Violation {
  /** Dotted path, `line.3.quantity`. */
  readonly field: string;
  readonly problem: string;
  readonly expected: string | readonly string[];
}

/** One refusal for everything that is wrong with a body or query. Values are not repeated: they may be personal. */
export class InvalidInput extends Refusal {
  static readonly code = 'request.invalid';
  static readonly kind = 'malformed';
  constructor(
    readonly violations: readonly Violation[],
    known: readonly string[] = [],
  ) {
    const message = violations.map(({ field, problem }) => `${field} ${problem}`).join('; ');
    const [first] = violations;
    super(InvalidInput.code, InvalidInput.kind, message, {
      field: first?.field,
      expected: first?.expected,
      ...(known.length > 0 && { known }),
    });
  }
}

const MAX_VIOLATIONS = 20;
type Class = new () => object;

/** Checks bodies and queries against the field decorators of their classes; everything else passes. */
@Injectable()
export class ValidateInput implements PipeTransform {
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (type === 'body' && value instanceof Readable) {
      if (metatype === Readable) return value;
      value.resume();
      throw new UnsupportedMediaType('application/json');
    }
    if (!isDto(metatype)) return value;
    if (type === 'query') return validated(metatype, fromQuery(metatype, value));
    // No body is an empty one: what is missing in it is told field by field.
    return type === 'body' ? validated(metatype, value === undefined ? {} : value) : value;
  }
}

const BUILT_IN: ReadonlySet<unknown> = new Set([Object, String, Number, Boolean, Array, Date, Buffer, Readable]);
const isDto = (metatype: unknown): metatype is Class => typeof metatype === 'function' && !BUILT_IN.has(metatype);

/** @throws InvalidInput with all violations. */
export async function validated<T extends object>(type: new () => T, value: unknown): Promise<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidInput([{ field: 'body', problem: 'must be a JSON object', expected: 'a JSON object' }]);
  }
  const given: Record<string, unknown> = { ...value };
  for (const [name, field] of fieldsOf(type)) {
    if (given[name] === undefined && field.default !== undefined) given[name] = structuredClone(field.default);
  }
  const unstorable = Object.entries(value).flatMap(([field, inner]) => {
    const problem = problemOfName(field) ?? problemOfJson(inner);
    return problem === undefined ? [] : [{ field: shownName(field), problem: `must be ${problem}`, expected: problem }];
  });
  if (unstorable.length > 0) throw new InvalidInput(unstorable.slice(0, MAX_VIOLATIONS));
  const instance = plainToInstance(type, given, { exposeUnsetFields: false });
  const holder = instance as Record<string, unknown>;
  // `'name' in body` must mean that it was sent; class fields exist from birth.
  for (const name of Object.keys(holder)) if (holder[name] === undefined) delete holder[name];
  const keepsUnknown = keepsUnknownAttributes(type);
  const errors = await validate(instance, {
    whitelist: !keepsUnknown,
    forbidNonWhitelisted: !keepsUnknown,
    forbidUnknownValues: false,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0)
    throw new InvalidInput(errors.flatMap((error) => violationsOf(error, '')).slice(0, MAX_VIOLATIONS));
  return instance;
}

const MAX_DEPTH = 64;
const UNSTORABLE = /\0|\p{Surrogate}/u;

/**
 * What neither PostgreSQL could keep (NUL, half of a surrogate pair) nor a recursion would survive, wherever it hides; and
 * attributes that class-transformer would take for the constructor of their object.
 */
export function problemOfJson(value: unknown, depth = 1): string | undefined {
  if (typeof value === 'string') return UNSTORABLE.test(value) ? 'made of whole characters without NUL' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return `nested at most ${MAX_DEPTH} deep`;
  for (const [name, inner] of Object.entries(value)) {
    const problem = problemOfName(name) ?? problemOfJson(inner, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const problemOfName = (name: string): string | undefined =>
  name === 'constructor' ? 'without attributes named constructor' : problemOfJson(name);

function violationsOf(error: ValidationError, parent: string): readonly Violation[] {
  const field = parent + shownName(error.property);
  const inner = (error.children ?? []).flatMap((child) => violationsOf(child, `${field}.`));
  const constraints = error.constraints ?? {};
  if (constraints['whitelistValidation']) {
    return [{ field, problem: 'is not an attribute here', expected: 'no such attribute' }];
  }
  const own = constraints['field'];
  if (own) {
    const { expected } = (error.contexts?.['field'] ?? { expected: own }) as Expectation;
    return [{ field, problem: own, expected }];
  }
  if (inner.length > 0) return inner;
  return Object.values(constraints).map((problem) => ({ field, problem, expected: problem }));
}

function fromQuery(type: Class, query: unknown): unknown {
  const fields = fieldsOf(type);
  return Object.fromEntries(
    Object.entries(query ?? {}).map(([name, value]: [string, unknown]) => {
      const convert = fields.get(name)?.fromQuery;
      return [name, convert && typeof value === 'string' ? convert(value) : value];
    }),
  );
}
