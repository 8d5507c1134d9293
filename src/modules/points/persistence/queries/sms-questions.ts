import type { Database, Tx } from '../../../../platform/database/index.js';
import type { AnswerKind, Language, Sentence, Sentences } from '../../domain/queries/answer.js';

type Reader = Pick<Database | Tx, 'query'>;

export interface SmsAnswer {
  readonly answer: AnswerKind;
  readonly language: Language;
  readonly reply: string;
}

export interface Message {
  readonly customerId: string;
  readonly gateway: string;
  readonly messageId: string;
}

/** The language of a keyword; `undefined` when it is none. */
export async function keywordLanguage(reader: Reader, keyword: string): Promise<Language | undefined> {
  const [row] = await reader.query<{ language: Language }>(
    'SELECT language FROM points.sms_keyword WHERE keyword = $1',
    [keyword],
  );
  return row?.language;
}

export async function sentences(reader: Reader): Promise<Sentences> {
  const rows = await reader.query<{ sentence: Sentence; zh: string; en: string }>(
    'SELECT sentence, zh, en FROM points.answer_template',
  );
  return new Map(rows.map(({ sentence, zh, en }) => [sentence, { zh, en }]));
}

export async function answerTo(
  reader: Reader,
  { customerId, gateway, messageId }: Message,
): Promise<SmsAnswer | undefined> {
  const [row] = await reader.query<SmsAnswer & Record<string, unknown>>(
    `SELECT answer, language, reply FROM points.sms_question
     WHERE customer_id = $1 AND gateway = $2 AND message_id = $3`,
    [customerId, gateway, messageId],
  );
  return row;
}

/** Whichever answer to a message is kept first is the answer to it. */
export async function keepAnswer(
  tx: Tx,
  { customerId, gateway, messageId }: Message,
  { answer, language, reply }: SmsAnswer,
  at: Date,
): Promise<void> {
  await tx.execute(
    `INSERT INTO points.sms_question (customer_id, gateway, message_id, answer, language, reply, answered_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (customer_id, gateway, message_id) DO NOTHING`,
    [customerId, gateway, messageId, answer, language, reply, at],
  );
}
