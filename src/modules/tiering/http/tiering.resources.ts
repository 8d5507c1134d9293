export const customerTiers = { type: 'CustomerTier', path: '/care-api/tiering/v1/customerTier' } as const;
export const distribution = { type: 'TierDistribution', path: '/care-api/tiering/v1/distribution' } as const;
