import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction, type Tx } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import {
  knowsIdNumber,
  VERIFIED_FOR_MS,
  WRONG_ANSWERS_COUNT_FOR_MS,
  WRONG_ANSWERS_PER_HOUR,
  type VerificationMethod,
} from '../domain/caller-verification.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { TooManyWrongAnswers, WrongAnswer } from '../domain/self-service-refusals.js';
import { insertVerification, lockVerifications, wrongAnswersSince } from '../persistence/caller-verifications.js';
import { tryCode } from '../persistence/one-time-codes.js';
import { ReadCustomers } from './read-customers.query.js';
import { FindRealName } from './real-name.query.js';
import { hashOfCode } from './sealed-codes.js';

export interface Answer {
  readonly customerId: string;
  readonly method: VerificationMethod;
  readonly answer: string;
}

export interface Verification {
  readonly verificationId: string;
  readonly validUntil: Date;
}

/** An agent checks that the caller is the customer (确认用户信息, AUD-10). Right and wrong answers are kept, never what was answered. */
@Injectable()
export class VerifyCaller {
  constructor(
    private readonly transaction: Transaction,
    private readonly read: ReadCustomers,
    private readonly realName: FindRealName,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, WrongAnswer, TooManyWrongAnswers */
  async execute({ customerId, method, answer }: Answer, { kind, id: actorId }: Actor): Promise<Verification> {
    const now = this.clock.now();
    const verificationId = newId();
    const validUntil = new Date(now.getTime() + VERIFIED_FOR_MS);
    const isRightIn = await this.questionOf(customerId, method, answer);
    const { isRight, triesLeft } = await this.transaction.run(async (tx) => {
      await lockVerifications(tx, customerId, actorId);
      const wrong = await wrongAnswersSince(
        tx,
        customerId,
        actorId,
        new Date(now.getTime() - WRONG_ANSWERS_COUNT_FOR_MS),
      );
      const oldest = wrong.at(-WRONG_ANSWERS_PER_HOUR);
      if (oldest) {
        const freeAt = oldest.getTime() + WRONG_ANSWERS_COUNT_FOR_MS;
        throw new TooManyWrongAnswers(Math.max(1, Math.ceil((freeAt - now.getTime()) / 1000)));
      }
      const isRight = await isRightIn(tx, now);
      await insertVerification(tx, {
        customerId,
        verificationId,
        actorKind: kind,
        actorId,
        method,
        answeredAt: now,
        validUntil: isRight ? validUntil : undefined,
      });
      return { isRight, triesLeft: WRONG_ANSWERS_PER_HOUR - wrong.length - 1 };
    });
    // Behind the commit: a wrong answer counts.
    if (!isRight) throw new WrongAnswer(triesLeft);
    return { verificationId, validUntil };
  }

  /** All that is to be known of the customer is read before the transaction, which holds others up. */
  private async questionOf(
    customerId: string,
    method: VerificationMethod,
    answer: string,
  ): Promise<(tx: Tx, now: Date) => Promise<boolean>> {
    const customer = await this.read.one(customerId);
    if (!customer) throw new CustomerNotFound();
    switch (method) {
      case 'ID_CHECK_LAST4': {
        const onFile = customer.identity.idNumber ?? (await this.realName.document(customerId))?.number;
        return async () => knowsIdNumber(onFile, answer);
      }
      case 'ONE_TIME_CODE': {
        const { msisdn } = customer;
        if (msisdn === undefined) return async () => false;
        const msisdnIndex = this.personalData.blindIndex('msisdn', msisdn);
        const codeHash = hashOfCode(this.personalData, msisdnIndex, answer);
        const tried = { msisdnIndex, purpose: 'VERIFY_CALLER', codeHash } as const;
        return async (tx, now) => (await tryCode(tx, tried, now)) !== undefined;
      }
    }
  }
}
