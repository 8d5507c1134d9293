import type { CustomerFacts, MonthFacts } from '../../../platform/rules/index.js';
import { monthsLater } from './months.js';

const PACE_MONTHS = 3;

/**
 * The facts as they will be if the customer goes on at the pace of the newest three full months: each month that is still to come, of
 * those before `until`, is their mean, rounded down. Without any of the three months nothing is expected. Days 'YYYY-MM-DD'.
 */
export function atCurrentPace(
  facts: CustomerFacts,
  { today, until }: { readonly today: string; readonly until: string },
): CustomerFacts {
  const thisMonth = `${today.slice(0, 7)}-01`;
  const since = monthsLater(thisMonth, -PACE_MONTHS);
  const known = facts.months.filter(({ month }) => month < thisMonth);
  const recent = known.filter(({ month }) => month >= since);
  if (recent.length === 0) return facts;
  const values = meanOf(recent);
  const coming: MonthFacts[] = [];
  for (let month = thisMonth; month < `${until.slice(0, 7)}-01`; month = monthsLater(month, 1)) {
    coming.push({ month, values });
  }
  return { ...facts, months: [...known, ...coming] };
}

function meanOf(months: readonly MonthFacts[]): MonthFacts['values'] {
  const names = Object.keys(months[0]?.values ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const known = months.map(({ values }) => values[name]).filter((value) => typeof value === 'number');
      const sum = known.reduce((total, value) => total + value, 0);
      return [name, known.length === 0 ? null : Math.floor(sum / known.length)];
    }),
  );
}
