import { yuanText } from './render-bill.js';

/**
 * 电信条例 art. 33: a fee suddenly above five times the mean of the three months before is told to the customer as fast as possible.
 * Of a shorter history the months that there are count, one at least: without any, nothing was sudden.
 */
export const HUGE_ABOVE_TIMES = 5;
export const HUGE_LOOKS_BACK_MONTHS = 3;

/** As long as usage may be late. Of an older bill nobody needs to hear fast. */
export const NEWS_FOR_DAYS = 62;

/** How often it is tried to tell somebody, with pauses that double from a minute on: for about a day and a half. */
export const NOTICE_ATTEMPTS = 12;

export const HUGE_BILL_NOTICES = ['DUE', 'SENT', 'SILENT', 'UNREACHABLE', 'GIVEN_UP'] as const;

/** Names nobody: the message may be read on a screen that others see. @param cycle first day of the month, `YYYY-MM-DD` */
export const hugeBillMessage = (cycle: string, payableFen: number): string =>
  `尊敬的客户，您${Number(cycle.slice(0, 4))}年${Number(cycle.slice(5, 7))}月的话费为${yuanText(payableFen)}，` +
  `超过此前三个月平均话费的${HUGE_ABOVE_TIMES}倍，请核对账单。如有疑问请拨打10086。`;
