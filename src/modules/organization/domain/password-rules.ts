import { PasswordRefused } from './refusals.js';

export interface Account {
  readonly login: string;
  readonly displayName: string;
}

export const SHORTEST_PASSWORD = 12;
/** Different characters that must be left when everything is taken away that guessers try first. */
const OF_ITS_OWN = 6;

/**
 * What a new password must be: long rather than mixed, not made of who one is, not of what everybody uses (NIST SP 800-63B).
 * Characters are counted as code points, so that an emoji is one.
 * @throws PasswordRefused naming what would be right.
 */
export function requireGoodPassword(password: string, { login, displayName }: Account, field = 'password'): void {
  if ([...password].length < SHORTEST_PASSWORD)
    throw new PasswordRefused(field, 'short', `${SHORTEST_PASSWORD} characters or more; a phrase is best`);
  const substance = substanceOf(password);
  if ([login, displayName].map(substanceOf).some((name) => isLongEnough(name) && substance.includes(name)))
    throw new PasswordRefused(field, 'personal', 'without the login or the name of the person');
  if (Math.min(ownCharacters(password), ownCharacters(withoutLeet(password))) < OF_ITS_OWN)
    throw new PasswordRefused(field, 'common', 'more than common words, rows of keys, years and repetitions');
}

/** Letters, digits and pictures: what is between them makes nothing harder to guess. */
const substanceOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{So}]/gu, '');

/** Two Chinese characters are a name; two Latin letters are in every other word. */
const isLongEnough = (name: string): boolean => [...name].length >= (/\p{Script=Han}/u.test(name) ? 2 : 4);

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};
const withoutLeet = (text: string): string => text.replace(/[013457@$]/g, (sign) => LEET[sign] ?? sign);

function ownCharacters(password: string): number {
  const left = COMMON.reduce((rest, piece) => rest.replaceAll(piece, ''), substanceOf(password))
    .replace(/(?:19|20)\d\d/g, '')
    .replace(/(.+?)\1+/gu, '$1');
  return new Set(left).size;
}

/** What people put in, in the world and in China, and what is known of this place. */
const WORDS =
  'administrator administrador superuser supervisor password passwort passphrase passcode passwd letmein changeme change default ' +
  'welcome monkey dragon master shadow sunshine princess football baseball basketball superman batman pokemon starwars ' +
  'michael jordan charlie jessica ashley daniel trustno computer internet samsung google facebook qwerty azerty iloveyou ' +
  'lovely love secret hello flower whatever freedom killer hunter ranger soccer hockey summer winter spring autumn january ' +
  'february monday friday test guest login user root admin temp demo sample example abc123 woaini woaiwo wodemima mima ' +
  'nihao zhongguo china beijing shanghai guangdong guangzhou chinamobile yidong cmcc gotone guibin 10086 10010 10000 5201314 ' +
  '1314520 1314 520 147258369 159357 963852741 密码 中国 移动 贵宾 全球通 我爱你 你好';

const ROWS = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn',
  'qazwsxedcrfvtgb',
  'q1w2e3r4t5y6u7i8o9p0',
];

/** Every piece of a row from four keys on, in both directions. */
const rowPieces = (row: string): readonly string[] =>
  [row, [...row].reverse().join('')].flatMap((keys) =>
    [...keys].flatMap((_, from) => [...keys.slice(from + 3)].map((_, more) => keys.slice(from, from + 4 + more))),
  );

/** Longest first: "administrator" goes before "admin" leaves half of it. */
const COMMON: readonly string[] = [...WORDS.split(' '), ...ROWS.flatMap(rowPieces)].sort((a, b) => b.length - a.length);
