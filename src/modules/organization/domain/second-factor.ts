/** Binds a sealed secret to its owner: copied to another row, it does not open. */
export const totpContext = (staffId: string): string => `totp.secret:${staffId}`;

export const RECOVERY_CODES = 10;

/** Whoever looks after accounts and keys could let anybody in, himself under another name included. */
export const needsSecondFactor = (permissions: readonly string[]): boolean =>
  permissions.some((permission) => permission === 'organization.manage' || permission === 'organization.keys');
