import { OrderExpectsNothing } from './order-refusals.js';

/** 套餐变更, 增值业务, 停机, 复机, 换卡, 开户, 销户. */
export const ORDER_TYPES = [
  'TARIFF_CHANGE', 'ADD_ON', 'SUSPENSION', 'RESUMPTION', 'SIM_CHANGE', 'OPENING', 'CLOSING',
] as const; // prettier-ignore
export type OrderType = (typeof ORDER_TYPES)[number];

/** As BOSS writes them in SUB records. */
export const SUBSCRIPTION_STATUSES = ['ACTIVE', 'SUSPENDED_ONE_WAY', 'SUSPENDED_TWO_WAY', 'TERMINATED'] as const;
export const SIM_KINDS = ['MAIN', 'SECONDARY', 'DATA', 'IOT'] as const;

/** What should be true of the number once the order has taken effect; what is left out is not asked for. */
export interface Expectation {
  readonly status?: (typeof SUBSCRIPTION_STATUSES)[number] | undefined;
  readonly tariffCode?: string | undefined;
  readonly packageFeeFen?: number | undefined;
  readonly simKind?: (typeof SIM_KINDS)[number] | undefined;
}

/** What must be reported with an order of the type, and what goes without saying. */
const BY_TYPE: Readonly<Record<OrderType, { readonly asks?: keyof Expectation; readonly implies?: Expectation }>> = {
  TARIFF_CHANGE: { asks: 'tariffCode' },
  ADD_ON: { asks: 'packageFeeFen' },
  SUSPENSION: { implies: { status: 'SUSPENDED_TWO_WAY' } },
  RESUMPTION: { implies: { status: 'ACTIVE' } },
  // SUB records carry no card: that BOSS has told of the number at all is what there is to see.
  SIM_CHANGE: {},
  OPENING: { implies: { status: 'ACTIVE' } },
  CLOSING: { implies: { status: 'TERMINATED' } },
};

/** @throws OrderExpectsNothing */
export function expectationOf(type: OrderType, given: Expectation): Expectation {
  const { asks, implies } = BY_TYPE[type];
  if (asks && given[asks] === undefined) throw new OrderExpectsNothing(asks);
  return Object.fromEntries(Object.entries({ ...implies, ...given }).filter(([, value]) => value !== undefined));
}

export const VERDICTS = ['PENDING', 'MATCHED', 'DIFFERENT', 'MISSING', 'OVERTAKEN'] as const;
/**
 * 待核, 一致, 不一致, 缺失, 被后单取代. `MISSING`: BOSS has not said anything of the number since; `OVERTAKEN`: a later order about the same has
 * taken effect before BOSS told of this one.
 */
export type Verdict = (typeof VERDICTS)[number];

export interface Difference {
  readonly field: string;
  readonly expected: string | number;
  /** null: BOSS does not know the number, or says nothing of this. */
  readonly actual: string | number | null;
}

/** What is known of an order when it is compared. */
export interface Comparison {
  readonly expected: Expectation;
  readonly deadline: Date;
  /** What BOSS says of the number; undefined when it does not know it. */
  readonly said: Readonly<Record<keyof Expectation, string | number | null>> | undefined;
  /** Whether BOSS has said it since the order was handled: before, agreement would be chance. */
  readonly hasSpokenSince: boolean;
  readonly isOvertaken: boolean;
}

/** Compares what was handled with what BOSS says (业务稽核, USG-06). Before the deadline nothing is wrong yet. */
export function judgeOrder(
  { expected, deadline, said, hasSpokenSince, isOvertaken }: Comparison,
  now: Date,
): { readonly verdict: Verdict; readonly differences: readonly Difference[] } {
  const differences = Object.entries(expected).flatMap(([field, value]): Difference[] => {
    const actual = said?.[field as keyof Expectation] ?? null;
    return actual === value ? [] : [{ field, expected: value, actual }];
  });
  if (hasSpokenSince && said && differences.length === 0) return { verdict: 'MATCHED', differences: [] };
  if (isOvertaken) return { verdict: 'OVERTAKEN', differences };
  if (now < deadline) return { verdict: 'PENDING', differences };
  return { verdict: hasSpokenSince ? 'DIFFERENT' : 'MISSING', differences };
}
