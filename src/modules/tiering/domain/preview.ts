import { allowedDowngrades } from './movement.js';
import { rankOn, type RuleSetBody } from './rule-set.js';

/** Who is so near to a threshold is told as on the border (临界客户). */
export const BORDER_PERCENT = 5;

/** What becomes of a level: as in decisions, 'kept' by late figures, 'held' by the movement policy, 'same' because it is earned. */
export type Becomes =
  'entered' | 'upgraded' | 'downgraded' | 'warned' | 'recovered' | 'kept' | 'held' | 'same' | 'departed';

/** Customers of one region and brand whom the same would become of. Unknown regions and brands are ''. */
export interface Cell {
  readonly region: string;
  readonly brand: string;
  /** The lowest level for who was never rated. */
  readonly held: string;
  /** The level from now on or, of a warning, later. */
  readonly given: string;
  readonly outcome: Becomes;
  /** By the version compared with. */
  readonly againstGiven: string;
  readonly againstOutcome: Becomes;
  /** 'kind code' of the condition that a lower level is put down to; '' when it is not lower. */
  readonly decidedBy: string;
  readonly customers: number;
  /** Net spend of the last twelve full months of those who would fall, in fen. */
  readonly atRiskFen: number;
  readonly againstAtRiskFen: number;
}

/** How many customers something is counted of, below and above; see {@link Impact.borders} and {@link Impact.conditions}. */
export interface Measured {
  readonly kind: 'border' | 'requirement' | 'exclusion' | 'route';
  readonly code: string;
  /** Of a border, the level of the threshold. */
  readonly tier: string;
  readonly below: number;
  readonly above: number;
}

export interface Moves {
  readonly customers: number;
  readonly rises: number;
  readonly falls: number;
  /** The fall is announced and comes later. */
  readonly warned: number;
  /** Another level is earned, and policy keeps the one held. */
  readonly kept: number;
  /** An announced fall does not come. */
  readonly recovered: number;
  readonly atRiskFen: number;
}

export interface Impact {
  readonly moves: Moves;
  readonly departed: number;
  /** By the version compared with; undefined without one. */
  readonly againstMoves: Moves | undefined;
  /** From the level held to the one given. Together they are everybody in the network. */
  readonly transitions: readonly (Pair & { readonly outcome: Becomes })[];
  /** From the level that the version compared with gives. */
  readonly differences: readonly Pair[];
  readonly byRegion: readonly (Moves & { readonly region: string })[];
  readonly byBrand: readonly (Moves & { readonly brand: string })[];
  /** Those who would fall, by level pair. */
  readonly atRisk: readonly (Pair & { readonly fen: number })[];
  /** Those who would fall, by the condition that decides it; the most first. */
  readonly decidedBy: readonly { readonly kind: string; readonly code: string; readonly customers: number }[];
  /** For whom a condition says something else than before: for a route less and more, for a gate that it holds no more and now. */
  readonly conditions: readonly Measured[];
  /** Rated customers within {@link BORDER_PERCENT} percent below and from a threshold on. */
  readonly borders: readonly Measured[];
  readonly benefitCost: BenefitCost;
  readonly guard: Guard;
}

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly customers: number;
}

/** What the benefits of all levels cost in a year, in fen. */
export interface BenefitCost {
  /** Levels held, at what the version compared with says they cost. */
  readonly heldFen: number;
  /** Levels given, also later, at what this one says. */
  readonly givenFen: number;
  /** Levels above the lowest for which no cost is given: they count 0. */
  readonly levelsWithoutCost: number;
  readonly againstLevelsWithoutCost: number;
}

/** Whether a run would pass its guard. */
export interface Guard {
  readonly downgrades: number;
  /** Levels above the lowest when the run knows how many it would lower. */
  readonly held: number;
  readonly allowed: number;
  /** Of the levels held, rounded up. */
  readonly percent: number;
  readonly passes: boolean;
}

interface Previewed {
  readonly scale: readonly string[];
  readonly body: RuleSetBody;
  /** undefined: there is no version to compare with. */
  readonly against: RuleSetBody | undefined;
  readonly cells: readonly Cell[];
  readonly measured: readonly Measured[];
}

const hasFallen = ({ outcome }: Pick<Cell, 'outcome'>): boolean => outcome === 'downgraded' || outcome === 'warned';
const hasRisen = ({ outcome }: Pick<Cell, 'outcome'>): boolean => outcome === 'entered' || outcome === 'upgraded';

/** All that is told of a preview, from what its slices have counted. */
export function impactOf({ scale, body, against, cells, measured }: Previewed): Impact {
  const here = cells.filter(({ outcome }) => outcome !== 'departed');
  const before = here.map((cell): Cell => ({
    ...cell,
    given: cell.againstGiven,
    outcome: cell.againstOutcome,
    atRiskFen: cell.againstAtRiskFen,
  }));
  const rank = (tier: string): number => rankOn(scale, tier);
  const pairs = <T>(of: readonly Cell[], pair: (cell: Cell) => T & { from: string; to: string }) =>
    grouped(of, pair).sort((a, b) => rank(b[0].from) - rank(a[0].from) || rank(b[0].to) - rank(a[0].to));
  return {
    moves: movesOf(here),
    departed: sum(
      cells.filter(({ outcome }) => outcome === 'departed'),
      customersOf,
    ),
    againstMoves: against && movesOf(before),
    transitions: pairs(here, ({ held, given, outcome }) => ({ from: held, to: given, outcome })).map(([pair, of]) => ({
      ...pair,
      customers: sum(of, customersOf),
    })),
    differences: against
      ? pairs(here, ({ againstGiven, given }) => ({ from: againstGiven, to: given })).map(([pair, of]) => ({
          ...pair,
          customers: sum(of, customersOf),
        }))
      : [],
    byRegion: grouped(here, ({ region }) => ({ region }))
      .map(([key, of]) => ({ ...key, ...movesOf(of) }))
      .sort((a, b) => (a.region < b.region ? -1 : 1)),
    byBrand: grouped(here, ({ brand }) => ({ brand }))
      .map(([key, of]) => ({ ...key, ...movesOf(of) }))
      .sort((a, b) => (a.brand < b.brand ? -1 : 1)),
    atRisk: pairs(here.filter(hasFallen), ({ held, given }) => ({ from: held, to: given })).map(([pair, of]) => ({
      ...pair,
      customers: sum(of, customersOf),
      fen: sum(of, ({ atRiskFen }) => atRiskFen),
    })),
    decidedBy: grouped(here.filter(hasFallen), ({ decidedBy }) => ({ decidedBy }))
      .map(([{ decidedBy }, of]) => {
        const [kind = '', code = ''] = decidedBy.split(' ');
        return { kind, code, customers: sum(of, customersOf) };
      })
      .sort((a, b) => b.customers - a.customers),
    conditions: measured
      .filter(({ kind }) => kind !== 'border')
      .sort((a, b) => b.below + b.above - (a.below + a.above)),
    borders: measured.filter(({ kind }) => kind === 'border').sort((a, b) => rank(b.tier) - rank(a.tier)),
    benefitCost: benefitCostOf(here, body, against ?? body),
    guard: guardOf(here, { scale, body }),
  };
}

function movesOf(cells: readonly Cell[]): Moves {
  const count = (isMeant: (cell: Cell) => boolean): number => sum(cells.filter(isMeant), customersOf);
  return {
    customers: sum(cells, customersOf),
    rises: count(hasRisen),
    falls: count(({ outcome }) => outcome === 'downgraded'),
    warned: count(({ outcome }) => outcome === 'warned'),
    kept: count(({ outcome }) => outcome === 'held' || outcome === 'kept'),
    recovered: count(({ outcome }) => outcome === 'recovered'),
    atRiskFen: sum(cells, ({ atRiskFen }) => atRiskFen),
  };
}

function benefitCostOf(cells: readonly Cell[], after: RuleSetBody, before: RuleSetBody): BenefitCost {
  const costIn = (body: RuleSetBody, tier: string): number =>
    body.levels.find((level) => level.tier === tier)?.yearlyCostFen ?? 0;
  const without = ({ levels }: RuleSetBody): number =>
    levels.slice(0, -1).filter(({ yearlyCostFen }) => yearlyCostFen === undefined).length;
  return {
    heldFen: sum(cells, ({ held, customers }) => customers * costIn(before, held)),
    givenFen: sum(cells, ({ given, customers }) => customers * costIn(after, given)),
    levelsWithoutCost: without(after),
    againstLevelsWithoutCost: without(before),
  };
}

/** A run asks its guard when the upgrades have been given and the departed are gone. */
function guardOf(
  cells: readonly Cell[],
  { scale, body }: { readonly scale: readonly string[]; readonly body: RuleSetBody },
): Guard {
  const level = (cell: Cell): string => (hasRisen(cell) ? cell.given : cell.held);
  const held = sum(
    cells.filter((cell) => rankOn(scale, level(cell)) > 0),
    customersOf,
  );
  const downgrades = sum(
    cells.filter(({ outcome }) => outcome === 'downgraded'),
    customersOf,
  );
  const allowed = allowedDowngrades(body, held);
  const percent = held === 0 ? 0 : Math.ceil((downgrades * 100) / held);
  return { downgrades, held, allowed, percent, passes: downgrades <= allowed };
}

const customersOf = ({ customers }: Cell): number => customers;
const sum = <T>(of: readonly T[], value: (each: T) => number): number =>
  of.reduce((total, each) => total + value(each), 0);

function grouped<K extends object>(cells: readonly Cell[], key: (cell: Cell) => K): [K, Cell[]][] {
  const groups = new Map<string, [K, Cell[]]>();
  for (const cell of cells) {
    const of = key(cell);
    const group = groups.get(JSON.stringify(of));
    if (group) group[1].push(cell);
    else groups.set(JSON.stringify(of), [of, [cell]]);
  }
  return [...groups.values()];
}
