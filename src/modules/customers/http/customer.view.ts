import {
  AnyField,
  BooleanField,
  EnumField,
  headOf,
  IdField,
  KeepsUnknownAttributes,
  ListField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import {
  canonicalJson,
  maskAddress,
  maskDate,
  maskEmail,
  maskFreeText,
  maskMsisdn,
  maskName,
  maskPhoneNumber,
  maskTexts,
  meantBy,
} from '../../../platform/privacy/index.js';
import type { OpenCustomer } from '../application/read-customers.query.js';
import { FACT_SOURCES, mainFactsOf, MAIN_FACTS, withoutConsentedFacts, type MainFact } from '../domain/main-facts.js';
import { tenureMonths } from '../domain/tenure.js';
import { customers } from './customer.resource.js';

export class EngagedPartyView {
  @IdField({ optional: true, description: 'Given by the server' }) id?: string;
  @TextField({ optional: true, example: '张*' }) name?: string | undefined;
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
  @TextField({ example: '张*' }) name!: string;
  @TextField({ example: 'active', description: 'initialized, active, suspended or terminated' }) status!: string;
  @TextField({ optional: true }) statusReason?: string | undefined;
  @ObjectField(() => EngagedPartyView) engagedParty!: EngagedPartyView;
  @ListField(() => AccountView) account!: AccountView[];
  @ListField(() => CharacteristicView) characteristic!: CharacteristicView[];
  @ListField(() => ContactMediumView) contactMedium!: ContactMediumView[];
  @ObjectField(() => ValidForView) validFor!: ValidForView;
}

const NAME = { pattern: /\S/, patternMeans: 'more than spaces', example: '王小红' };

@KeepsUnknownAttributes()
class EngagedPartyInput {
  @TextField({ optional: true, maxLength: 200, ...NAME }) name?: string;
  @TextField({ optional: true, example: 'Individual', description: 'Individual or Organization' })
  '@referredType'?: string;
}

@KeepsUnknownAttributes()
class CharacteristicInput {
  @TextField() name!: string;
  @AnyField() value!: unknown;
}
@KeepsUnknownAttributes()
class MediumCharacteristicInput {
  @TextField({ optional: true, maxLength: 100, example: '+8613800138000' }) phoneNumber?: string;
  @TextField({ optional: true, maxLength: 320, example: 'someone@example.com' }) emailAddress?: string;
}
@KeepsUnknownAttributes()
class ContactMediumInput {
  @TextField() mediumType!: string;
  @ObjectField(() => MediumCharacteristicInput, { optional: true }) characteristic?: MediumCharacteristicInput;
}

const CHARACTERISTICS = {
  max: 100,
  description:
    'Ours are `sex`, `birthDate`, `maritalStatus` and `workStatus` (the last two need the consent `profile.personal`); any other is kept',
  example: [{ name: 'favouriteHall', value: '440100-03' }],
};
const COLLECTED = {
  values: FACT_SOURCES,
  enumName: 'FactSource',
  optional: true,
  description: 'How the facts came to us; default: manual',
  example: 'hall',
};
const CONTACT_MEDIA = {
  max: 100,
  example: [{ mediumType: 'email', characteristic: { emailAddress: 'someone@example.com' } }],
};

@KeepsUnknownAttributes()
export class CreateCustomerBody {
  @TextField({ maxLength: 200, ...NAME }) name!: string;
  @ObjectField(() => EngagedPartyInput) engagedParty!: EngagedPartyInput;
  @ListField(() => CharacteristicInput, { optional: true, ...CHARACTERISTICS }) characteristic?: CharacteristicInput[];
  @ListField(() => ContactMediumInput, { optional: true, ...CONTACT_MEDIA }) contactMedium?: ContactMediumInput[];
  @EnumField(COLLECTED) factSource?: (typeof FACT_SOURCES)[number];
}

@KeepsUnknownAttributes()
export class PatchCustomerBody {
  @TextField({ optional: true, maxLength: 200, ...NAME }) name?: string;
  @ListField(() => CharacteristicInput, { optional: true, nullable: true, ...CHARACTERISTICS })
  characteristic?: CharacteristicInput[] | null;
  @ListField(() => ContactMediumInput, { optional: true, nullable: true, ...CONTACT_MEDIA })
  contactMedium?: ContactMediumInput[] | null;
  @EnumField(COLLECTED) factSource?: (typeof FACT_SOURCES)[number];
}

/** A mask for each main fact; what a customer has said of himself shows that it is there, not what it is. */
const MASKS: Readonly<Record<MainFact, (value: string) => string>> = {
  name: maskName,
  birthDate: maskDate,
  age: (age) => `${age.slice(0, -1)}*`,
  phone: maskPhoneNumber,
  email: maskEmail,
  address: maskAddress,
  sex: () => '*',
  maritalStatus: () => '*',
  workStatus: () => '*',
};

/** The nine main facts as every screen shows them; `undefined` where there is none. */
export function maskedFacts(customer: OpenCustomer, today: string): Readonly<Record<MainFact, string | undefined>> {
  const facts = mainFactsOf(customer, today);
  const masked = Object.entries(facts).map(([fact, value]) => {
    const isOpen = fact === 'name' && customer.partyKind === 'organization';
    return [fact, value === undefined || isOpen ? value : MASKS[fact as MainFact](String(value))] as const;
  });
  return Object.fromEntries(masked) as Record<MainFact, string | undefined>;
}

/** @param today business day on which tenure and age are counted. */
export function customerView(customer: OpenCustomer, today: string): CustomerView {
  const { identity } = customer;
  const extra = maskedAttributes(customer);
  const shownName = (name: string): string => (customer.partyKind === 'organization' ? name : maskName(name));
  return {
    ...extra,
    ...headOf(customers, customer.customerId),
    name: shownName(textOf(customer.extra['name']) ?? identity.name ?? ''),
    status: customer.status,
    statusReason: customer.statusReason,
    engagedParty: {
      ...objectOf(extra['engagedParty']),
      id: customer.partyId,
      name: identity.name === undefined ? undefined : shownName(identity.name),
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
    contactMedium: [...ownContactMedium(customer), ...(listOf(extra['contactMedium']) as ContactMediumView[])],
    validFor: {
      startDateTime: `${customer.openedOn}T00:00:00+08:00`,
      ...(customer.closedOn !== undefined && { endDateTime: `${customer.closedOn}T00:00:00+08:00` }),
    },
  };
}

function ownCharacteristics(customer: OpenCustomer, today: string): CharacteristicView[] {
  const { activatedOn, closedOn } = customer;
  const { age, birthDate } = maskedFacts(customer, today);
  return Object.entries({
    archive: customer.archive,
    kind: customer.kind,
    region: customer.region,
    branchCode: customer.branchCode,
    brand: customer.brand,
    activatedOn,
    tenureMonths: activatedOn === undefined ? undefined : tenureMonths(activatedOn, closedOn ?? today),
    simKind: customer.simKind,
    tariffCode: customer.tariffCode,
    creditGrade: customer.creditGrade,
    realName: customer.realNameStatus === 'VERIFIED',
    realNameStatus: customer.realNameStatus,
    // Billing's; a birthday that clients stated is among their characteristics.
    ...(customer.identity.birthDate !== undefined && { birthDate }),
    age,
  }).flatMap(([name, value]) => (value === undefined ? [] : [{ name, valueType: valueTypeOf(value), value }]));
}

const ownContactMedium = ({ msisdn }: OpenCustomer): ContactMediumView[] =>
  msisdn === undefined
    ? []
    : [{ mediumType: 'mobile', preferred: true, characteristic: { phoneNumber: maskMsisdn(msisdn) } }];

const OWN_CHARACTERISTICS = new Set([
  ...['archive', 'kind', 'region', 'branchCode', 'brand', 'activatedOn', 'tenureMonths', 'simKind', 'tariffCode'],
  ...['creditGrade', 'realName', 'realNameStatus', 'age'],
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
      if (!before) return [name, name === 'characteristic' ? listOf(value).filter(isClients) : value];
      const { customer } = before;
      const sent = Array.isArray(value) ? value.filter((each) => !isOurs(name, each, customer)) : value;
      return [name, meantBy(sent, maskedAttributes(customer)[name], shownAttributes(customer)[name])];
    }),
  );
}

/** What we add to the lists of clients, sent back. */
function isOurs(list: string, each: unknown, customer: OpenCustomer): boolean {
  if (list === 'contactMedium') return ownContactMedium(customer).some((own) => isSame(own, each));
  if (list !== 'characteristic') return false;
  const { birthDate } = customer.identity;
  const billings = { name: 'birthDate', valueType: 'string', value: maskDate(birthDate ?? '') };
  return !isClients(each) || (birthDate !== undefined && isSame(each, billings));
}

const isClients = (characteristic: unknown): boolean =>
  !OWN_CHARACTERISTICS.has(String(objectOf(characteristic)['name']));

/** Whatever the order of attributes, and whether in a class or not. */
const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const SERVER_SET = new Set(['id', 'href', '@type', 'status', 'statusReason', 'account', 'validFor', 'factSource']);

/** What clients gave and may be shown: not what a consent has ended for and the next erasure takes away. */
const shownAttributes = ({ extra, consentsToProfile }: OpenCustomer): Readonly<Record<string, unknown>> =>
  consentsToProfile ? extra : withoutConsentedFacts(extra);

/** The same, item by item, masked: known facts by their kind, everything else as free text. */
function maskedAttributes(customer: OpenCustomer): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(shownAttributes(customer)).map(([name, value]): [string, unknown] => {
      if (name === 'contactMedium') return [name, listOf(value).map(maskContactMedium)];
      if (name === 'characteristic') return [name, listOf(value).map(maskCharacteristic)];
      return [name, maskTexts(value)];
    }),
  );
}

function maskCharacteristic(characteristic: unknown): unknown {
  const name = nameOf(characteristic);
  if (!Object.hasOwn(MAIN_FACTS, name)) return maskTexts(characteristic);
  const { value } = objectOf(characteristic);
  return { ...objectOf(maskTexts(characteristic)), value: MASKS[name as MainFact](String(value)) };
}

const PLAIN_MEDIUM = new Set(['contactType', 'country', 'stateOrProvince', 'city']);

/** What tells where somebody is reached is starred by its kind; what is of no known kind, but for its first character. */
function maskContactMedium(medium: unknown): unknown {
  const { characteristic, ...rest } = objectOf(medium);
  const masked = Object.entries(objectOf(characteristic)).map(([name, value]): [string, unknown] => {
    if (typeof value !== 'string') return [name, maskTexts(value)];
    if (name.startsWith('@') || PLAIN_MEDIUM.has(name)) return [name, maskFreeText(value)];
    if (name === 'phoneNumber' || name === 'faxNumber') return [name, maskPhoneNumber(value)];
    if (name === 'emailAddress') return [name, maskEmail(value)];
    if (name.startsWith('street')) return [name, maskAddress(value)];
    return [name, maskName(value)];
  });
  return { ...maskTexts(rest), characteristic: Object.fromEntries(masked) };
}

const nameOf = (characteristic: unknown): string => String(objectOf(characteristic)['name']);
const valueTypeOf = (value: string | number | boolean): string =>
  typeof value === 'number' ? 'integer' : typeof value;
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
