import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { MessageNotSent, NoMessageGateway } from '../../../platform/messages/index.js';
import { TellCustomer } from '../../customers/index.js';
import { hugeBillMessage, NOTICE_ATTEMPTS } from '../domain/huge-bill.js';

interface Due {
  readonly customer_id: string;
  readonly source: string;
  readonly first_bill_no: string;
  readonly cycle: string;
  readonly payable_fen: number;
  readonly attempts: number;
}

/**
 * Tells customers of huge bills, one at a time. The row is held while the message goes out, so of any number of workers one sends it.
 * Only a process that dies between the gateway's answer and the commit sends it again: the law asks that it arrives.
 */
@Injectable()
export class SendHugeBillNotices {
  constructor(
    private readonly transaction: Transaction,
    private readonly telling: TellCustomer,
    private readonly clock: Clock,
  ) {}

  /** Until none is due, or the gateway is out of order. */
  async execute(stopping?: AbortSignal): Promise<void> {
    while (!stopping?.aborted && this.isAvailable() && (await this.transaction.run((tx) => this.sendOne(tx))));
  }

  /** An outage of the gateway is no attempt to tell somebody. */
  private isAvailable(): boolean {
    try {
      this.telling.assertAvailable();
      return true;
    } catch (error) {
      if (error instanceof MessageNotSent || error instanceof NoMessageGateway) return false;
      throw error;
    }
  }

  /** Whether one was due. */
  private async sendOne(tx: Tx): Promise<boolean> {
    const now = this.clock.now();
    const [due] = await tx.query<Due>(
      `SELECT customer_id, source, first_bill_no, cycle, payable_fen, attempts FROM usage.huge_bill
       WHERE notice = 'DUE' AND next_try_at <= $1 ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [now],
    );
    if (!due) return false;
    const told = await this.telling
      .execute(due.customer_id, hugeBillMessage(due.cycle, due.payable_fen))
      .catch((error: unknown) => {
        if (error instanceof MessageNotSent) return error;
        throw error;
      });
    const key = [due.customer_id, due.source, due.first_bill_no];
    if (told instanceof MessageNotSent) {
      const attempts = due.attempts + 1;
      await tx.execute(
        `UPDATE usage.huge_bill SET attempts = $4, next_try_at = $5, notice = $6
         WHERE customer_id = $1 AND source = $2 AND first_bill_no = $3`,
        [
          ...key,
          attempts,
          new Date(now.getTime() + 60_000 * 2 ** (attempts - 1)),
          attempts < NOTICE_ATTEMPTS ? 'DUE' : 'GIVEN_UP',
        ],
      );
      return true;
    }
    await tx.execute(
      `UPDATE usage.huge_bill SET notice = $4, told_at = $5, attempts = attempts + 1
       WHERE customer_id = $1 AND source = $2 AND first_bill_no = $3`,
      [...key, ...(told ? ['SENT', now] : ['UNREACHABLE', null])],
    );
    return true;
  }
}
