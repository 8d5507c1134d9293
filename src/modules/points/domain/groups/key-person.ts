export const KEY_ROLES = ['DECISION_MAKER', 'CONTACT', 'IT_HEAD', 'INFLUENCER'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** Somebody who redeems the points of a group customer (关键人物, GRP-19). */
export interface KeyPerson {
  /** The group. */
  readonly customerId: string;
  /** A customer, too. */
  readonly personId: string;
  readonly role: KeyRole;
  /** Points that this person may redeem in a calendar month. */
  readonly limitPoints: number;
  /** First and last day on which he may. */
  readonly activeFrom: string;
  readonly activeUntil: string;
}

/** Without a last day. */
export const FOREVER = '9999-12-31';
