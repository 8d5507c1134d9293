import { KINDS, type Kind } from './codes.js';

/** Records that name no province, as those pushed online, count for the whole country (GB/T 2260). */
export const EVERY_PROVINCE = '000000';

export const DAY_STATES = ['OPEN', 'CLOSED', 'SIGNED_OFF'] as const;
/** CLOSED: both sides agree; SIGNED_OFF: two people have accepted what differs. */
export type DayState = (typeof DAY_STATES)[number];

/** One business day (账期日) of one kind of record of one source, and of one province where its files tell them apart. */
export interface SourceDay {
  readonly source: string;
  readonly kind: Kind;
  readonly province: string;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly businessDate: string;
}

export const nameOfDay = ({ source, kind, province, businessDate }: SourceDay): string =>
  `${source}-${kind}-${province}-${businessDate}`;

const NAME = /^([A-Z0-9]{2,12})-([A-Z]{3})-([A-Za-z0-9]{2,6})-(\d{4}-\d{2}-\d{2})$/;

/** Reads what {@link nameOfDay} wrote; `undefined` when it is the name of no day. */
export function dayNamed(name: string): SourceDay | undefined {
  const [, source = '', word, province = '', businessDate = ''] = NAME.exec(name) ?? [];
  const kind = KINDS.find((each) => each === word);
  const isDate = !Number.isNaN(Date.parse(`${businessDate}T00:00:00Z`));
  return kind && isDate && new Date(businessDate).toISOString().startsWith(businessDate)
    ? { source, kind, province, businessDate }
    : undefined;
}
