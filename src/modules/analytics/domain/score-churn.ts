import {
  compileExpression,
  compilePredicate,
  type Calculation,
  type CustomerFacts,
  type Predicate,
} from '../../../platform/rules/index.js';
import { churnMetrics } from './churn-metrics.js';
import type { ChurnRuleSetBody } from './churn-rule-set.js';

export const bands = ['high', 'medium', 'low'] as const;
export type Band = (typeof bands)[number];

export interface ChurnScore {
  /** 0–100: the sum of the weights, capped. */
  readonly risk: number;
  readonly band: Band;
  /** The flags that are raised, in the order of the rule set. */
  readonly reasons: readonly ChurnReason[];
  /** What the customer brings in a year: for those at risk, the revenue at risk. */
  readonly yearlyRevenueFen: number;
}

export interface ChurnReason {
  readonly code: string;
  readonly weight: number;
  /** Figures by code; null where unknown. */
  readonly evidence: Readonly<Record<string, number | null>>;
}

export const MAX_RISK = 100;

/** The risk of losing one customer as of a business day, and what shows it. */
export function scoreChurn(body: ChurnRuleSetBody, facts: CustomerFacts, asOf: string): ChurnScore {
  const { flags, revenue } = compiled(body);
  const reasons = flags.flatMap(({ code, degrees, evidence }) => {
    const weight = degrees.find(({ when }) => when(facts, asOf).holds)?.weight;
    if (weight === undefined) return [];
    return [
      { code, weight, evidence: Object.fromEntries(evidence.map((each) => [each.code, each.value(facts, asOf)])) },
    ];
  });
  const risk = Math.min(
    MAX_RISK,
    reasons.reduce((sum, { weight }) => sum + weight, 0),
  );
  return { risk, band: bandOf(body, risk), reasons, yearlyRevenueFen: revenue(facts, asOf) ?? 0 };
}

export function bandOf({ bands: { high, medium } }: ChurnRuleSetBody, risk: number): Band {
  return risk >= high ? 'high' : risk >= medium ? 'medium' : 'low';
}

interface CompiledFlag {
  readonly code: string;
  readonly degrees: readonly { readonly weight: number; readonly when: Predicate }[];
  readonly evidence: readonly { readonly code: string; readonly value: Calculation }[];
}

interface Compiled {
  readonly flags: readonly CompiledFlag[];
  readonly revenue: Calculation;
}

const compiledSets = new WeakMap<ChurnRuleSetBody, Compiled>();

function compiled(body: ChurnRuleSetBody): Compiled {
  const known = compiledSets.get(body);
  if (known !== undefined) return known;
  const made = {
    flags: body.flags.map(({ code, degrees, evidence }) => ({
      code,
      degrees: degrees.map(({ weight, when }) => ({ weight, when: compilePredicate(when, churnMetrics) })),
      evidence: evidence.map((each) => ({ code: each.code, value: compileExpression(each.value, churnMetrics) })),
    })),
    revenue: compileExpression(body.yearlyRevenueFen, churnMetrics),
  };
  compiledSets.set(body, made);
  return made;
}
