import type { Condition, Expression, Label, Unit } from '../../../platform/rules/index.js';
import type { Tier } from './tier.js';

/**
 * How a programme gives levels, as data (级别评定规则). Whoever fulfils every requirement and no exclusion gets the highest
 * level that any route gives (highest wins, TIER-15); everybody else is ORDINARY.
 */
export interface RuleSetBody {
  /** Highest first, ending in ORDINARY. A level that is left out (PLATINUM in some provinces) is switched off. */
  readonly levels: readonly Level[];
  /** Figures that are kept with every decision and shown to the customer; they decide nothing by themselves. */
  readonly inputs: readonly Figure[];
  readonly requirements: readonly Gate[];
  readonly exclusions: readonly Gate[];
  readonly routes: readonly Route[];
  /** The day of the year from which the yearly review holds; levels are kept until the day before the next. */
  readonly review: { readonly month: number; readonly day: number };
}

export interface Level {
  readonly tier: Tier;
  readonly label: Label;
}

export interface Figure {
  readonly code: string;
  readonly label: Label;
  readonly unit: Unit;
  readonly value: Expression;
}

export interface Gate {
  readonly code: string;
  readonly label: Label;
  readonly condition: Condition;
}

/** One way to a level: a measure and how much of it each level asks for. */
export interface Route {
  readonly code: string;
  readonly label: Label;
  readonly unit: Unit;
  readonly measure: Expression;
  /** Highest level first; the amounts fall with the levels. */
  readonly thresholds: readonly Threshold[];
}

export interface Threshold {
  readonly tier: Tier;
  readonly atLeast: number;
}

/** A body with its name. It decides as of days `effectiveFrom <= day < effectiveUntil` once it is active. */
export interface RuleSet {
  readonly program: string;
  readonly version: string;
  readonly status: 'draft' | 'active' | 'retired';
  readonly effectiveFrom: string;
  readonly effectiveUntil: string;
  readonly body: RuleSetBody;
  /** SHA-256 of the canonical body: what was approved is what decides. */
  readonly checksum: string;
  readonly author: string;
  readonly approver: string | undefined;
}

/** Every rule of the body that reads facts: what the scan of the months must collect. */
export function rulesOf(body: RuleSetBody): readonly (Condition | Expression)[] {
  return [
    ...body.inputs.map(({ value }) => value),
    ...[...body.requirements, ...body.exclusions].map(({ condition }) => condition),
    ...body.routes.map(({ measure }) => measure),
  ];
}
