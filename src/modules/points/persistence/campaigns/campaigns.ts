import type { Tx } from '../../../../platform/database/index.js';
import type { Condition } from '../../../../platform/rules/index.js';
import { type Campaign, type Frequency, funderOf, type Use } from '../../domain/campaigns/campaign.js';

export interface CampaignRow {
  readonly campaign_id: string;
  readonly code: string;
  readonly label_en: string;
  readonly label_zh: string;
  readonly valid_from: string;
  readonly valid_until: string;
  readonly trigger: Campaign['trigger'];
  readonly reward_points: number;
  readonly condition: Condition | null;
  readonly frequency: Frequency | null;
  readonly cap_per_customer: number | null;
  readonly cap_per_year: number | null;
  readonly budget_points: number;
  readonly checksum: string;
  readonly status: Campaign['status'];
  readonly author: string;
  readonly approved_by: string | null;
}

export const CAMPAIGN_COLUMNS = `c.campaign_id, c.code, c.label_en, c.label_zh, c.valid_from, c.valid_until, c.trigger, c.reward_points,
  c.condition, c.frequency, c.cap_per_customer, c.cap_per_year, c.budget_points, c.checksum, c.status, c.author, c.approved_by`;

/** Of a campaign that only the daily run grants from, one row is enough: the run takes once per slice. */
const STRIPES = { EVENT: 16, FREQUENCY: 1 } as const;

export const campaignFrom = (row: CampaignRow): Campaign => ({
  campaignId: row.campaign_id,
  code: row.code,
  labelEn: row.label_en,
  labelZh: row.label_zh,
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  trigger: row.trigger,
  rewardPoints: row.reward_points,
  condition: row.condition ?? undefined,
  frequency: row.frequency ?? undefined,
  capPerCustomer: row.cap_per_customer ?? undefined,
  capPerYear: row.cap_per_year ?? undefined,
  budgetPoints: row.budget_points,
  checksum: row.checksum,
  status: row.status,
  author: row.author,
  approvedBy: row.approved_by ?? undefined,
});

const termsOf = (campaign: Campaign): readonly unknown[] => [
  campaign.campaignId,
  campaign.labelEn,
  campaign.labelZh,
  campaign.validFrom,
  campaign.validUntil,
  campaign.trigger,
  campaign.rewardPoints,
  campaign.condition === undefined ? null : JSON.stringify(campaign.condition),
  campaign.frequency === undefined ? null : JSON.stringify(campaign.frequency),
  campaign.capPerCustomer ?? null,
  campaign.capPerYear ?? null,
  campaign.budgetPoints,
  campaign.checksum,
];

/** Returns false when its code is taken. */
export async function insertCampaign(tx: Tx, campaign: Campaign, at: Date): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO points.campaign (campaign_id, label_en, label_zh, valid_from, valid_until, trigger, reward_points, condition, frequency,
       cap_per_customer, cap_per_year, budget_points, checksum, code, author, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16) ON CONFLICT (code) DO NOTHING`,
    [...termsOf(campaign), campaign.code, campaign.author, at],
  );
  return inserted === 1;
}

export async function storeTerms(tx: Tx, campaign: Campaign, at: Date): Promise<void> {
  await tx.execute(
    `UPDATE points.campaign SET label_en = $2, label_zh = $3, valid_from = $4, valid_until = $5, trigger = $6, reward_points = $7,
       condition = $8, frequency = $9, cap_per_customer = $10, cap_per_year = $11, budget_points = $12, checksum = $13, changed_at = $14
     WHERE campaign_id = $1`,
    [...termsOf(campaign), at],
  );
}

export async function campaignOf(
  reader: Pick<Tx, 'query'>,
  campaignId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<Campaign | undefined> {
  const [row] = await reader.query<CampaignRow>(
    `SELECT ${CAMPAIGN_COLUMNS} FROM points.campaign c WHERE c.campaign_id = $1 ${lock}`,
    [campaignId],
  );
  return row && campaignFrom(row);
}

/**
 * Those that the daily run grants from on a day. Bills of the last month come after it, and payments a little late: it looks at a
 * campaign for two more months.
 */
export async function frequencyCampaigns(reader: Pick<Tx, 'query'>, day: string): Promise<Campaign[]> {
  const rows = await reader.query<CampaignRow>(
    `SELECT ${CAMPAIGN_COLUMNS} FROM points.campaign c WHERE ${isLookedAt('$1::date')} ORDER BY c.code`,
    [day],
  );
  return rows.map(campaignFrom);
}

export const isLookedAt = (day: string): string =>
  `c.trigger = 'FREQUENCY' AND c.status = 'approved' AND c.valid_from <= ${day} AND ${day} <= c.valid_until + 62`;

/** From now on it gives: its budget lies ready, and its funder has a name. */
export async function openCampaign(
  tx: Tx,
  { campaignId, code, labelEn, labelZh, trigger, validFrom, budgetPoints }: Campaign,
  { approvalId, approvedBy, at }: { readonly approvalId: string; readonly approvedBy: string; readonly at: Date },
): Promise<void> {
  await tx.execute(
    `UPDATE points.campaign SET status = 'approved', approval_id = $2, approved_by = $3, approved_at = $4 WHERE campaign_id = $1`,
    [campaignId, approvalId, approvedBy, at],
  );
  await tx.execute(
    `INSERT INTO points.campaign_budget (campaign_id, stripe, left_points)
     SELECT $1, stripe, $2::bigint / $3::int + (stripe < $2::bigint % $3::int)::int FROM generate_series(0, $3::int - 1) stripe`,
    [campaignId, budgetPoints, STRIPES[trigger]],
  );
  await tx.execute(
    `INSERT INTO points.funder (funder_id, kind, label_en, label_zh, since) VALUES ($1, 'CAMPAIGN', $2, $3, $4)
     ON CONFLICT (funder_id) DO NOTHING`,
    [funderOf(code), labelEn, labelZh, validFrom],
  );
}

export async function closeCampaign(tx: Tx, campaignId: string, by: string, at: Date): Promise<void> {
  await tx.execute(
    `UPDATE points.campaign SET status = 'stopped', stopped_by = $2, stopped_at = $3 WHERE campaign_id = $1`,
    [campaignId, by, at],
  );
}

/** What is left of the budget, and what was given to how many. */
export async function standingOf(
  reader: Pick<Tx, 'query'>,
  campaignId: string,
): Promise<{ readonly left: number | undefined }> {
  const [row] = await reader.query<{ left_points: number | null }>(
    'SELECT sum(left_points)::bigint AS left_points FROM points.campaign_budget WHERE campaign_id = $1',
    [campaignId],
  );
  return { left: row?.left_points ?? undefined };
}

interface Taking {
  readonly campaignId: string;
  readonly customerId: string;
  readonly points: number;
}

/**
 * Takes points of the budget out of the stripe that the customer's id names. One conditional update: it never goes below zero, and those
 * who grant at once wait for each other only where they meet in one of sixteen rows, for the rest of one short transaction.
 * Returns false when the stripe has less.
 */
export async function takeFromStripe(tx: Tx, { campaignId, customerId, points }: Taking): Promise<boolean> {
  const taken = await tx.execute(
    `UPDATE points.campaign_budget SET left_points = left_points - $3
     WHERE campaign_id = $1 AND stripe = uuid_hash($2::uuid) & ${STRIPES.EVENT - 1} AND left_points >= $3`,
    [campaignId, customerId, points],
  );
  return taken === 1;
}

/**
 * Takes points out of all stripes together, and spreads what is left: the end of a budget. All are locked in their order, by a
 * transaction that has locked none of them before, so nobody waits in a circle. Returns what is left when that is less than asked for.
 */
export async function takeFromAllStripes(
  tx: Tx,
  { campaignId, points }: Omit<Taking, 'customerId'>,
): Promise<{ readonly left: number } | undefined> {
  // A budget only falls, so what a snapshot lacks is lacking: once it is used up, nobody waits for anybody.
  const { left = 0 } = await standingOf(tx, campaignId);
  if (left < points) return { left };
  const stripes = await tx.query<{ stripe: number; left_points: number }>(
    'SELECT stripe, left_points FROM points.campaign_budget WHERE campaign_id = $1 ORDER BY stripe FOR UPDATE',
    [campaignId],
  );
  const rest = stripes.reduce((sum, { left_points }) => sum + left_points, 0) - points;
  if (rest < 0) return { left: rest + points };
  await tx.execute(
    `UPDATE points.campaign_budget SET left_points = $2::bigint / $3::int + (stripe < $2::bigint % $3::int)::int
     WHERE campaign_id = $1`,
    [campaignId, rest, stripes.length],
  );
  return undefined;
}

/** What a customer has had of a campaign; the account must be locked. */
export async function usesOf(tx: Tx, customerId: string, campaignId: string): Promise<Use[]> {
  const rows = await tx.query<{ points_year: number; points: number }>(
    'SELECT points_year, points FROM points.campaign_use WHERE customer_id = $1 AND campaign_id = $2',
    [customerId, campaignId],
  );
  return rows.map(({ points_year, points }) => ({ pointsYear: points_year, points }));
}

export async function addUse(tx: Tx, use: Taking & { readonly pointsYear: number }): Promise<void> {
  await tx.execute(
    `INSERT INTO points.campaign_use AS u (customer_id, campaign_id, points_year, points, times) VALUES ($1, $2, $3, $4, 1)
     ON CONFLICT (customer_id, campaign_id, points_year)
     DO UPDATE SET points = u.points + excluded.points, times = u.times + excluded.times`,
    [use.customerId, use.campaignId, use.pointsYear, use.points],
  );
}

/** Opens the account of a customer who has none, and locks it. Returns false when there is no such customer. */
export async function lockAccountOf(tx: Tx, customerId: string): Promise<boolean> {
  await tx.execute(
    `INSERT INTO points.point_account (customer_id) SELECT customer_id FROM customers.profile WHERE customer_id = $1
     ON CONFLICT DO NOTHING`,
    [customerId],
  );
  const locked = await tx.query('SELECT FROM points.point_account WHERE customer_id = $1 FOR NO KEY UPDATE', [
    customerId,
  ]);
  return locked.length === 1;
}
