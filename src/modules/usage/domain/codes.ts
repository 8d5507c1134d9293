/** The codes in which `usage.usage_record` stores these words. Only ever add at the end: stored figures keep their meaning. */
export const EVENT_TYPES = ['VOICE_MO', 'VOICE_MT', 'SMS', 'DATA', 'ROAM', 'VAS', 'SERVICE'] as const;
export const COUNTERPARTY_CLASSES = [
  'ON_NET',
  'OFF_NET_CU',
  'OFF_NET_CT',
  'OFF_NET_CB',
  'FIXED',
  'INTL',
  'HOTLINE_OWN',
  'HOTLINE_RIVAL',
  'MNP_QUERY',
  'MNP_CODE',
  'BILL_DETAIL',
  'NONE',
] as const;
export const OPERATIONS = ['NEW', 'CORRECT', 'CANCEL'] as const;

/** 未结清, 争议, 核销. */
export const ARREARS_STATUSES = ['OPEN', 'DISPUTED', 'WRITTEN_OFF'] as const;

/** Word → code, counted from 1. */
export const codesOf = <T extends string>(words: readonly T[]): Readonly<Record<T, number>> =>
  Object.fromEntries(words.map((word, at) => [word, at + 1])) as Record<T, number>;

export const EVENT_TYPE = codesOf(EVENT_TYPES);
export const COUNTERPARTY_CLASS = codesOf(COUNTERPARTY_CLASSES);
export const OPERATION = codesOf(OPERATIONS);
export const ARREARS_STATUS = codesOf(ARREARS_STATUSES);

export const KINDS = ['SUB', 'USG', 'BIL', 'PAY', 'ARR'] as const;
/** SUB subscriptions, USG usage, BIL bills, PAY payments, ARR arrears. */
export type Kind = (typeof KINDS)[number];
