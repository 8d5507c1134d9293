import { BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction } from '../../../platform/database/index.js';
import { MessageSender } from '../../../platform/messages/index.js';
import { normaliseMsisdn, PersonalData } from '../../../platform/privacy/index.js';
import {
  CODE_VALID_SECONDS,
  codeMessage,
  codeOf,
  LONGEST_ALLOWANCE_MS,
  secondsUntilNextCode,
  type CodePurpose,
} from '../domain/one-time-code.js';
import { TooManyCodes } from '../domain/self-service-refusals.js';
import { holderOf } from '../persistence/customer-sessions.js';
import { codesSince, endCode, lockNumber, replaceCode } from '../persistence/one-time-codes.js';
import { hashOfCode } from './sealed-codes.js';

/** So late that the work of sending does not show in the time of the answer, so soon that nobody notices. */
const AFTER_THE_ANSWER_MS = 100;

interface MadeCode {
  readonly codeRequestId: string;
  readonly code: string;
  /** The customer who may look after himself with this number. */
  readonly holderId: string | undefined;
}

/** Sends a one-time code (动态验证码) to a number. */
@Injectable()
export class RequestOneTimeCode implements BeforeApplicationShutdown {
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly transaction: Transaction,
    private readonly personalData: PersonalData,
    private readonly sender: MessageSender,
    private readonly clock: Clock,
  ) {}

  /**
   * For whoever says to have the number. Answered before anything is sent, so that neither the answer nor its time tells whether
   * the number is a customer's; whoever gets no message asks again.
   * @throws InvalidMsisdn, TooManyCodes, MessageNotSent, NoMessageGateway the same for every number.
   */
  async forAnybody(msisdn: string, purpose: CodePurpose): Promise<string> {
    const number = normaliseMsisdn(msisdn);
    const made = await this.make(number, purpose);
    if (made.holderId !== undefined) this.sendAfterTheAnswer(number, purpose, made);
    return made.codeRequestId;
  }

  /**
   * For a customer whom an agent has before him: sent before it is answered.
   * @throws TooManyCodes, MessageNotSent, NoMessageGateway
   */
  async forCustomer(number: string, purpose: CodePurpose): Promise<string> {
    const made = await this.make(number, purpose);
    await this.send(number, purpose, made);
    return made.codeRequestId;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private async make(number: string, purpose: CodePurpose): Promise<MadeCode> {
    this.sender.assertAvailable();
    const msisdnIndex = this.personalData.blindIndex('msisdn', number);
    const code = codeOf(randomInt(1_000_000));
    const codeRequestId = newId();
    const holderId = await this.transaction.run(async (tx) => {
      await lockNumber(tx, msisdnIndex);
      const now = this.clock.now();
      const earlier = await codesSince(tx, msisdnIndex, new Date(now.getTime() - LONGEST_ALLOWANCE_MS));
      const seconds = secondsUntilNextCode(earlier, now);
      if (seconds > 0) throw new TooManyCodes(seconds);
      const holder = await holderOf(tx, msisdnIndex);
      await replaceCode(tx, {
        codeRequestId,
        msisdnIndex,
        holderId: holder,
        purpose,
        codeHash: hashOfCode(this.personalData, msisdnIndex, code),
        requestedAt: now,
        expiresAt: new Date(now.getTime() + CODE_VALID_SECONDS * 1000),
      });
      return holder;
    });
    return { codeRequestId, code, holderId };
  }

  private sendAfterTheAnswer(number: string, purpose: CodePurpose, made: MadeCode): void {
    const sending = sleep(AFTER_THE_ANSWER_MS)
      .then(() => this.send(number, purpose, made))
      .catch(() => undefined) // The sender has said so in the log.
      .finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }

  /** A code that did not go out is worth nothing. */
  private async send(to: string, purpose: CodePurpose, { code, codeRequestId }: MadeCode): Promise<void> {
    try {
      await this.sender.send({ to, text: codeMessage(purpose, code) });
    } catch (error) {
      await this.transaction.run((tx) => endCode(tx, codeRequestId, this.clock.now()));
      throw error;
    }
  }
}
