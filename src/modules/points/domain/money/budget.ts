/** What points are redeemed for, and what is given on top of what was promised. */
export const BUDGET_KINDS = ['SERVICE', 'MOBILE_PRODUCT', 'GOODS', 'PAYMENT', 'PROMOTION'] as const;
export type BudgetKind = (typeof BUDGET_KINDS)[number];

/** Instead of a province. */
export const WHOLE_OPERATOR = '*';

/** How many points may be used of a kind in a points year: by customers of one province, or of all. */
export interface Budget {
  readonly budgetId: string;
  readonly pointsYear: number;
  readonly region: string;
  readonly kind: BudgetKind;
  /** Somebody is told. */
  readonly softPoints: number;
  /** Refused beyond it. */
  readonly hardPoints: number;
  readonly used: number;
  readonly author: string;
  readonly changedAt: Date;
}
