import type { INestApplicationContext } from '@nestjs/common';
import { AnalyticsFacade } from '../modules/analytics/index.js';
import { PROFILE_VIEW } from '../modules/customers/index.js';
import { PointsFacade } from '../modules/points/index.js';
import { TieringFacade, tiers } from '../modules/tiering/index.js';
import { Database } from '../platform/database/index.js';
import { DEMO_AS_OF } from './demo-calendar.js';
import type { PushTotals } from './push-files.js';

const count = (n: number): string => n.toLocaleString('en');
const yuan = (fen: number): string => `¥${Math.round(fen / 100).toLocaleString('en')}`;

/** Says what the main job has done: what came in, who the customers are now, what their points are worth, who may leave. */
export async function printSummary(app: INestApplicationContext, pushed: PushTotals, seconds: number): Promise<void> {
  const shares = await app.get(TieringFacade).distribution();
  const points = await app.get(PointsFacade).totals();
  const churn = await app.get(AnalyticsFacade).summary(DEMO_AS_OF);
  const archives = await app
    .get(Database)
    .query<{ archive: string; customers: number }>(
      `SELECT archive, count(*) AS customers FROM ${PROFILE_VIEW} GROUP BY archive`,
    );
  const inArchive = (name: string): number => archives.find(({ archive }) => archive === name)?.customers ?? 0;
  const inTier = (name: string): number =>
    shares.filter(({ tier }) => tier === name).reduce((sum, { customers }) => sum + customers, 0);

  const lines: [string, string][] = [
    ['files', count(pushed.files)],
    ['records read', count(pushed.received)],
    [
      '  accepted',
      pushed.newlyLoaded === pushed.loaded
        ? count(pushed.loaded)
        : `${count(pushed.loaded)} (${count(pushed.newlyLoaded)} of them new)`,
    ],
    ['  duplicate', count(pushed.duplicate)],
    ['  rejected', count(pushed.rejected)],
    ['  held', count(pushed.held)],
    ['customers in network (在网)', count(inArchive('in-network'))],
    ...tiers.map((tier): [string, string] => [`  ${tier.toLowerCase().replace('_', ' ')}`, count(inTier(tier))]),
    ['customers retained (保留档案)', count(inArchive('retained'))],
    ['points issued (积分)', `${count(points.issued)}, outstanding worth ${yuan(points.outstandingValueInFen)}`],
    ['customers at risk (离网预警)', count(churn.customersAtRisk)],
    ['revenue at risk, a year', yuan(churn.revenueAtRiskFen)],
    ['seconds', seconds.toFixed(1)],
  ];
  console.log(`\n${lines.map(([name, value]) => `  ${name.padEnd(32)} ${value}`).join('\n')}\n`);
}
