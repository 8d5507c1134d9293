import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { CustomerNotFound, CustomersFacade } from '../../../customers/index.js';
import { nextToExpire, type AnswerKind, type Standing } from '../../domain/queries/answer.js';
import { FindAccount } from '../ledger/account.query.js';

export type Found = Exclude<AnswerKind, 'balance' | 'unknown-keyword'> | Standing;

/** What somebody is told who asks from the own number (积分查询, PTS-26): the same account that all other routes read. */
@Injectable()
export class FindStanding {
  constructor(
    private readonly customers: CustomersFacade,
    private readonly account: FindAccount,
    private readonly clock: Clock,
  ) {}

  /** The customer of a number; `undefined` where there is none, or none that the actor may see. @throws InvalidMsisdn */
  async whoIs(msisdn: string): Promise<string | undefined> {
    const holder = await this.customers.findByMsisdn(msisdn);
    return holder && (await this.customers.exists(holder.customerId)) ? holder.customerId : undefined;
  }

  async of(customerId: string | undefined): Promise<Found> {
    if (customerId === undefined) return 'unknown-number';
    try {
      const { archive, realName, kind } = await this.customers.profileOf(customerId);
      const { status, available, held, valueInFen } = await this.account.balanceOf(customerId);
      if (archive === 'retained' || status === 'CLOSED') return 'account-closed';
      // Nobody knows who it is that asks.
      if (!realName && kind === 'individual') return 'real-name-needed';
      const expiresNext = nextToExpire(await this.account.expiryOf(customerId), businessDate(this.clock.now()));
      return { available, held, valueInFen, isFrozen: status === 'FROZEN', expiresNext };
    } catch (error) {
      if (error instanceof CustomerNotFound) return 'unknown-number'; // Erased a moment ago.
      throw error;
    }
  }
}
