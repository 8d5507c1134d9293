import type { PersonalData, SubjectSecret } from '../../../platform/privacy/index.js';

// What a sealed value is bound to: copied to another row or field it does not open.
export const sealedNumberContext = (subscriptionId: string): string => `subscription.msisdn:${subscriptionId}`;
export const sealedExtraContext = (customerId: string): string => `customer.extra:${customerId}`;
export const sealedDocumentContext = (verificationId: string): string => `verification.document:${verificationId}`;
export const sealedProofContext = (consentId: string): string => `consent.proof:${consentId}`;
export const sealedIdentityContext = (partyId: string): string => `party.identity:${partyId}`;

/** Who a party is. One envelope: the three are known together, and sealing is what a bulk load spends most time on. */
export interface Identity {
  readonly name?: string | undefined;
  readonly idNumber?: string | undefined;
  /** `YYYY-MM-DD` */
  readonly birthDate?: string | undefined;
}

/** @param secret the party's own. */
export function sealIdentity(
  personalData: PersonalData,
  partyId: string,
  secret: SubjectSecret,
  { name, idNumber, birthDate }: Identity,
): Buffer {
  return personalData.seal(JSON.stringify({ name, idNumber, birthDate }), sealedIdentityContext(partyId), secret);
}

/** Of a party that was erased nothing is known. */
export function openIdentity(
  personalData: PersonalData,
  partyId: string,
  secret: SubjectSecret | null,
  sealed: Buffer | null,
): Identity {
  return JSON.parse(personalData.openIfKept(sealed, sealedIdentityContext(partyId), secret) ?? '{}') as Identity;
}
