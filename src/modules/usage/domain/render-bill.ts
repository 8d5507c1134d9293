import { BILL_CATEGORY_TEXTS, type BillCategoryColumn } from './bill-categories.js';
import type { BillLanguage, BillLayout } from './bill-preference.js';

/** What a bill for a customer's eyes is made of. Nothing in it tells who the customer is but the masked account. */
export interface BillToRender {
  readonly billNo: string;
  readonly account: string | undefined;
  /** First day of the month, `YYYY-MM-DD`. */
  readonly cycle: string;
  readonly dueOn: string;
  readonly payableFen: number;
  readonly remainingFen: number;
  readonly categories: Readonly<Record<BillCategoryColumn, number>>;
  /** What was used in the month; for the detailed layout. */
  readonly used: { readonly minutes: number; readonly messages: number; readonly dataKb: number } | undefined;
}

interface Line {
  readonly label: string;
  readonly value: string;
}
interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

const WORDS = {
  zh: {
    title: '中国移动电信业务帐单', bill: '账单号', account: '账户', month: '账期', due: '缴费截止日', total: '本期应缴', remaining: '待缴金额',
    settled: '已结清', charges: '费用明细', used: '本期使用量', calls: '通话（分钟）', messages: '短信（条）', data: '流量（MB）', colon: '：',
  },
  en: {
    title: 'Your bill', bill: 'Bill number', account: 'Account', month: 'Month', due: 'To be paid by', total: 'Total', remaining: 'Still to pay',
    settled: 'Paid', charges: 'Charges', used: 'What you used', calls: 'Calls (minutes)', messages: 'Messages', data: 'Data (MB)', colon: ': ',
  },
} as const; // prettier-ignore

/** The bill in the words and the length that its customer wants (USG-07), as plain text. */
export function renderBillAsText(bill: BillToRender, layout: BillLayout, language: BillLanguage): string {
  const { title, colon } = WORDS[language];
  const sections = sectionsOf(bill, layout, language).map(
    ({ title: heading, lines }) =>
      (heading === '' ? '' : `\n${heading}\n`) + lines.map(({ label, value }) => `${label}${colon}${value}\n`).join(''),
  );
  return `${title}\n${sections.join('')}`;
}

/** The same as a page of HTML without scripts, styles of others or anything fetched. */
export function renderBillAsHtml(bill: BillToRender, layout: BillLayout, language: BillLanguage): string {
  const title = escaped(WORDS[language].title);
  const sections = sectionsOf(bill, layout, language).map(({ title: heading, lines }) => {
    const rows = lines.map(
      ({ label, value }) => `<tr><th scope="row">${escaped(label)}</th><td>${escaped(value)}</td></tr>`,
    );
    return `${heading === '' ? '' : `<h2>${escaped(heading)}</h2>`}<table>${rows.join('')}</table>`;
  });
  return (
    `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${title}</title></head>` +
    `<body><h1>${title}</h1>${sections.join('')}</body></html>`
  );
}

function sectionsOf(bill: BillToRender, layout: BillLayout, language: BillLanguage): readonly Section[] {
  const words = WORDS[language];
  const head: Line[] = [
    { label: words.bill, value: bill.billNo },
    ...(bill.account === undefined ? [] : [{ label: words.account, value: bill.account }]),
    { label: words.month, value: bill.cycle.slice(0, 7) },
    { label: words.total, value: yuanText(bill.payableFen) },
    bill.remainingFen === 0
      ? { label: words.remaining, value: words.settled }
      : { label: words.remaining, value: yuanText(bill.remainingFen) },
    { label: words.due, value: bill.dueOn },
  ];
  const sections: Section[] = [{ title: '', lines: head }];
  if (layout === 'SUMMARY') return sections;
  const charges = BILL_CATEGORY_TEXTS.filter(({ column }) => layout === 'DETAILED' || bill.categories[column] !== 0);
  sections.push({
    title: words.charges,
    lines: charges.map((category) => ({
      label: category[language],
      value: yuanText(bill.categories[category.column]),
    })),
  });
  if (layout === 'DETAILED' && bill.used) {
    const { minutes, messages, dataKb } = bill.used;
    const lines = [
      { label: words.calls, value: String(minutes) },
      { label: words.messages, value: String(messages) },
      { label: words.data, value: String(Math.floor(dataKb / 1024)) },
    ];
    sections.push({ title: words.used, lines });
  }
  return sections;
}

/** Fen as yuan with two decimals, without a float in between: ¥-1.05. */
export function yuanText(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `¥${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
