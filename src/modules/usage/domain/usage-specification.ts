import { Refusal } from '../../../platform/errors/index.js';
import { EVENT_TYPES } from './codes.js';
import { FIELD_TABLE, type FieldType, type RecordField } from './field-table.js';

export interface ValueSpecification {
  readonly value?: unknown;
  readonly valueFrom?: number | undefined;
  readonly valueTo?: number | undefined;
  readonly rangeInterval?: RangeInterval | undefined;
  readonly regex?: string | undefined;
  readonly unitOfMeasure?: string | undefined;
}

/** Which ends belong to the range. */
export const RANGE_INTERVALS = ['open', 'closed', 'closedBottom', 'closedTop'] as const;
export type RangeInterval = (typeof RANGE_INTERVALS)[number];

export const VALUE_TYPES = ['string', 'integer', 'boolean', 'dateTime'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** What a characteristic of a usage may be. */
export interface SpecCharacteristic {
  readonly name: string;
  readonly description?: string | undefined;
  readonly valueType?: ValueType | undefined;
  readonly minCardinality?: number | undefined;
  readonly maxCardinality?: number | undefined;
  readonly regex?: string | undefined;
  readonly characteristicValueSpecification?: readonly ValueSpecification[] | undefined;
}

/** TM Forum's words for where a specification is in its life. */
export const LIFECYCLE = ['In study', 'In design', 'In test', 'Rejected', 'Active', 'Launched', 'Retired', 'Obsolete'] as const; // prettier-ignore
const IN_FORCE: readonly string[] = ['Active', 'Launched'];

/** A kind of usage, and what its records say. */
export interface UsageSpecification {
  readonly name: string;
  readonly lifecycleStatus: string;
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  readonly lastUpdate?: string | undefined;
  readonly validFor?: { readonly startDateTime?: Date | string; readonly endDateTime?: Date | string } | undefined;
  readonly specCharacteristic?: readonly SpecCharacteristic[] | undefined;
}

export class SpecificationNotInForce extends Refusal {
  static readonly code = 'usage.specification-not-in-force';
  static readonly kind = 'rejected';
  constructor() {
    super(
      SpecificationNotInForce.code,
      SpecificationNotInForce.kind,
      'No such specification is in force at the date of the usage, or it is of another usageType',
      { field: 'usageSpecification' },
    );
  }
}

export class CharacteristicRefused extends Refusal {
  static readonly code = 'usage.characteristic-refused';
  static readonly kind = 'rejected';
  constructor(name: string, expected: string) {
    super(CharacteristicRefused.code, CharacteristicRefused.kind, 'A characteristic is not as its specification says', {
      field: `usageCharacteristic.${name}`,
      expected,
    });
  }
}

export class InvalidPattern extends Refusal {
  static readonly code = 'usage.invalid-pattern';
  static readonly kind = 'malformed';
  constructor(name: string) {
    super(InvalidPattern.code, InvalidPattern.kind, 'This is no regular expression that is quickly matched', {
      field: `specCharacteristic.${name}.regex`,
      expected: 'a POSIX regular expression',
    });
  }
}

/** The specifications that the contract itself makes, one for each type of event. They follow the contract, so nobody changes them. */
export class SpecificationIsShipped extends Refusal {
  static readonly code = 'usage.specification-is-shipped';
  static readonly kind = 'conflict';
  constructor() {
    super(
      SpecificationIsShipped.code,
      SpecificationIsShipped.kind,
      'What the BOSS contract says of a type of event is not changed here; make a specification of your own',
    );
  }
}

const SHIPPED = /^USG-([A-Z_]+)$/;
export const shippedSpecificationId = (eventType: string): string => `USG-${eventType}`;
/** The type of event whose shipped specification this is. */
export const eventTypeOfShipped = (id: string): string | undefined =>
  EVENT_TYPES.find((type) => type === SHIPPED.exec(id)?.[1]);

const VALUE_TYPE: Readonly<Partial<Record<FieldType, ValueType>>> = {
  instant: 'dateTime', fen: 'integer', integer: 'integer', seconds: 'integer', KB: 'integer', '0/1': 'boolean',
}; // prettier-ignore
const UNITS: Readonly<Partial<Record<FieldType, string>>> = { fen: 'fen', seconds: 's', KB: 'KB' };
/** Attributes of the usage itself, not characteristics. */
const NOT_CHARACTERISTIC = ['eventTime', 'eventType'];
const SINCE = '2025-01-01T00:00:00.000Z';

export function shippedSpecifications(): readonly (UsageSpecification & { readonly id: string })[] {
  const eventTypes = FIELD_TABLE.USG.find(({ name }) => name === 'eventType')?.words ?? {};
  const specCharacteristic = FIELD_TABLE.USG.filter(({ name }) => !NOT_CHARACTERISTIC.includes(name)).map(characteristicOf);
  return EVENT_TYPES.map((type) => ({
    id: shippedSpecificationId(type),
    name: type,
    description: `${type} (${eventTypes[type] ?? type})`,
    version: '1',
    lifecycleStatus: 'Active',
    lastUpdate: SINCE,
    isBundle: false,
    specCharacteristic,
  }));
} // prettier-ignore

function characteristicOf(field: RecordField): SpecCharacteristic {
  const { name, chinese, rule, type, words, minimum, maximum } = field;
  const unit = UNITS[type];
  const range = { ...(minimum !== undefined && { valueFrom: minimum }), ...(maximum !== undefined && { valueTo: maximum }) };
  const values = words
    ? Object.keys(words).map((value) => ({ value }))
    : unit !== undefined || Object.keys(range).length > 0
      ? [{ ...range, ...(unit && { unitOfMeasure: unit }) }]
      : undefined;
  return {
    name,
    description: rule === undefined ? chinese : `${chinese}: ${rule}`,
    valueType: VALUE_TYPE[type] ?? 'string',
    minCardinality: field.required ? 1 : 0,
    maxCardinality: 1,
    ...(values && { characteristicValueSpecification: values }),
  };
} // prettier-ignore

export function isInForce({ lifecycleStatus, validFor }: UsageSpecification, at: Date): boolean {
  const from = validFor?.startDateTime === undefined ? -Infinity : new Date(validFor.startDateTime).getTime();
  const until = validFor?.endDateTime === undefined ? Infinity : new Date(validFor.endDateTime).getTime();
  return IN_FORCE.includes(lifecycleStatus) && from <= at.getTime() && at.getTime() < until;
}

/** A value that a pattern must match; patterns are matched where none can take for ever. */
export interface PatternToMatch {
  readonly name: string;
  readonly value: string;
  readonly patterns: readonly string[];
}

/**
 * Holds what a usage says against its specification. What the specification does not name is not judged.
 * @returns what is left to be matched; of each one pattern must.
 * @throws CharacteristicRefused
 */
export function holdAgainst(
  characteristics: readonly SpecCharacteristic[],
  said: Readonly<Record<string, unknown>>,
): readonly PatternToMatch[] {
  return characteristics.flatMap((spec) => {
    const value = Object.hasOwn(said, spec.name) ? said[spec.name] : undefined;
    if (value === undefined || value === '' || value === null) {
      if ((spec.minCardinality ?? 0) > 0) throw new CharacteristicRefused(spec.name, 'a value');
      return [];
    }
    if (!isOfType(value, spec.valueType)) throw new CharacteristicRefused(spec.name, spec.valueType ?? 'a value');
    return [...patternOf(spec, value), ...alternativesOf(spec, value)];
  });
}

const patternOf = ({ name, regex }: SpecCharacteristic, value: unknown): readonly PatternToMatch[] =>
  regex === undefined ? [] : [{ name, value: String(value), patterns: [regex] }];

/** Of several allowed values or ranges one is enough; patterns count when nothing else does. */
function alternativesOf(spec: SpecCharacteristic, value: unknown): readonly PatternToMatch[] {
  const allowed = (spec.characteristicValueSpecification ?? []).filter(isRestriction);
  if (allowed.length === 0 || allowed.some((each) => allows(each, value))) return [];
  const patterns = allowed.flatMap(({ regex }) => regex ?? []);
  if (patterns.length === 0) throw new CharacteristicRefused(spec.name, 'one of its allowed values');
  return [{ name: spec.name, value: String(value), patterns }];
}

const isRestriction = ({ value, valueFrom, valueTo, regex }: ValueSpecification): boolean =>
  [value, valueFrom, valueTo, regex].some((each) => each !== undefined);

function allows({ value: allowed, valueFrom, valueTo, rangeInterval = 'closed' }: ValueSpecification, value: unknown): boolean {
  if (allowed !== undefined) return allowed === value;
  if (valueFrom === undefined && valueTo === undefined) return false;
  if (typeof value !== 'number') return false;
  const [hasBottom, hasTop] = [rangeInterval === 'closed' || rangeInterval === 'closedBottom', rangeInterval === 'closed' || rangeInterval === 'closedTop'];
  const isAbove = valueFrom === undefined || (hasBottom ? value >= valueFrom : value > valueFrom);
  const isBelow = valueTo === undefined || (hasTop ? value <= valueTo : value < valueTo);
  return isAbove && isBelow;
} // prettier-ignore

function isOfType(value: unknown, type: ValueType | undefined): boolean {
  switch (type) {
    case undefined:
      return true;
    case 'string':
      return typeof value === 'string';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'dateTime':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value));
  }
}
