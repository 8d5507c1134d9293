/**
 * Time in network in whole months on the day `asOf`, over a date column, as SQL; null for null. The same as `tenureMonths` of
 * the customers module: a month is full on its day, or on the last day of a month that has no such day.
 */
export function tenureMonthsSql(column: string, asOf: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(asOf)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) throw new Error(`not a date: ${asOf}`);
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const sinceMonth = `date_part('year', ${column})::int * 12 + date_part('month', ${column})::int`;
  const isShort = `(date_part('day', ${column}) > ${day === lastDay ? 31 : day})::int`;
  // GREATEST passes over null: of nobody's tenure it would make none.
  return `CASE WHEN ${column} IS NOT NULL THEN GREATEST(0, ${year * 12 + month} - (${sinceMonth}) - ${isShort}) END`;
}

/** Whole months from the day `asOf` until that of a date column, as SQL; 0 when it has passed, null for null. */
export function monthsUntilSql(column: string, asOf: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(asOf)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) throw new Error(`not a date: ${asOf}`);
  const untilMonth = `date_part('year', ${column})::int * 12 + date_part('month', ${column})::int`;
  const isShort = `(date_part('day', ${column}) < ${day})::int`;
  return `CASE WHEN ${column} IS NOT NULL THEN GREATEST(0, ${untilMonth} - ${year * 12 + month} - ${isShort}) END`;
}
