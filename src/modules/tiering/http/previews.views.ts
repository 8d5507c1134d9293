import { headOf, hrefOf } from '../../../platform/http/index.js';
import type { ComparedRules, NamedCustomer, Portfolio, Preview, Told } from '../application/previews.query.js';
import type { Impact, Moves } from '../domain/preview.js';
import type {
  BenefitCostView,
  MovesView,
  PreviewedCustomerView,
  PreviewedPortfolioView,
  PreviewedVersionView,
  PreviewImpactView,
  PreviewTotalsView,
  ImpactPreviewView,
} from './previews.dto.js';
import { previewedCustomers, previewedPortfolios, previews } from './previews.resources.js';
import { RUNS, ruleSets } from './rule-sets.resources.js';

/** Whether amounts of money are shown. */
interface Seen {
  readonly amounts: boolean;
}

const CUSTOMERS = { path: '/tmf-api/customerManagement/v4/customer' };

export const previewView = (preview: Preview): ImpactPreviewView => ({
  ...headOf(previews, preview.runId),
  program: preview.program,
  asOf: preview.asOf,
  draft: versionView(preview.draft),
  compared: preview.against && versionView(preview.against),
  differenceHref:
    preview.against &&
    `${hrefOf(ruleSets, preview.draft.version)}/difference?from=${encodeURIComponent(preview.against.version)}`,
  runHref: hrefOf({ path: RUNS }, preview.runId),
  startedAt: preview.startedAt,
  finishedAt: preview.finishedAt,
});

export const toldView = ({ preview, impact }: Told, seen: Seen): ImpactPreviewView => ({
  ...previewView(preview),
  impact: impact && impactView(impact, seen),
});

const versionView = ({ version, checksum, isYearly }: ComparedRules): PreviewedVersionView => ({
  version,
  checksum,
  isYearly,
});

const impactView = (impact: Impact, seen: Seen): PreviewImpactView => ({
  departed: impact.departed,
  moves: movesView(impact.moves, seen),
  comparedMoves: impact.againstMoves && movesView(impact.againstMoves, seen),
  transitions: [...impact.transitions],
  differences: [...impact.differences],
  byRegion: impact.byRegion.map(({ region, ...moves }) => ({ region: region || null, ...movesView(moves, seen) })),
  byBrand: impact.byBrand.map(({ brand, ...moves }) => ({ brand: brand || null, ...movesView(moves, seen) })),
  revenueAtRisk: impact.atRisk.map(({ fen, ...pair }) => ({ ...pair, ...(seen.amounts && { fen }) })),
  decidedBy: impact.decidedBy.map(({ kind, code, customers }) => ({ kind, code: code || null, customers })),
  changedConditions: impact.conditions.map(({ kind, code, below, above }) => ({
    kind,
    code,
    ...(kind === 'route' ? { lower: below, higher: above } : { holdsNoMore: below, holdsNow: above }),
  })),
  borders: impact.borders.map(({ code, tier, below, above }) => ({ route: code, tier, below, above })),
  benefitCost: benefitCostView(impact),
  guard: impact.guard,
});

const movesView = ({ customers, rises, falls, warned, kept, recovered, atRiskFen }: Moves, seen: Seen): MovesView => ({
  customers,
  rises,
  falls,
  warned,
  kept,
  recovered,
  ...(seen.amounts && { revenueAtRiskFen: atRiskFen }),
});

const benefitCostView = ({ benefitCost }: Impact): BenefitCostView => ({
  heldFen: benefitCost.heldFen,
  givenFen: benefitCost.givenFen,
  deltaFen: benefitCost.givenFen - benefitCost.heldFen,
  levelsWithoutCost: benefitCost.levelsWithoutCost,
  comparedLevelsWithoutCost: benefitCost.againstLevelsWithoutCost,
});

export const totalsView = (preview: Preview, impact: Impact, seen: Seen): PreviewTotalsView => ({
  id: preview.runId,
  href: hrefOf(previews, preview.runId),
  draft: versionView(preview.draft),
  moves: movesView(impact.moves, seen),
  levels: preview.scale.map((tier) => ({
    tier,
    held: customersWhere(impact, ({ from }) => from === tier),
    given: customersWhere(impact, ({ to }) => to === tier),
  })),
  benefitCost: benefitCostView(impact),
  guard: impact.guard,
});

const customersWhere = (
  { transitions }: Impact,
  isMeant: (transition: Impact['transitions'][number]) => boolean,
): number => transitions.filter(isMeant).reduce((sum, { customers }) => sum + customers, 0);

export const previewedCustomerView = (
  row: NamedCustomer,
  name: string | undefined,
  seen: Seen,
): PreviewedCustomerView => {
  const [kind = '', code] = row.decided_by.split(' ');
  return {
    id: row.customer_id,
    href: hrefOf(CUSTOMERS, row.customer_id),
    '@type': previewedCustomers.type,
    place: row.place,
    name,
    region: row.region,
    managerId: row.manager_id,
    from: row.from_tier,
    to: row.to_tier,
    outcome: row.outcome,
    lowersOn: row.lowers_on,
    levelsLost: row.ranks_lost,
    ...(seen.amounts && { netSpendFen: row.net_spend_fen }),
    decidedByKind: kind,
    decidedByCode: code ?? null,
  };
};

export const previewedPortfolioView = (row: Portfolio, seen: Seen): PreviewedPortfolioView => ({
  id: row.manager_id,
  '@type': previewedPortfolios.type,
  customers: row.customers,
  rises: row.rises,
  falls: row.falls,
  warned: row.warned,
  kept: row.kept,
  ...(seen.amounts && { revenueAtRiskFen: row.at_risk_fen }),
});
