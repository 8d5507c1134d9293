import type { Kind } from './codes.js';

/** Records that name no province, as those pushed online, count for the whole country (GB/T 2260). */
export const EVERY_PROVINCE = '000000';

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
