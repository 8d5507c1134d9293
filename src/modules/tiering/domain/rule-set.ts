import type { Condition, Expression, Label, Unit } from '../../../platform/rules/index.js';

/**
 * What a programme of levels is for. All of them are scales that customers stand on by rule:
 * card levels (客户级别), stars (星级), credit (信誉度), who may become valuable (潜在高价值), spending, value and type (客户分类), value (价值模型), classes of groups (集团客户级别).
 */
export const ruleSetKinds = [
  'tier',
  'star-level',
  'credit-grade',
  'potential-high-value',
  'customer-class',
  'value-model',
  'group-level',
] as const;
export type RuleSetKind = (typeof ruleSetKinds)[number];

/**
 * How a programme gives levels, as data (级别评定规则). Whoever fulfils every requirement and no exclusion earns the highest
 * level that any route gives (highest wins, TIER-15); everybody else the lowest. `movement` says when what is earned is given.
 */
export interface RuleSetBody {
  /** Highest first, ending in the lowest of the scale. A level that is left out (PLATINUM in some provinces) is switched off. */
  readonly levels: readonly Level[];
  /** Figures that are kept with every decision and shown to the customer; they decide nothing by themselves. */
  readonly inputs: readonly Figure[];
  readonly requirements: readonly Gate[];
  /** Whom one holds for gets the lowest level at once, whatever `movement` says. */
  readonly exclusions: readonly Gate[];
  readonly routes: readonly Route[];
  /** The day of the year from which the yearly review holds; levels are kept until the day before the next. */
  readonly review: { readonly month: number; readonly day: number };
  /** Default {@link freeMovement}. */
  readonly movement?: Movement;
  /** Where a province asks for more or less than the rest of the country. */
  readonly provinces?: readonly ProvinceRules[];
}

export interface Level {
  readonly tier: string;
  readonly label: Label;
  /** What the benefits of the level cost for one customer and year, in fen. */
  readonly yearlyCostFen?: number;
  /** What goes with the level by itself: credit (透支额度), days before service is stopped, … */
  readonly grants?: readonly Grant[];
}

export interface Grant {
  readonly code: string;
  readonly label: Label;
  readonly unit: Unit;
  readonly value: number;
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
  readonly tier: string;
  readonly atLeast: number;
  /** What is enough for whoever holds this level or a higher one already (保级); default `atLeast`, never more. */
  readonly retainAtLeast?: number;
}

/** When a level that is earned is given (升级、保级、降级缓冲, TIER-11). The review is the first run of a level year. */
export interface Movement {
  readonly upgrade: 'any-run' | 'review';
  readonly downgrade: 'any-run' | 'review';
  /** A downgrade is announced and comes so many months later, unless the level is earned again until then; 0: it comes at once. */
  readonly graceMonths: number;
  /** At most one level down at a time (软着陆). */
  readonly stepwise: boolean;
  /** No run lowers the level for so many months after it was given by hand. */
  readonly coolDownMonths: number;
  /** Whether a review tells those who keep their level. */
  readonly announceRetained: boolean;
  /** A run over everybody that would lower more than so many percent of the levels held lowers none; fewer than `from` always pass. */
  readonly guard: { readonly percent: number; readonly from: number };
}

/** Whatever is earned is given by every run. */
export const freeMovement: Movement = {
  upgrade: 'any-run',
  downgrade: 'any-run',
  graceMonths: 0,
  stepwise: false,
  coolDownMonths: 0,
  announceRetained: false,
  guard: { percent: 20, from: 100 },
};

export interface ProvinceRules {
  /** Province code. */
  readonly region: string;
  /** Instead of those of the route with this code. */
  readonly routes: readonly { readonly code: string; readonly thresholds: readonly Threshold[] }[];
}

/** A body on the scale of its programme: all that is needed to decide. */
export interface Rules {
  /** The levels of the programme, highest first, also those that this body does not give. */
  readonly scale: readonly string[];
  readonly body: RuleSetBody;
}

export const ruleSetStatuses = ['draft', 'simulated', 'approved', 'active', 'retired'] as const;
export type RuleSetStatus = (typeof ruleSetStatuses)[number];

/** A body with its name, meant for the days `effectiveFrom <= day < effectiveUntil`. */
export interface RuleSet extends Rules {
  readonly program: string;
  readonly kind: RuleSetKind;
  /** Unique among all programmes. */
  readonly version: string;
  readonly status: RuleSetStatus;
  readonly effectiveFrom: string;
  readonly effectiveUntil: string;
  /** SHA-256 of the canonical body: what was approved is what decides. */
  readonly checksum: string;
  readonly author: string;
  readonly approver: string | undefined;
  /** The preview that the approver has seen. */
  readonly previewRunId: string | undefined;
}

/** Every rule of the body that reads facts: what the scan of the months must collect. */
export function rulesOf(body: RuleSetBody): readonly (Condition | Expression)[] {
  return [
    ...body.inputs.map(({ value }) => value),
    ...[...body.requirements, ...body.exclusions].map(({ condition }) => condition),
    ...body.routes.map(({ measure }) => measure),
    ...(body.provinces === undefined ? [] : [{ metric: 'region' }]),
  ];
}

/** 0 for the lowest level of the scale. */
export function rankOn(scale: readonly string[], tier: string): number {
  const place = scale.indexOf(tier);
  if (place < 0) throw new Error(`${tier} is not on the scale`);
  return scale.length - 1 - place;
}

/** The thresholds of a route as they are in a province. */
export function thresholdsIn(body: RuleSetBody, route: Route, region: string | null): readonly Threshold[] {
  const own = body.provinces?.find((each) => each.region === region)?.routes.find(({ code }) => code === route.code);
  return own?.thresholds ?? route.thresholds;
}
