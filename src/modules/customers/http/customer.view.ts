import { isDeepStrictEqual } from 'node:util';
import {
  AnyField,
  AnyObjectField,
  BooleanField,
  headOf,
  IdField,
  KeepsUnknownAttributes,
  ListField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import { maskMsisdn, maskName } from '../../../platform/privacy/index.js';
import type { OpenCustomer } from '../application/read-customers.query.js';
import { tenureMonths } from '../domain/tenure.js';
import { customers } from './customer.resource.js';

export class EngagedPartyView {
  @IdField({ optional: true, description: 'Given by the server' }) id?: string;
  @TextField({ optional: true, example: '张**' }) name?: string | undefined;
  @TextField({ optional: true, example: 'Individual' }) '@referredType'?: string;
}
export class CharacteristicView {
  @TextField({ example: 'brand' }) name!: string;
  @TextField({ optional: true, example: 'string' }) valueType?: string;
  @AnyField({ example: 'GOTONE' }) value!: unknown;
}
class AccountView {
  @TextField({ example: 'A100000001' }) id!: string;
  @TextField({ example: 'A100000001' }) name!: string;
  @TextField({ example: 'BillingAccount' }) '@referredType'!: string;
}
class MediumCharacteristicView {
  @TextField({ optional: true, example: '+86138****8000' }) phoneNumber?: string;
  @TextField({ optional: true, example: 'l***@example.com' }) emailAddress?: string;
}
class ContactMediumView {
  @TextField({ example: 'mobile' }) mediumType!: string;
  @BooleanField({ optional: true }) preferred?: boolean;
  @ObjectField(() => MediumCharacteristicView, { optional: true }) characteristic?: MediumCharacteristicView;
}
class ValidForView {
  @TextField({ example: '2019-05-01T00:00:00+08:00' }) startDateTime!: string;
  @TextField({ optional: true }) endDateTime?: string | undefined;
}

/** TMF629. Personal data is masked; attributes that a client added are there as well. */
export class CustomerView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Customer' }) '@type'!: string;
  @TextField({ example: '张**' }) name!: string;
  @TextField({ example: 'active', description: 'initialized, active, suspended or terminated' }) status!: string;
  @TextField({ optional: true }) statusReason?: string | undefined;
  @ObjectField(() => EngagedPartyView) engagedParty!: EngagedPartyView;
  @ListField(() => AccountView) account!: AccountView[];
  @ListField(() => CharacteristicView) characteristic!: CharacteristicView[];
  @ListField(() => ContactMediumView) contactMedium!: ContactMediumView[];
  @ObjectField(() => ValidForView) validFor!: ValidForView;
}

@KeepsUnknownAttributes()
class EngagedPartyInput {
  @TextField({ optional: true, maxLength: 200, example: '王小红' }) name?: string;
  @TextField({ optional: true, example: 'Individual', description: 'Individual or Organization' })
  '@referredType'?: string;
}

@KeepsUnknownAttributes()
class CharacteristicInput {
  @TextField() name!: string;
  @AnyField() value!: unknown;
}
@KeepsUnknownAttributes()
class ContactMediumInput {
  @TextField() mediumType!: string;
  @AnyObjectField({ optional: true }) characteristic?: object;
}

const CHARACTERISTICS = { max: 100, example: [{ name: 'favouriteHall', value: '440100-03' }] };
const CONTACT_MEDIA = {
  max: 100,
  example: [{ mediumType: 'email', characteristic: { emailAddress: 'someone@example.com' } }],
};

@KeepsUnknownAttributes()
export class CreateCustomerBody {
  @TextField({ maxLength: 200, example: '王小红' }) name!: string;
  @ObjectField(() => EngagedPartyInput) engagedParty!: EngagedPartyInput;
  @ListField(() => CharacteristicInput, { optional: true, ...CHARACTERISTICS }) characteristic?: CharacteristicInput[];
  @ListField(() => ContactMediumInput, { optional: true, ...CONTACT_MEDIA }) contactMedium?: ContactMediumInput[];
}

@KeepsUnknownAttributes()
export class PatchCustomerBody {
  @TextField({ optional: true, maxLength: 200, example: '王小红' }) name?: string;
  @ListField(() => CharacteristicInput, { optional: true, nullable: true, ...CHARACTERISTICS })
  characteristic?: CharacteristicInput[] | null;
  @ListField(() => ContactMediumInput, { optional: true, nullable: true, ...CONTACT_MEDIA })
  contactMedium?: ContactMediumInput[] | null;
}

/** @param today business day on which tenure is counted. */
export function customerView(customer: OpenCustomer, today: string): CustomerView {
  const { extra, identity } = customer;
  const name = textOf(extra['name']) ?? identity.name ?? '';
  return {
    ...extra,
    ...headOf(customers, customer.customerId),
    name: maskName(name),
    status: customer.status,
    statusReason: customer.statusReason,
    engagedParty: {
      ...objectOf(extra['engagedParty']),
      id: customer.partyId,
      name: identity.name === undefined ? undefined : maskName(identity.name),
      '@referredType': customer.partyKind === 'organization' ? 'Organization' : 'Individual',
    },
    account:
      customer.accountNo === undefined
        ? []
        : [{ id: customer.accountNo, name: customer.accountNo, '@referredType': 'BillingAccount' }],
    characteristic: [
      ...ownCharacteristics(customer, today),
      ...(listOf(extra['characteristic']) as CharacteristicView[]),
    ],
    contactMedium: [
      ...ownContactMedium(customer),
      ...(listOf(extra['contactMedium']).map(maskContactMedium) as ContactMediumView[]),
    ],
    validFor: {
      startDateTime: `${customer.openedOn}T00:00:00+08:00`,
      ...(customer.closedOn !== undefined && { endDateTime: `${customer.closedOn}T00:00:00+08:00` }),
    },
  };
}

function ownCharacteristics(customer: OpenCustomer, today: string): CharacteristicView[] {
  const { activatedOn, closedOn } = customer;
  const until = closedOn ?? today;
  return Object.entries({
    archive: customer.archive,
    kind: customer.kind,
    region: customer.region,
    branchCode: customer.branchCode,
    brand: customer.brand,
    activatedOn,
    tenureMonths: activatedOn === undefined ? undefined : tenureMonths(activatedOn, until),
    simKind: customer.simKind,
    tariffCode: customer.tariffCode,
    creditGrade: customer.creditGrade,
    realName: customer.realName,
  }).flatMap(([name, value]) => (value === undefined ? [] : [{ name, valueType: valueTypeOf(value), value }]));
}

const ownContactMedium = ({ msisdn }: OpenCustomer): ContactMediumView[] =>
  msisdn === undefined
    ? []
    : [{ mediumType: 'mobile', preferred: true, characteristic: { phoneNumber: maskMsisdn(msisdn) } }];

const OWN_CHARACTERISTICS = new Set([
  ...['archive', 'kind', 'region', 'branchCode', 'brand', 'activatedOn', 'tenureMonths', 'simKind', 'tariffCode'],
  ...['creditGrade', 'realName'],
]);

/**
 * What of a body is the client's own. Clients send back what they were shown, with our attributes and masks in it: those never
 * replace what they hide.
 */
export function clientAttributes(
  body: object,
  before?: { readonly shown: CustomerView; readonly customer: OpenCustomer },
): Record<string, unknown> {
  const shown = new Map(Object.entries(before?.shown ?? {}));
  const own = Object.entries(body).filter(
    ([name, value]) => value !== undefined && !SERVER_SET.has(name) && !isSame(shown.get(name), value),
  );
  return Object.fromEntries(
    own.map(([name, value]: [string, unknown]) => {
      if (name === 'characteristic') {
        return [name, listOf(value).filter((each) => !OWN_CHARACTERISTICS.has(String(objectOf(each)['name'])))];
      }
      if (name === 'contactMedium' && before) return [name, unmasked(listOf(value), before.customer)];
      return [name, value];
    }),
  );
}

/** The number from BOSS stays out; a masked medium of the client's stands for the one that it hides. */
function unmasked(media: readonly unknown[], customer: OpenCustomer): unknown[] {
  const ours = ownContactMedium(customer);
  const known = listOf(customer.extra['contactMedium']);
  return media
    .filter((medium) => !ours.some((each) => isSame(each, medium)))
    .map((medium) => known.find((each) => isSame(maskContactMedium(each), medium)) ?? medium);
}

const isSame = (a: unknown, b: unknown): boolean => isDeepStrictEqual(plain(a), plain(b));
/** Without the classes that validation made, and without what is undefined. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null)) as unknown;

const SERVER_SET = new Set(['id', 'href', '@type', 'status', 'statusReason', 'account', 'validFor']);

/** Phone numbers keep their last four digits; everything else that tells who or where is starred. */
function maskContactMedium(medium: unknown): unknown {
  const { characteristic, ...rest } = objectOf(medium);
  const masked = Object.entries(objectOf(characteristic)).map(([name, value]): [string, unknown] => {
    if (typeof value !== 'string' || name.startsWith('@') || name === 'contactType') return [name, value];
    if (name === 'phoneNumber' || name === 'faxNumber') return [name, value.replace(/.(?=.{4})/g, '*')];
    if (name === 'country' || name === 'stateOrProvince' || name === 'city') return [name, value];
    return [name, maskName(value)];
  });
  return { ...rest, characteristic: Object.fromEntries(masked) };
}

const valueTypeOf = (value: string | number | boolean): string =>
  typeof value === 'number' ? 'integer' : typeof value;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
