// 复姓 that are still borne; who has another one shows its first character only.
const COMPOUND_SURNAMES = new Set(
  '欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 呼延 轩辕 第五 纳兰 拓跋 百里 东郭 西门 完颜'.split(
    ' ',
  ),
);

/** `+8613800138000` → `+86138****8000` */
export function maskMsisdn(msisdn: string): string {
  return msisdn.replace(/(\d{3})\d{4}(\d{4})$/, '$1****$2');
}

/** Any phone number: a mobile one as {@link maskMsisdn}, of others the last four digits stay. */
export const maskPhoneNumber = (number: string): string =>
  /^(?:\+?86)?1[3-9]\d{9}$/.test(number) ? maskMsisdn(number) : number.replace(/\d(?=(?:\D*\d){4})/g, '*');

/** A person's: 张小明 → 张*; 欧阳小明 → 欧阳*; `Li Ming` → `L*`. The length is hidden with the rest. */
export function maskName(name: string): string {
  const [first = '', second = '', ...rest] = [...name.trim()];
  if (second === '') return name === '' ? '' : '*';
  return rest.length > 0 && COMPOUND_SURNAMES.has(first + second) ? `${first + second}*` : `${first}*`;
}

/** The first and the last character stay: what lies between holds the birthday. */
export const maskIdNumber = (idNumber: string): string =>
  idNumber.length < 3
    ? '*'.repeat(idNumber.length)
    : idNumber.charAt(0) + '*'.repeat(idNumber.length - 2) + idNumber.slice(-1);

/** `1980-01-01` → `19**-**-**` */
export const maskDate = (date: string): string => date.slice(0, 2) + date.slice(2).replace(/\d/g, '*');

/** `zhang@example.com` → `z***@example.com` */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '***' : `${address.charAt(0)}***${address.slice(at)}`;
}

const PROVINCE =
  '(?:(?:北京|天津|上海|重庆)市|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省' +
  '|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:香港|澳门)特别行政区)';
// What stands in names of streets and houses stands in no name of a city or district.
const PLACE = '[\\p{Script=Han}--[路街道号村巷弄栋幢楼室店园场校]]';
const UP_TO_DISTRICT = new RegExp(
  `^${PROVINCE}(?:${PLACE}{1,9}?(?:市|自治州|地区|盟))?(?:${PLACE}{1,7}?(?:(?<![小社])区|县|旗|市))?`,
  'v',
);

/** 广东省广州市天河区体育西路1号 → 广东省广州市天河区***; an address that does not begin with its province is hidden whole. */
export const maskAddress = (address: string): string => `${UP_TO_DISTRICT.exec(address)?.[0] ?? ''}***`;

const between = (digit: string, count: number): string => `(?:[ \\-]?${digit}){${count}}`;
const RESIDENT_NUMBER = new RegExp(
  `(?<!\\d)[1-8]${between('\\d', 5)}[ \\-]?(?:18|19|20)\\d{2}[ \\-]?(?:0[1-9]|1[0-2])[ \\-]?(?:0[1-9]|[12]\\d|3[01])` +
    `${between('\\d', 3)}[ \\-]?[\\dXx](?![\\dXx])|(?<!\\d)[1-8]\\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\d{3}(?!\\d)`,
  'g',
);
const MOBILE_NUMBER = new RegExp(`(?<!\\d)(?:(?:\\+|00)?86[ \\-]?)?1[ \\-]?[3-9]${between('\\d', 9)}(?!\\d)`, 'g');
const CARD_NUMBER = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;
const UUID = /([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})/i;
const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}@(?=[\w-]{1,63}\.)/g;

/**
 * Free text with everything starred in it that is a mobile number, a resident number, a bank card (by Luhn) or an e-mail address,
 * also with spaces or dashes in it or in full-width digits. The text keeps its length; ids of ours in it stay whole.
 */
export const maskFreeText = (text: string): string =>
  text
    .split(UUID)
    .map((part, i) => (i % 2 === 1 ? part : maskNumbers(part)))
    .join('');

function maskNumbers(text: string): string {
  const folded = text.replace(/[\uFF01-\uFF5E]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
  const masked = folded
    .replace(EMAIL, (mailbox) => `${mailbox.charAt(0)}${'*'.repeat(mailbox.length - 2)}@`)
    .replace(RESIDENT_NUMBER, (number) => starDigits(number, 1, 1))
    .replace(MOBILE_NUMBER, (number) => starDigits(number, digitsOf(number).length - 8, 4))
    .replace(CARD_NUMBER, (number) => (isLuhn(digitsOf(number)) ? starDigits(number, 0, 4) : number));
  return masked === folded ? text : keepUnmasked(text, folded, masked);
}

const digitsOf = (text: string): string => text.replace(/[^\dXx]/g, '');

function starDigits(number: string, keepFirst: number, keepLast: number): string {
  const last = digitsOf(number).length - keepLast;
  let nth = 0;
  return number.replace(/[\dXx]/g, (digit) => {
    const isKept = nth < keepFirst || nth >= last;
    nth += 1;
    return isKept ? digit : '*';
  });
}

function keepUnmasked(text: string, folded: string, masked: string): string {
  let kept = '';
  for (let i = 0; i < text.length; i++)
    kept += masked.charAt(i) === folded.charAt(i) ? text.charAt(i) : masked.charAt(i);
  return kept;
}

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits.charAt(digits.length - 1 - i));
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
