import {
  factsOfResidentNumber,
  mistakeInResidentNumber,
  normaliseDocumentNumber,
  residentNumberOfLegacy,
  type ResidentFacts,
} from '../../../platform/privacy/identity-document.js';
import { DocumentNumberRefused, DocumentTooNewOrOld } from './refusals.js';

/** A paper that real-name registration takes (有效证件); data, see `customers.document_kind`. */
export interface DocumentKind {
  readonly code: string;
  readonly nameEn: string;
  readonly nameZh: string;
  /** Of the whole number in its normal form. */
  readonly pattern: string;
  readonly patternMeans: string;
  /** The number is a resident number of GB 11643-1999. */
  readonly isResidentNumber: boolean;
  /** `YYYY-MM-DD`, both included. */
  readonly acceptedFrom: string | undefined;
  readonly acceptedUntil: string | undefined;
  readonly ruleSource: string;
}

export interface IdentityDocument {
  readonly kind: string;
  /** In its normal form. */
  readonly number: string;
}

/** The number of a new registration, in its normal form. @throws DocumentTooNewOrOld, DocumentNumberRefused */
export function acceptDocument(kind: DocumentKind, text: string, today: string): IdentityDocument {
  const { acceptedFrom = today, acceptedUntil = today } = kind;
  if (today < acceptedFrom || today > acceptedUntil) throw new DocumentTooNewOrOld(kind);
  const number = normaliseDocumentNumber(text);
  const mistake = kind.isResidentNumber ? mistakeInResidentNumber(number, today) : undefined;
  if (mistake) throw new DocumentNumberRefused(mistake.problem, mistake.expected);
  if (!new RegExp(kind.pattern, 'u').test(number)) throw new DocumentNumberRefused('format', kind.patternMeans);
  return { kind: kind.code, number };
}

/** What is known of a customer already: what billing or somebody of us has said. */
export interface KnownIdentity {
  readonly name?: string | undefined;
  readonly idType?: string | undefined;
  readonly idNumber?: string | undefined;
  readonly birthDate?: string | undefined;
  readonly sex?: string | undefined;
}

export type Contradiction = 'name-differs' | 'document-differs' | 'birth-date-differs' | 'sex-differs';

/**
 * In what a paper contradicts what is known; nothing: it is the customer's. What is unknown contradicts nothing. Birthday and sex of
 * a resident number only serve this comparison.
 */
export function contradictions(
  document: IdentityDocument & { readonly name?: string | undefined; readonly isResidentNumber: boolean },
  known: KnownIdentity,
  today: string,
): readonly Contradiction[] {
  const facts: Partial<ResidentFacts> = document.isResidentNumber ? factsOfResidentNumber(document.number) : {};
  const knownNumber = known.idNumber === undefined ? undefined : present(known.idNumber, today);
  const isSameKind = known.idType?.toUpperCase() === document.kind;
  const differ = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && a !== b;
  const found: readonly (readonly [Contradiction, boolean])[] = [
    ['name-differs', differ(comparable(document.name), comparable(known.name))],
    ['document-differs', isSameKind && differ(document.number, knownNumber)],
    ['birth-date-differs', differ(facts.birthDate, known.birthDate)],
    ['sex-differs', differ(facts.sex, known.sex)],
  ];
  return found.filter(([, differs]) => differs).map(([contradiction]) => contradiction);
}

function present(number: string, today: string): string {
  const normal = normaliseDocumentNumber(number);
  return residentNumberOfLegacy(normal, today) ?? normal;
}

// 买买提·吐尔逊 is written with many kinds of dots.
const comparable = (name: string | undefined): string | undefined =>
  name
    ?.normalize('NFKC')
    .replace(/[\s·•・‧.]/g, '')
    .toUpperCase();

export type RealNameStatus = 'PENDING' | 'VERIFIED' | 'FAILED';

/**
 * Whether a customer is registered with a real name (实名): what we found ourselves comes before billing's word, until billing changes
 * its word. That billing repeats what it said before the customer came to the hall says nothing new.
 */
export const realNameStatus = (found: 'VERIFIED' | 'FAILED' | undefined, billingSaysSo: boolean): RealNameStatus =>
  found ?? (billingSaysSo ? 'VERIFIED' : 'PENDING');
