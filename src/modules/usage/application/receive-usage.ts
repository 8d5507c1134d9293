import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { Clock } from '../../../platform/clock/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import { UsageCreated } from '../domain/usage-events.js';
import { receivedUsageId, storedUsageId } from '../domain/usage-id.js';
import { UsageOfAnother, UsageRefused } from '../domain/usage-refusals.js';
import { storedKeyOf } from './find-usage.query.js';
import { PushRecords, type RecordOutcome } from './push-records.js';

/** A record that came by TMF635: the fields of a USG record, and whose the sender says it is. */
export interface ReceivedUsage {
  readonly source: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly customerId: string | undefined;
}

/** Takes in one record as every other channel does, and announces it. */
@Injectable()
export class ReceiveUsage {
  constructor(
    private readonly pushRecords: PushRecords,
    private readonly customers: CustomersFacade,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * The id of the record; of one that was known already, too.
   * @throws UsageRefused, UsageOfAnother, CustomerNotFound
   */
  async execute({ source, fields, customerId }: ReceivedUsage): Promise<string> {
    const record = {
      operation: 'NEW',
      version: 1,
      counterpartyClass: 'NONE',
      ...fields,
      ...(customerId !== undefined && !fields['msisdn'] && (await this.named(customerId, source))),
    };
    const identity = { source, recordId: String(fields['recordId']), version: Number(record.version) };
    let usageId = receivedUsageId(identity);
    const announce = async (tx: Tx, [outcome]: readonly RecordOutcome[]): Promise<void> => {
      if (!outcome || outcome.outcome === 'REJECTED') return;
      const key = outcome.outcome === 'HELD' ? undefined : await storedKeyOf(tx, identity);
      if (key && customerId !== undefined && key.customerId !== customerId) throw new UsageOfAnother();
      if (key) usageId = storedUsageId(key);
      if (outcome.outcome === 'DUPLICATE') return;
      const about = { customerId: key?.customerId, occurredAt: this.clock.now() };
      await this.outbox.publish(tx, UsageCreated, { usageId }, about);
    };
    const [result] = await this.pushRecords.execute('USG', source, [record], announce);
    if (!result || result.outcome === 'REJECTED') throw UsageRefused.because(result);
    return usageId;
  }

  private async named(customerId: string, source: string): Promise<object> {
    const name = await this.customers.billingNameOf(customerId, source);
    if (!name) throw new CustomerNotFound();
    return name;
  }
}
