import { tenureMonths } from './tenure.js';
import { ConsentNeeded, FactRefused } from './refusals.js';
import { PERSONAL_PROFILE } from './consent.js';

/** Groups of fields that are permitted, masked and registered together. */
export const PERSONAL_GROUPS = ['identity', 'contact', 'personal'] as const;
export type PersonalGroup = (typeof PERSONAL_GROUPS)[number];

/** The main facts of a person (个人客户主要信息, CUS-07) and what each belongs to. */
export const MAIN_FACTS = {
  name: 'identity',
  birthDate: 'identity',
  age: 'identity',
  phone: 'contact',
  email: 'contact',
  address: 'contact',
  sex: 'personal',
  maritalStatus: 'personal',
  workStatus: 'personal',
} as const satisfies Readonly<Record<string, PersonalGroup>>;
export type MainFact = keyof typeof MAIN_FACTS;

/** How a fact came to us (信息采集渠道, CUS-05, CUS-09). What billing says is `BOSS`; nobody else can say that it is. */
export const FACT_SOURCES = ['manual', 'hall', 'hotline', 'survey', 'statistics'] as const;
export type FactSource = (typeof FACT_SOURCES)[number] | 'BOSS';

/** Who brought a fact, how and when (CUS-05). */
export interface Collected {
  readonly source: FactSource;
  readonly byKind: string;
  readonly by: string;
  readonly at: Date;
}

/** Facts that clients give as TMF characteristics, with their values. */
export const STATED_FACTS = {
  sex: ['male', 'female', 'unspecified'],
  birthDate: undefined,
  maritalStatus: ['single', 'married', 'widowed', 'divorced', 'unspecified'],
  workStatus: ['employed', 'self-employed', 'farmer', 'soldier', 'student', 'retired', 'unemployed', 'unspecified'],
} as const satisfies Partial<Record<MainFact, readonly string[] | undefined>>;
export type StatedFact = keyof typeof STATED_FACTS;

/** Optional, and only kept while the customer consents (GB/T 35273: not needed for the service). */
export const CONSENTED_FACTS = ['maritalStatus', 'workStatus'] as const satisfies readonly StatedFact[];
const isConsentedFact = (name: string): boolean => (CONSENTED_FACTS as readonly string[]).includes(name);
export const isStatedFact = (name: string): name is StatedFact => Object.hasOwn(STATED_FACTS, name);

const looksOf = (name: string): string =>
  name
    .normalize('NFKC')
    .replace(/[^\p{L}\d]/gu, '')
    .toLowerCase();
const STATED_BY_LOOKS = new Map((Object.keys(STATED_FACTS) as StatedFact[]).map((fact) => [looksOf(fact), fact]));

export interface Characteristic {
  readonly name: string;
  readonly value: unknown;
}

/** Attributes of a customer that clients gave, in TMF629's shape. */
export type ClientAttributes = Readonly<Record<string, unknown>>;

export const characteristicsIn = (attributes: ClientAttributes): readonly Characteristic[] =>
  listOf(attributes['characteristic']).flatMap((each) => {
    const name = fieldOf(each, 'name');
    return typeof name === 'string' ? [{ name, value: fieldOf(each, 'value') }] : [];
  });

/** What clients stated, by fact; of a fact that is stated twice, the first. */
export function statedFacts(attributes: ClientAttributes): Readonly<Partial<Record<StatedFact, string>>> {
  const stated = characteristicsIn(attributes).filter(
    (each): each is { name: StatedFact; value: string } => isStatedFact(each.name) && typeof each.value === 'string',
  );
  return Object.fromEntries(stated.reverse().map(({ name, value }) => [name, value]));
}

/** The first e-mail address, postal address and phone number among the contact media that clients gave. */
export function statedContacts(
  attributes: ClientAttributes,
): Readonly<Partial<Record<'email' | 'address' | 'phone', string>>> {
  const media = listOf(attributes['contactMedium']).map((medium) => fieldOf(medium, 'characteristic'));
  const first = (...names: readonly string[]): string | undefined =>
    media
      .map((medium) =>
        names
          .map((name) => fieldOf(medium, name))
          .filter((part) => typeof part === 'string')
          .join(''),
      )
      .find((value) => value !== '');
  return {
    email: first('emailAddress'),
    phone: first('phoneNumber'),
    address: first('stateOrProvince', 'city', 'street1', 'street2'),
  };
}

export interface FactsOfCustomer {
  readonly identity: { readonly name?: string | undefined; readonly birthDate?: string | undefined };
  readonly msisdn: string | undefined;
  readonly extra: ClientAttributes;
  /** Consent to {@link PERSONAL_PROFILE} is effective. */
  readonly consentsToProfile: boolean;
}

/**
 * The nine main facts, in the clear. What billing says comes before what clients say; age is reckoned and never stored; marital and
 * work status are there only while the customer consents.
 * @param today business day
 */
export function mainFactsOf(
  { identity, msisdn, extra, consentsToProfile }: FactsOfCustomer,
  today: string,
): Readonly<Record<MainFact, string | number | undefined>> {
  const stated = statedFacts(extra);
  const contacts = statedContacts(extra);
  const birthDate = identity.birthDate ?? stated.birthDate;
  const name = typeof extra['name'] === 'string' ? extra['name'] : identity.name;
  return {
    name,
    birthDate,
    age: birthDate === undefined ? undefined : ageOn(birthDate, today),
    phone: msisdn ?? contacts.phone,
    email: contacts.email,
    address: contacts.address,
    sex: stated.sex,
    maritalStatus: consentsToProfile ? stated.maritalStatus : undefined,
    workStatus: consentsToProfile ? stated.workStatus : undefined,
  };
}

/** Full years of life. Whoever was born on 29 February is a year older on 28 February. */
export const ageOn = (birthDate: string, today: string): number => Math.floor(tenureMonths(birthDate, today) / 12);

/** Facts whose stated value differs between two sets of attributes. */
export function changedFacts(before: ClientAttributes, after: ClientAttributes): readonly MainFact[] {
  const was = { name: before['name'], ...statedFacts(before), ...statedContacts(before) };
  const is = { name: after['name'], ...statedFacts(after), ...statedContacts(after) };
  return (Object.keys(MAIN_FACTS) as MainFact[]).filter(
    (fact) => (was as ClientAttributes)[fact] !== (is as ClientAttributes)[fact],
  );
}

interface Known {
  readonly today: string;
  readonly consentsToProfile: boolean;
  /** From billing; clients cannot say otherwise. */
  readonly birthDate?: string | undefined;
}

/**
 * Attributes that a client wants to store: known facts have known values, and are stated once.
 * @throws FactRefused, ConsentNeeded
 */
export function assertFacts(before: ClientAttributes, after: ClientAttributes, known: Known): void {
  const was = statedFacts(before);
  const seen = new Set<string>();
  for (const { name, value } of characteristicsIn(after)) {
    const fact = STATED_BY_LOOKS.get(looksOf(name));
    // A fact under another spelling would escape its consent and its mask.
    if (fact !== undefined && fact !== name) throw new FactRefused(name.slice(0, 100), `named ${fact}`);
    if (!isStatedFact(name)) continue;
    if (seen.has(name)) throw new FactRefused(name, 'stated once');
    seen.add(name);
    const values: readonly string[] | undefined = STATED_FACTS[name];
    if (typeof value !== 'string' || !(values?.includes(value) ?? isBirthDate(value, known.today))) {
      throw new FactRefused(name, values ?? 'a day, YYYY-MM-DD, not after today nor more than 130 years ago');
    }
    if (name === 'birthDate' && known.birthDate !== undefined && value !== known.birthDate) {
      throw new FactRefused(name, 'what billing (BOSS) says');
    }
    if (isConsentedFact(name) && value !== was[name] && !known.consentsToProfile) {
      throw new ConsentNeeded(PERSONAL_PROFILE, name);
    }
  }
}

/** The attributes without the facts for which the consent has gone. */
export function withoutConsentedFacts(attributes: ClientAttributes): ClientAttributes {
  const kept = listOf(attributes['characteristic']).filter((each) => !isConsentedFact(String(fieldOf(each, 'name'))));
  return attributes['characteristic'] === undefined ? attributes : { ...attributes, characteristic: kept };
}

function isBirthDate(value: string, today: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const time = Date.parse(value);
  return (
    !Number.isNaN(time) &&
    new Date(time).toISOString().startsWith(value) &&
    value <= today &&
    value >= `${Number(today.slice(0, 4)) - 130}${today.slice(4)}`
  );
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const fieldOf = (holder: unknown, name: string): unknown =>
  typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name)
    ? (holder as Record<string, unknown>)[name]
    : undefined;
