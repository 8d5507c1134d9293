/** What a sealed value is bound to: copied to another row or field it does not open. */
export const sealedPartyContext = (field: string, partyId: string): string => `party.${field}:${partyId}`;

export const sealedNumberContext = (subscriptionId: string): string => `subscription.msisdn:${subscriptionId}`;

export const sealedExtraContext = (customerId: string): string => `customer.extra:${customerId}`;
