import { Injectable } from '@nestjs/common';
import { CustomerNotFound } from '../domain/refusals.js';
import { NoNumber } from '../domain/self-service-refusals.js';
import { ReadCustomers } from './read-customers.query.js';
import { RequestOneTimeCode } from './request-one-time-code.js';

/** Sends a code to the number of the customer whom somebody on the line says to be. The agent does not see the number. */
@Injectable()
export class SendVerificationCode {
  constructor(
    private readonly read: ReadCustomers,
    private readonly requesting: RequestOneTimeCode,
  ) {}

  /** @throws CustomerNotFound, NoNumber, TooManyCodes, MessageNotSent, NoMessageGateway */
  async execute(customerId: string): Promise<string> {
    const customer = await this.read.one(customerId);
    if (!customer) throw new CustomerNotFound();
    if (customer.msisdn === undefined || customer.status === 'terminated') throw new NoNumber();
    return this.requesting.forCustomer(customer.msisdn, 'VERIFY_CALLER');
  }
}
