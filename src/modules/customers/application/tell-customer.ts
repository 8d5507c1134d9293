import { Injectable } from '@nestjs/common';
import { MessageSender } from '../../../platform/messages/index.js';
import { ReadCustomers } from './read-customers.query.js';

/** Sends a message to a customer on behalf of another module, which never sees the number. */
@Injectable()
export class TellCustomer {
  constructor(
    private readonly read: ReadCustomers,
    private readonly sender: MessageSender,
  ) {}

  /** Says before anything is begun that nobody could be told. @throws MessageNotSent, NoMessageGateway */
  assertAvailable(): void {
    this.sender.assertAvailable();
  }

  /**
   * @returns whether there was a number to send to.
   * @throws MessageNotSent, NoMessageGateway
   */
  async execute(customerId: string, text: string): Promise<boolean> {
    const customer = await this.read.one(customerId);
    if (customer?.msisdn === undefined || customer.status === 'terminated') return false;
    await this.sender.send({ to: customer.msisdn, text });
    return true;
  }
}
