/** Customer levels (客户级别), highest first. A customer who was never rated is ORDINARY. */
export const tiers = ['DIAMOND', 'PLATINUM', 'GOLD', 'SILVER', 'HONOURED_GUEST', 'ORDINARY'] as const;
export type Tier = (typeof tiers)[number];

/** 5 for DIAMOND down to 0 for ORDINARY: who is served first, and who counts as higher. */
export function serviceRank(tier: Tier): number {
  return tiers.length - 1 - tiers.indexOf(tier);
}
