/**
 * One row per customer and month (`month` is its first day). Money in fen, volumes in KB, times in seconds. `paid_fen` and
 * `paid_by_others_fen` are payments made in the month, everything else of money is what the bills of that cycle say in their current
 * version. `package_fee_fen` is the monthly fee billed, after discounts; without a bill what the subscription says, else null.
 */
export const MONTH_FACT = 'usage.month_fact';

/**
 * One row per version of a bill; `is_current` marks the one that counts. `monthly_fee_fen, voice_fen, sms_fen, data_fen, roaming_fen,
 * vas_fen, collected_for_others_fen, discount_fen, gift_fen, adjustment_fen` add up to `payable_fen`.
 */
export const BILL = 'usage.bill';

/** `customer_id, month (its first day), kind, intake_id, changed_at`: figures of closed months that an intake has changed. */
export const LATE_CHANGE = 'usage.late_change';

/**
 * `customer_id, source, bill_no, version, cycle, issued_at (of the first version), due_on, payable_fen, remaining_fen,
 * written_off_fen, settled_at (null: open, or never paid), state 'sent'|'partiallyPaid'|'onHold'|'settled', has_bill`: one row per
 * bill in its current version, and per item of arrears that has no bill here (`has_bill` false, its `bill_no` may be null). Money
 * that names no bill falls on the oldest that was stated open by then. Ask for one customer, or LATERAL for each of some.
 */
export const BILL_STANDING = 'usage.bill_standing';

/**
 * {@link BILL_STANDING} of a whole range of customers in one scan: a function of its first id, its last (both included) and the instant
 * before which all has happened (`'infinity'`: up to now).
 */
export const BILL_STANDING_BETWEEN = 'usage.bills_between';

/** `customer_id, source, payment_id, paid_at, amount_fen, paid_by_other`: one row per payment that was not taken back. */
export const PAYMENT_MADE = 'usage.payment_made';

/** `customer_id, source, payment_id, paid_at`: one row per payment that was taken back. */
export const PAYMENT_TAKEN_BACK = 'usage.payment_taken_back';

/** {@link BILL_STANDING} where something is left to pay. */
export const OPEN_BILL = 'usage.open_bill';

/**
 * `customer_id, settled_bills, on_time_bills, late_days (their sum), written_off_bills, billed_of_last_12, settled_of_last_12 (of the
 * newest twelve months that were billed), suspensions, payments, payments_by_others, payments_by_method jsonb, paid_fen, last_paid_at,
 * last_paid_fen`: one row per customer with a bill. Only settled bills are judged, so it needs no clock.
 */
export const PAYMENT_BEHAVIOUR = 'usage.payment_behaviour';

/**
 * {@link PAYMENT_BEHAVIOUR} of a whole range of customers in one scan: a function of its first id, its last (both included) and the
 * instant before which all has happened (`'infinity'`: up to now). Some thousand customers at once stay in memory.
 */
export const PAYMENT_BEHAVIOUR_BETWEEN = 'usage.payment_behaviour_between';

/**
 * `customer_id, as_of date, not_due_fen, overdue_0_30_fen, overdue_31_60_fen, overdue_61_90_fen, overdue_over_90_fen, overdue_fen,
 * open_bills int, oldest_due_on date`: who owed anything when the newest day began of which a snapshot is complete.
 */
export const ARREARS_AGEING = 'usage.arrears_ageing';

/** `intake_id`: the intakes that loaded history afterwards. */
export const BACKFILL_INTAKE = 'usage.backfill_intake';
