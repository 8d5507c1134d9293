import { businessMonth } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { RunDefinition } from '../../../platform/queues/index.js';
import { monthsOf } from '../../../platform/rules/index.js';
import { MonthNotLoaded } from '../domain/refusals.js';

/** What a run over everybody may be asked for when it is started. */
export interface WaitsForBills {
  /** First day of a month without whose bills it is not carried out. */
  readonly onlyWithBillsOf?: string;
}

/**
 * Refuses unless the bills of a month (its first day) have come: asked of a thousand customers, since all of them have
 * bills. Judged without them, everybody would seem to spend nothing.
 * @throws MonthNotLoaded
 */
export async function requireBillsOf(tx: Tx, month: string): Promise<void> {
  const [found] = await tx.query(
    `SELECT FROM (SELECT customer_id FROM customers.profile WHERE archive = 'in-network' LIMIT 1000) p
     JOIN usage.month_fact m ON m.customer_id = p.customer_id AND m.month = $1 WHERE m.spend_fen > 0 LIMIT 1`,
    [month],
  );
  if (!found) throw new MonthNotLoaded(month);
}

/** The schedule of a run as of the first of every month, about the months before it. */
export const monthlyOnceBilled = (cron: string): NonNullable<RunDefinition<WaitsForBills>['schedule']> => ({
  timetable: { cron },
  due: (now) => {
    const asOf = `${businessMonth(now)}-01`;
    const { from } = monthsOf({ kind: 'rolling-months', months: 1 }, asOf);
    return { key: `monthly ${asOf}`, asOf, parameters: { onlyWithBillsOf: from } };
  },
});
