import { dayInWords, inYuan } from '../expiry/expiry.js';

export const answerKinds = [
  'balance',
  'unknown-keyword',
  'unknown-number',
  'account-closed',
  'real-name-needed',
] as const;
export type AnswerKind = (typeof answerKinds)[number];

export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** What an answer is put together from; a template has the words of each. */
export type Sentence = AnswerKind | 'expires-next' | 'frozen';
export type Sentences = ReadonlyMap<Sentence, Readonly<Record<Language, string>>>;

/** What a customer has, and what goes first. In points. */
export interface Standing {
  readonly available: number;
  readonly held: number;
  readonly valueInFen: number;
  readonly isFrozen: boolean;
  /** All points that end on the nearest last day together. */
  readonly expiresNext: { readonly points: number; readonly lastDay: string } | undefined;
}

/** As keywords are compared: customers write them with spaces, in small letters, in full width. */
export const keywordIn = (text: string): string => text.normalize('NFKC').replace(/\s/g, '').toUpperCase();

/** What can still be used and ends first. @param today a lot that is over may wait for its clearing, and cannot be used. */
export function nextToExpire(
  lots: readonly { readonly expiresOn: string | undefined; readonly points: number }[],
  today: string,
): Standing['expiresNext'] {
  const days = lots.flatMap(({ expiresOn }) => (expiresOn !== undefined && expiresOn >= today ? [expiresOn] : []));
  const [lastDay] = days.sort();
  if (lastDay === undefined) return undefined;
  const points = lots.reduce((sum, lot) => (lot.expiresOn === lastDay ? sum + lot.points : sum), 0);
  return { points, lastDay };
}

/** One text, to be sent as a message or read out. @param standing for the answer `balance`. */
export function textOf(
  sentences: Sentences,
  language: Language,
  answer: Exclude<AnswerKind, 'balance'> | Standing,
): string {
  const say = (sentence: Sentence, values: Readonly<Record<string, string>> = {}): string => {
    const template = sentences.get(sentence);
    if (!template) throw new Error(`there are no words for ${sentence}`);
    return Object.entries(values).reduce(
      (text, [name, value]) => text.replaceAll(`{${name}}`, value),
      template[language],
    );
  };
  if (typeof answer === 'string') return say(answer);
  const { available, expiresNext, isFrozen } = answer;
  return [
    say('balance', { points: String(available), yuan: inYuan(available) }),
    ...(expiresNext
      ? [
          say('expires-next', {
            points: String(expiresNext.points),
            date: dayInWords(expiresNext.lastDay)[language],
          }),
        ]
      : []),
    ...(isFrozen ? [say('frozen')] : []),
  ].join(language === 'en' ? ' ' : '');
}
