import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { EndsRetention, type RetentionRule } from '../../../platform/privacy/index.js';
import {
  countTicketsWithWords,
  forgetWordsOfCustomer,
  forgetWordsOfEndedTickets,
} from '../persistence/forgotten-words.js';

/** What people wrote into tickets is forgotten; that there was a ticket, and how it was kept, stays. */
@EndsRetention()
@Injectable()
export class ForgetTicketWords implements RetentionRule {
  readonly retentionClass = 'tickets.text';
  readonly count = countTicketsWithWords;

  constructor(private readonly clock: Clock) {}

  end(tx: Tx, before: Date): Promise<number> {
    return forgetWordsOfEndedTickets(tx, before, this.clock.now());
  }

  async ofCustomer(tx: Tx, customerId: string): Promise<void> {
    await forgetWordsOfCustomer(tx, customerId, this.clock.now());
  }
}
