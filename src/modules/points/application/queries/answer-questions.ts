import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { Database, Transaction } from '../../../../platform/database/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { normaliseMsisdn } from '../../../../platform/privacy/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { languageOf } from '../../../usage/index.js';
import { keywordIn, textOf, type AnswerKind, type Language, type Standing } from '../../domain/queries/answer.js';
import {
  answerTo,
  keepAnswer,
  keywordLanguage,
  sentences,
  type SmsAnswer,
} from '../../persistence/queries/sms-questions.js';
import { FindStanding, type Found } from './find-standing.query.js';

export interface SmsQuestion {
  /** The gateway's own: the same again has the same answer. */
  readonly messageId: string;
  readonly msisdn: string;
  readonly text: string;
}

export interface VoiceAnswer {
  readonly answer: AnswerKind;
  readonly language: Language;
  /** To be read out. */
  readonly text: string;
  readonly standing: Standing | undefined;
}

/** Answers customers who ask about their points by message or in the voice menu (积分查询, PTS-26). */
@Injectable()
export class AnswerQuestions {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly standing: FindStanding,
    private readonly register: AccessRegister,
    private readonly clock: Clock,
  ) {}

  /** Whoever writes no keyword is looked up by nobody. @throws InvalidMsisdn */
  async bySms({ messageId, msisdn, text }: SmsQuestion, actor: Actor): Promise<SmsAnswer> {
    const number = normaliseMsisdn(msisdn);
    const language = await keywordLanguage(this.database, keywordIn(text));
    if (language === undefined) return this.said('unknown-keyword', 'zh');
    const customerId = await this.standing.whoIs(number);
    if (customerId === undefined) return this.said('unknown-number', language);

    const message = { customerId, gateway: actor.id, messageId };
    const before = await answerTo(this.database, message);
    if (before) return before;
    await this.look(actor, customerId, 'points.ask-by-sms');
    const found = await this.standing.of(customerId);
    const answer = await this.said(found, (await languageOf(this.database, customerId)) ?? language);
    return this.transaction.run(async (tx) => {
      await keepAnswer(tx, message, answer, this.clock.now());
      return (await answerTo(tx, message)) ?? answer;
    });
  }

  /** @param asked the language that the caller has chosen. @throws InvalidMsisdn */
  async byVoice(msisdn: string, asked: Language | undefined, actor: Actor): Promise<VoiceAnswer> {
    const customerId = await this.standing.whoIs(msisdn);
    if (customerId !== undefined) await this.look(actor, customerId, 'points.ask-by-voice');
    const found = await this.standing.of(customerId);
    const language = asked ?? (customerId === undefined ? undefined : await languageOf(this.database, customerId));
    const { reply, ...said } = await this.said(found, language ?? 'zh');
    return { ...said, text: reply, standing: typeof found === 'string' ? undefined : found };
  }

  private async said(found: Found | 'unknown-keyword', language: Language): Promise<SmsAnswer> {
    const answer = typeof found === 'string' ? found : 'balance';
    return { answer, language, reply: textOf(await sentences(this.database), language, found) };
  }

  private look(actor: Actor, customerId: string, action: string): Promise<void> {
    return this.register.record({ actor, action, customerIds: [customerId], fieldGroups: ['points'] });
  }
}
