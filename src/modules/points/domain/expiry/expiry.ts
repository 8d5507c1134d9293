import { NEVER } from './expiry-policy.js';
import { valueInFen } from '../ledger/points-value.js';

/** So many days before the last one customers are told (到期提醒, PTS-27), the first notice first. */
export const NOTICE_DAYS = [90, 30, 7] as const;

/** Points that were cleared by mistake come back for a year at most. */
export const LONGEST_RETURN_DAYS = 366;

const DAY_MS = 86_400_000;

/** @param day `YYYY-MM-DD` */
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The days on which notices of a lot are due, the first one first; none for a lot that never expires. */
export const noticeDaysOf = (lastDay: string): readonly string[] =>
  lastDay === NEVER ? [] : NOTICE_DAYS.map((days) => daysAfter(lastDay, -days));

/** In both languages; whoever sends it takes one. */
export interface NoticeWords {
  readonly zh: string;
  readonly en: string;
}

/** @param template with the placeholders {points}, {yuan} and {date}. */
export function wordsOfNotice(
  template: NoticeWords,
  { points, expiresOn }: { readonly points: number; readonly expiresOn: string },
): NoticeWords {
  const [year, month, day] = expiresOn.split('-').map(Number);
  const fen = valueInFen(points);
  const yuan = `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
  const filled = (text: string, date: string): string =>
    text.replaceAll('{points}', String(points)).replaceAll('{yuan}', yuan).replaceAll('{date}', date);
  return { zh: filled(template.zh, `${year}年${month}月${day}日`), en: filled(template.en, expiresOn) };
}
