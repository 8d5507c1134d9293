import { Refusal } from '../../../platform/errors/index.js';
import { eventTypeOfShipped } from './usage-specification.js';
import { fenOf } from './yuan.js';

/** A Usage as a client of TMF635 says it. */
export interface UsageAttributes {
  readonly usageDate?: Date | undefined;
  readonly usageType?: string | undefined;
  readonly usageCharacteristic?: readonly { readonly name: string; readonly value?: unknown }[] | undefined;
  readonly ratedProductUsage?: readonly RatedAmount[] | undefined;
}

interface RatedAmount {
  readonly taxIncludedRatingAmount?: object | undefined;
  readonly taxExcludedRatingAmount?: object | undefined;
}

const KNOWN = [
  'id', 'href', '@type', 'status', 'usageDate', 'usageType', 'usageCharacteristic', 'ratedProductUsage', 'relatedParty',
]; // prettier-ignore

/** What a record says that has no field of the contract: further characteristics by name, and under `tmf` attributes of the usage. */
export type UsageExtra = Readonly<Record<string, unknown>> & { readonly tmf?: Readonly<Record<string, unknown>> };

/** What a usage says beside the fields of a record; kept with it under one name that no field has. */
export function saidBeside(usage: {
  readonly usageSpecification?: { readonly id: string } | undefined;
}): Readonly<Record<string, unknown>> {
  const { usageSpecification, ...rest } = usage;
  const isOwn = usageSpecification && eventTypeOfShipped(usageSpecification.id) === undefined;
  const beside = Object.entries(rest).filter(([name, value]) => value !== undefined && !KNOWN.includes(name));
  return { ...Object.fromEntries(beside), ...(isOwn && { usageSpecification: { id: usageSpecification.id } }) };
}

interface Party {
  readonly id: string;
  readonly role?: string | undefined;
  readonly '@referredType'?: string | undefined;
}

/** Whose the usage is said to be. */
export const customerSaidBy = (parties: readonly Party[] = []): string | undefined =>
  parties.find((party) => party['@referredType'] === 'Customer' || party.role === 'customer')?.id;

/** What is said contradicts itself, or is no record of ours. */
export class InvalidUsage extends Refusal {
  static readonly code = 'usage.invalid';
  static readonly kind = 'malformed';
  constructor(field: string, message: string, expected?: string | readonly string[]) {
    super(InvalidUsage.code, InvalidUsage.kind, message, { field, ...(expected !== undefined && { expected }) });
  }
}

/**
 * The fields of a USG record by name, as far as they are said: characteristics are fields, and the type, the date and the rated
 * amounts have their own attributes. @throws InvalidUsage
 */
export function fieldsSaidBy(usage: UsageAttributes): Readonly<Record<string, unknown>> {
  const fields = new Map<string, unknown>();
  for (const { name, value } of usage.usageCharacteristic ?? []) {
    if (fields.has(name)) throw new InvalidUsage('usageCharacteristic', 'Each characteristic is said once');
    fields.set(name, value ?? '');
  }
  const rated = Object.entries(usage.ratedProductUsage ? amountsOf(usage.ratedProductUsage) : {});
  const said = [
    ...rated,
    ...(usage.usageType === undefined ? [] : [['eventType', usage.usageType] as const]),
    ...(usage.usageDate === undefined ? [] : [['eventTime', usage.usageDate.toISOString()] as const]),
  ];
  for (const [name, value] of said) {
    if (fields.has(name) && fields.get(name) !== value) {
      throw new InvalidUsage('usageCharacteristic', `The characteristic ${name} contradicts the usage itself`);
    }
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

function amountsOf(rated: readonly RatedAmount[]): Readonly<Record<string, number>> {
  let [included, excluded, isTaxKnown] = [0, 0, rated.length > 0];
  for (const { taxIncludedRatingAmount: withTax, taxExcludedRatingAmount: withoutTax } of rated) {
    if (!withTax) throw wrongAmount('taxIncludedRatingAmount');
    const fen = fenOf(withTax);
    if (fen === undefined) throw wrongAmount('taxIncludedRatingAmount');
    included += fen;
    if (!withoutTax) {
      isTaxKnown = false;
      continue;
    }
    const fenWithoutTax = fenOf(withoutTax);
    if (fenWithoutTax === undefined) throw wrongAmount('taxExcludedRatingAmount');
    excluded += fenWithoutTax;
  }
  return { feeFen: included, ...(isTaxKnown && { taxFen: included - excluded }) };
}

const wrongAmount = (field: string): InvalidUsage =>
  new InvalidUsage(
    'ratedProductUsage',
    `${field} must be an amount of whole fen`,
    '{ "unit": "CNY", "value": 0.2 }, with at most two decimals',
  );
