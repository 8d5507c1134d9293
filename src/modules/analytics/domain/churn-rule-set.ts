import type { Condition, Expression, Label, Unit } from '../../../platform/rules/index.js';

/** How the risk of losing a customer is told from facts, as data (流失预警规则; DOMAIN.md §2.6, ANA-18). */
export interface ChurnRuleSetBody {
  readonly flags: readonly ChurnFlag[];
  /** What the customer brings in a year; at risk when the customer is. */
  readonly yearlyRevenueFen: Expression;
  readonly bands: { readonly high: number; readonly medium: number };
}

/** One sign of leaving. It weighs what the first of its degrees weighs whose condition holds. */
export interface ChurnFlag {
  readonly code: string;
  readonly label: Label;
  /** Gravest first. */
  readonly degrees: readonly { readonly weight: number; readonly when: Condition }[];
  /** The figures that show it. */
  readonly evidence: readonly Evidence[];
}

export interface Evidence {
  readonly code: string;
  readonly label: Label;
  readonly unit: Unit;
  readonly value: Expression;
}

/** Every rule that reads facts: what the scan of the months must collect. */
export function rulesOf(body: ChurnRuleSetBody): readonly (Condition | Expression)[] {
  return [
    body.yearlyRevenueFen,
    ...body.flags.flatMap(({ degrees, evidence }) => [
      ...degrees.map(({ when }) => when),
      ...evidence.map(({ value }) => value),
    ]),
  ];
}
