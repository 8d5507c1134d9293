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

/** `36.02` of 1801 points. */
export function inYuan(points: number): string {
  const fen = valueInFen(points);
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
}

/** @param day `YYYY-MM-DD` */
export function dayInWords(day: string): NoticeWords {
  const [year, month, date] = day.split('-').map(Number);
  return { zh: `${year}年${month}月${date}日`, en: day };
}

/** @param template with the placeholders {points}, {yuan} and {date}. */
export function wordsOfNotice(
  template: NoticeWords,
  { points, expiresOn }: { readonly points: number; readonly expiresOn: string },
): NoticeWords {
  const date = dayInWords(expiresOn);
  const filled = (language: keyof NoticeWords): string =>
    template[language]
      .replaceAll('{points}', String(points))
      .replaceAll('{yuan}', inYuan(points))
      .replaceAll('{date}', date[language]);
  return { zh: filled('zh'), en: filled('en') };
}
