/** Days a bill has been overdue as the arrears of a day count them (账龄): the due day itself is still in time. */
export const AGEING = [
  { bucket: '0-30', column: 'overdue_0_30_fen', fromDays: 1, toDays: 30 },
  { bucket: '31-60', column: 'overdue_31_60_fen', fromDays: 31, toDays: 60 },
  { bucket: '61-90', column: 'overdue_61_90_fen', fromDays: 61, toDays: 90 },
  { bucket: '90+', column: 'overdue_over_90_fen', fromDays: 91, toDays: undefined },
] as const;

/** Recovery (欠费回收率) looks this far back: the youngest bucket, so that what was overdue then has left it since. */
export const RECOVERY_DAYS = 30;
