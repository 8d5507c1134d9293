export const STAFF_STATUSES = ['active', 'deactivated'] as const;
export type StaffStatus = (typeof STAFF_STATUSES)[number];

export interface StaffMember {
  readonly staffId: string;
  readonly login: string;
  readonly displayName: string;
  readonly unitId: string;
  readonly roles: readonly string[];
  readonly status: StaffStatus;
  readonly version: number;
}

/** Logins are compared without regard to case and width. */
export const normaliseLogin = (login: string): string => login.normalize('NFKC').trim().toLowerCase();
