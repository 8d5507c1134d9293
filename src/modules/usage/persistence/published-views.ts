/**
 * One row per customer and month (`month` is its first day). Money in fen, volumes in KB, times in seconds. `paid_fen` and
 * `paid_by_others_fen` are payments made in the month, everything else of money is what the bills of that cycle say in their current
 * version. `package_fee_fen` is the monthly fee billed, after discounts; without a bill what the subscription says, else null.
 */
export const MONTH_FACT = 'usage.month_fact';

/** One row per version of a bill; `is_current` marks the one that counts. */
export const BILL = 'usage.bill';
