import { AnotherMonthNeeded, ListExpired, ListFetchedOften, NotYourList } from './refusals-of-billing.js';

export const LIST_FORMATS = ['CSV', 'NDJSON'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

/** As long as a copy of one's data, and as often: a link must not lie about for ever. */
export const LIST_IS_KEPT_DAYS = 7;
export const LIST_MAY_BE_FETCHED = 5;
/** Usage in detail is kept for so many months (DOMAIN §3.4: five at least). */
export const LIST_REACHES_BACK_MONTHS = 13;

export interface ItemisedList {
  readonly customerId: string;
  readonly listId: string;
  /** First day of the month, `YYYY-MM-DD`. */
  readonly month: string;
  readonly format: ListFormat;
  readonly feeFen: number;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly expiresAt: Date;
  readonly downloads: number;
}

/**
 * A month that has begun and whose usage is still kept.
 * @param today business day
 * @throws AnotherMonthNeeded
 */
export function requireListedMonth(month: string, today: string): void {
  const [year = 0, number = 0] = today.split('-').map(Number);
  const earliest = new Date(Date.UTC(year, number - LIST_REACHES_BACK_MONTHS, 1)).toISOString().slice(0, 7);
  const latest = today.slice(0, 7);
  if (month < earliest || month > latest) throw new AnotherMonthNeeded(earliest, latest);
}

/** @throws NotYourList, ListExpired, ListFetchedOften */
export function requireFetchableList(list: ItemisedList, by: string, now: Date): void {
  if (list.askedBy !== by) throw new NotYourList();
  if (now >= list.expiresAt) throw new ListExpired();
  if (list.downloads >= LIST_MAY_BE_FETCHED) throw new ListFetchedOften(LIST_MAY_BE_FETCHED);
}

/** One item as a customer reads it. With whom was spoken is not kept, so only the class of the other side is there. */
export interface ListedItem {
  readonly at: Date;
  readonly type: string;
  readonly counterparty: string;
  readonly seconds: number;
  readonly kb: number;
  readonly count: number;
  readonly feeFen: number;
  readonly visited: string | null;
  readonly tariff: string | null;
}

const TYPES: Readonly<Record<string, string>> = {
  VOICE_MO: '主叫', VOICE_MT: '被叫', SMS: '短信', DATA: '上网', ROAM: '漫游', VAS: '增值业务', SERVICE: '服务',
}; // prettier-ignore
const COUNTERPARTIES: Readonly<Record<string, string>> = {
  ON_NET: '网内', OFF_NET_CU: '中国联通', OFF_NET_CT: '中国电信', OFF_NET_CB: '中国广电', FIXED: '固定电话', INTL: '国际',
  HOTLINE_OWN: '10086', HOTLINE_RIVAL: '其他运营商热线', MNP_QUERY: '携转查询', MNP_CODE: '携转授权码', BILL_DETAIL: '详单查询', NONE: '',
}; // prettier-ignore

const HEADINGS = ['时间', '类型', '对方类别', '时长(秒)', '流量(KB)', '次数', '费用(分)', '漫游地', '套餐'];

/** With a mark of the byte order: without it spreadsheets take the Chinese for another encoding. */
export const CSV_HEAD = `\uFEFF${HEADINGS.join(',')}\r\n`;

export function csvLine(item: ListedItem): string {
  const { seconds, kb, count, feeFen } = item;
  const words = [shanghaiText(item.at), TYPES[item.type] ?? item.type, COUNTERPARTIES[item.counterparty] ?? ''];
  return `${[...words.map(cell), seconds, kb, count, feeFen, cell(item.visited ?? ''), cell(item.tariff ?? '')].join(',')}\r\n`;
}

export function ndjsonLine(item: ListedItem): string {
  const { type, counterparty, seconds, kb, count, feeFen, visited, tariff } = item;
  const at = `${shanghaiText(item.at).replace(' ', 'T')}+08:00`;
  return `${JSON.stringify({
    at, type, counterparty, seconds, kb, count, feeFen, ...(visited !== null && { visited }), ...(tariff !== null && { tariff }),
  })}\n`; // prettier-ignore
}

/** A text that begins like a formula is one for a spreadsheet: it gets an apostrophe before it. */
const cell = (text: string): string => {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

const shanghaiText = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
