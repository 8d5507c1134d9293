import type { PersonalData } from '../../../platform/privacy/index.js';

// What a sealed value is bound to: copied to another row or field it does not open.
export const sealedNumberContext = (subscriptionId: string): string => `subscription.msisdn:${subscriptionId}`;
export const sealedExtraContext = (customerId: string): string => `customer.extra:${customerId}`;
const sealedIdentityContext = (partyId: string): string => `party.identity:${partyId}`;

/** Who a party is. One envelope: the three are known together, and sealing is what a bulk load spends most time on. */
export interface Identity {
  readonly name?: string | undefined;
  readonly idNumber?: string | undefined;
  /** `YYYY-MM-DD` */
  readonly birthDate?: string | undefined;
}

export function sealIdentity(personalData: PersonalData, partyId: string, identity: Identity): Buffer {
  const { name, idNumber, birthDate } = identity;
  return personalData.seal(JSON.stringify({ name, idNumber, birthDate }), sealedIdentityContext(partyId));
}

export const openIdentity = (personalData: PersonalData, partyId: string, sealed: Buffer): Identity =>
  JSON.parse(personalData.open(sealed, sealedIdentityContext(partyId))) as Identity;
