import type { Tx } from '../../../../platform/database/index.js';
import { wordsOfNotice, type NoticeWords } from '../../domain/expiry/expiry.js';
import { noticeTemplates } from '../../persistence/expiry/expiry.js';

export interface NoticeOfExpiry {
  readonly points: number;
  readonly expiresOn: string;
  readonly daysBefore: number;
}

/** How notices of points that expire are worded now, in both languages; a notice of so many days that has no words is not told. */
export async function wordsOfExpiryNotices(
  reader: Pick<Tx, 'query'>,
): Promise<(notice: NoticeOfExpiry) => NoticeWords | undefined> {
  const templates = await noticeTemplates(reader);
  return (notice) => {
    const template = templates.get(notice.daysBefore);
    return template && wordsOfNotice(template, notice);
  };
}
