import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { Allow, IsOptional, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';
import { isDate, parseInstant } from './list-request.js';

export interface FieldOptions {
  readonly description?: string;
  /** A value that works against the demo data. */
  readonly example?: unknown;
  /** May be absent. (An explicit null is refused unless `nullable`; in a merge patch null removes, so patches are both.) */
  readonly optional?: boolean;
  readonly nullable?: boolean;
  /** Documented as set by the server. */
  readonly readOnly?: boolean;
  /** Taken when the field is absent; implies `optional`. */
  readonly default?: unknown;
}
export interface TextOptions extends FieldOptions {
  /** Default 1: an empty text is no text. */
  readonly minLength?: number;
  /** Default 1000. */
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  /** What the pattern means, for the refusal: `a province code of 2 to 6 letters or digits`. */
  readonly patternMeans?: string;
}
export interface IntegerOptions extends FieldOptions {
  readonly min?: number;
  readonly max?: number;
}
export interface EnumOptions extends FieldOptions {
  readonly values: readonly string[];
  /** Gives the enumeration its own schema in the documentation, shared by all fields with the name. */
  readonly enumName?: string;
}
export interface ListOptions extends FieldOptions {
  /** Number of items. Default 0 … 1000. */
  readonly min?: number;
  readonly max?: number;
  /** Allowed values of the items, for lists of texts. */
  readonly values?: readonly string[];
  readonly unique?: boolean;
}

/** A text. Trimmed of nothing, changed in nothing. */
export const TextField = (options: TextOptions = {}): PropertyDecorator => {
  const { minLength = 1, maxLength = 1000, pattern, patternMeans } = options;
  const expected =
    patternMeans ??
    (pattern ? `a text that matches ${pattern.source}` : `a text of ${minLength} to ${maxLength} characters`);
  const length = (value: string): boolean => value.length >= minLength && value.length <= maxLength;
  return scalar({
    options,
    expected,
    // NUL cannot be stored in PostgreSQL and would fail there.
    accepts: (value) =>
      typeof value === 'string' && length(value) && !value.includes('\0') && (!pattern || pattern.test(value)),
    schema: { type: 'string', minLength, maxLength, ...(pattern && { pattern: pattern.source }) },
  });
};

/** A whole number that is exact in JavaScript. In queries it arrives as text and is converted. */
export const IntegerField = (options: IntegerOptions = {}): PropertyDecorator => {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = options;
  const from = options.min === undefined ? '' : ` from ${min}`;
  const to = options.max === undefined ? '' : ` to ${max}`;
  return scalar({
    options,
    expected: `a whole number${from}${to}`,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
    schema: {
      type: 'integer',
      ...(options.min !== undefined && { minimum: min }),
      ...(options.max !== undefined && { maximum: max }),
    },
    fromQuery: (text) => (/^-?\d{1,16}$/.test(text) ? Number(text) : text),
  });
};

/** ISO-8601 with offset. The property is a `Date`, in inputs and in views. */
export const InstantField = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? (parseInstant(value) ?? value) : value)),
    scalar({
      options: { example: '2026-01-31T08:00:00+08:00', ...options },
      expected: 'an instant with offset, like 2026-01-31T08:00:00+08:00',
      accepts: (value) => value instanceof Date && !Number.isNaN(value.getTime()),
      schema: { type: 'string', format: 'date-time' },
      // In a query a "+" that was not escaped arrives as a space.
      fromQuery: (text) => text.replace(' ', '+'),
    }),
  );

/** A day, `YYYY-MM-DD`; the property is a string. */
export const DateField = (options: FieldOptions = {}): PropertyDecorator =>
  scalar({
    options: { example: '2026-01-31', ...options },
    expected: 'a date YYYY-MM-DD',
    accepts: (value) => typeof value === 'string' && isDate(value),
    schema: { type: 'string', format: 'date' },
  });

/** A month, `YYYY-MM`; the property is a string. */
export const MonthField = (options: FieldOptions = {}): PropertyDecorator =>
  scalar({
    options: { example: '2026-01', ...options },
    expected: 'a month YYYY-MM',
    accepts: (value) => typeof value === 'string' && isDate(`${value}-01`),
    schema: { type: 'string', pattern: '^(19|[2-9]\\d)\\d{2}-(0[1-9]|1[0-2])$' },
  });

export const EnumField = (options: EnumOptions): PropertyDecorator =>
  scalar({
    options,
    expected: options.values,
    accepts: (value) => typeof value === 'string' && options.values.includes(value),
    // OpenAPI 3.0 cannot say that a reference may be null.
    schema:
      options.enumName && !options.nullable
        ? { enum: [...options.values], enumName: options.enumName }
        : { type: 'string', enum: [...options.values] },
  });

export const BooleanField = (options: FieldOptions = {}): PropertyDecorator =>
  scalar({
    options,
    expected: 'true or false',
    accepts: (value) => typeof value === 'boolean',
    schema: { type: 'boolean' },
    fromQuery: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  });

/**
 * The id of something else, inside a body. Its shape is not checked: an id of any shape that names nothing is refused by
 * the use case as not found, like one in a path (see `resourceId`).
 */
export const IdField = (options: FieldOptions = {}): PropertyDecorator =>
  TextField({ maxLength: 128, example: '0194f3d2-7c1a-7b3e-9a51-5b8e0c0f4a11', ...options });

const ANY_JSON = ['string', 'number', 'boolean', 'object', 'array'].map((type) =>
  type === 'array' ? { type, items: {} } : type === 'string' ? { type, nullable: true } : { type },
);

/** Any JSON value. */
export const AnyField = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(Allow(), presence(options), property(options, { oneOf: ANY_JSON }));

/** Any JSON object. */
export const AnyObjectField = (options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    presence(options),
    constraint('a JSON object', isObject),
    property(options, { type: 'object', additionalProperties: true }),
  );

type Class = abstract new (...args: never[]) => object;
type ListItem = Class | StringConstructor | NumberConstructor;

export const ObjectField = (type: () => Class, options: FieldOptions = {}): PropertyDecorator =>
  applyDecorators(
    Type(type as () => new () => object),
    presence(options),
    constraint('a JSON object', (value) => isObject(value)),
    ValidateNested(),
    property(options, { type: () => type() as new () => object }),
  );

/** A list of objects (`() => Line`) or of texts or whole numbers (`() => String`, `() => Number`). */
export const ListField = (type: () => ListItem, options: ListOptions = {}): PropertyDecorator => {
  const { min = 0, max = 1000, values, unique = false } = options;
  const size = `a list of ${min} to ${max}${unique ? ' different' : ''} items`;
  const expected = values ? `${size} out of ${values.join(', ')}` : size;
  const itemsAreRight = (items: readonly unknown[]): boolean => {
    const item: unknown = type();
    if (item === String) {
      return items.every(
        (value) =>
          typeof value === 'string' &&
          value.length <= 1000 &&
          !value.includes('\0') &&
          (values?.includes(value) ?? true),
      );
    }
    return items.every(item === Number ? Number.isSafeInteger : isObject);
  };
  const accepts = (value: unknown): boolean =>
    Array.isArray(value) &&
    value.length >= min &&
    value.length <= max &&
    (!unique || new Set(value).size === value.length) &&
    itemsAreRight(value);
  return applyDecorators(
    nested(type),
    presence(options),
    constraint(expected, accepts),
    property(options, { ...itemSchema(type, values), minItems: min, maxItems: max, uniqueItems: unique }),
  );
};

/** What the refusal of a field says is read back from here by the validation pipe. */
export interface Expectation {
  readonly expected: string | readonly string[];
}

interface Scalar {
  readonly options: FieldOptions;
  readonly expected: string | readonly string[];
  readonly accepts: (value: unknown) => boolean;
  readonly schema: ApiPropertyOptions;
  readonly fromQuery?: (text: string) => unknown;
}

function scalar({ options, expected, accepts, schema, fromQuery }: Scalar): PropertyDecorator {
  return applyDecorators(presence(options), constraint(expected, accepts), property(options, schema, fromQuery));
}

function presence(options: FieldOptions): PropertyDecorator {
  const isOptional = options.optional || options.default !== undefined;
  if (isOptional && options.nullable) return IsOptional();
  if (isOptional) return ValidateIf((_, value) => value !== undefined);
  if (options.nullable) return ValidateIf((_, value) => value !== null);
  return () => undefined;
}

const constraint = (expected: string | readonly string[], accepts: (value: unknown) => boolean): PropertyDecorator =>
  ValidateBy(
    { name: 'field', validator: { validate: accepts } },
    {
      message: typeof expected === 'string' ? `must be ${expected}` : `must be one of ${expected.join(', ')}`,
      context: { expected } satisfies Expectation,
    },
  );

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function itemSchema(type: () => ListItem, values: readonly string[] | undefined): ApiPropertyOptions {
  // @nestjs/swagger knows a class that is asked for later by the name of the function, which must be `type`.
  if (!isScalar(type)) return { type: () => type() as new () => object, isArray: true };
  const items = type() === Number ? { type: 'integer' } : { type: 'string', ...(values && { enum: [...values] }) };
  return { type: 'array', items };
}

/** Lists of objects are validated item by item, so that a refusal names `line.3.quantity`. */
const nested = (type: () => ListItem): PropertyDecorator =>
  isScalar(type)
    ? () => undefined
    : applyDecorators(Type(type as () => new () => object), ValidateNested({ each: true }));

function isScalar(type: () => ListItem): boolean {
  try {
    const item = type();
    return item === String || item === Number;
  } catch {
    return false; // A class declared further down in the same file.
  }
}

const property = (
  options: FieldOptions,
  schema: ApiPropertyOptions,
  fromQuery?: Remembered['fromQuery'],
): PropertyDecorator =>
  applyDecorators(
    ApiProperty({
      ...schema,
      required: !(options.optional || options.default !== undefined),
      ...(options.description !== undefined && { description: options.description }),
      ...(options.example !== undefined && { example: options.example }),
      ...(options.nullable && { nullable: true }),
      ...(options.readOnly && { readOnly: true }),
      ...(options.default !== undefined && { default: options.default }),
    } as ApiPropertyOptions),
    remember({ fromQuery, default: options.default }),
  );

interface Remembered {
  readonly fromQuery: ((text: string) => unknown) | undefined;
  readonly default: unknown;
}
const REMEMBERED = Symbol('fields');

const remember =
  (field: Remembered): PropertyDecorator =>
  (target, key) => {
    const inherited = Reflect.getMetadata(REMEMBERED, target) as ReadonlyMap<string, Remembered> | undefined;
    Reflect.defineMetadata(REMEMBERED, new Map([...(inherited ?? []), [String(key), field]]), target);
  };

/** The fields of a class by name. */
export const fieldsOf = (type: { prototype: object }): ReadonlyMap<string, Remembered> =>
  (Reflect.getMetadata(REMEMBERED, type.prototype) as ReadonlyMap<string, Remembered> | undefined) ?? new Map();

const KEEPS_UNKNOWN = Symbol('keeps unknown attributes');

/** On the body of a TMF resource: attributes that we do not know are kept instead of refused. */
export const KeepsUnknownAttributes = (): ClassDecorator => (type) => Reflect.defineMetadata(KEEPS_UNKNOWN, true, type);

export const keepsUnknownAttributes = (type: object): boolean => Reflect.getMetadata(KEEPS_UNKNOWN, type) === true;
