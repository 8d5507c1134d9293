import { CopyExpired, CopyFetchedOften, CopyNotReady, NotYourCopy } from './refusals-of-subject-rights.js';

export const SUBJECT_EXPORT_STATUSES = [
  'awaiting-approval',
  'preparing',
  'ready',
  'refused',
  'withdrawn',
  'lapsed',
  'expired',
] as const;
export type SubjectExportStatus = (typeof SUBJECT_EXPORT_STATUSES)[number];

export const COPY_IS_KEPT_DAYS = 7;
export const COPY_MAY_BE_FETCHED = 5;

export interface SubjectExport {
  readonly customerId: string;
  readonly exportId: string;
  readonly requestId: string;
  readonly approvalId: string;
  readonly status: SubjectExportStatus;
  readonly askedBy: string;
  readonly askedAt: Date;
  /** Nobody may approve it from then on. */
  readonly lapsesAt: Date;
  /** The moment whose data it holds. */
  readonly asOf: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly chunks: number | undefined;
  readonly sizeBytes: number | undefined;
  readonly sha256: Buffer | undefined;
  /** Rows by section. */
  readonly sections: Readonly<Record<string, number>> | undefined;
  readonly downloads: number;
}

type Timed = Pick<SubjectExport, 'status' | 'lapsesAt' | 'expiresAt'>;

export function exportStatusAt({ status, lapsesAt, expiresAt }: Timed, now: Date): SubjectExportStatus {
  if (status === 'awaiting-approval' && now >= lapsesAt) return 'lapsed';
  if (status === 'ready' && expiresAt && now >= expiresAt) return 'expired';
  return status;
}

/**
 * Whether this person may fetch the copy now: who asked for it, while it is kept, a few times.
 * @throws NotYourCopy, CopyNotReady, CopyExpired, CopyFetchedOften
 */
export function requireFetchable(
  copy: Timed & Pick<SubjectExport, 'askedBy' | 'downloads'>,
  by: string,
  now: Date,
): void {
  if (copy.askedBy !== by) throw new NotYourCopy();
  const status = exportStatusAt(copy, now);
  if (status === 'expired') throw new CopyExpired();
  if (status !== 'ready') throw new CopyNotReady(status);
  if (copy.downloads >= COPY_MAY_BE_FETCHED) throw new CopyFetchedOften(COPY_MAY_BE_FETCHED);
}
