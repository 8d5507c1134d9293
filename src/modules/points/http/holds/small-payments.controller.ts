import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, headOf, IdempotencyKey, Operation, ResourceIdPipe } from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { SmallPayments, type SmallPayment } from '../../application/holds/small-payments.js';
import { KeyReused } from '../../domain/ledger/refusals.js';
import { BudgetUsedUp } from '../../domain/money/refusals-of-money.js';
import { DailyPaymentsUsedUp, PaymentNotFound, PaymentReversalTooLate } from '../../domain/holds/refusals-of-holds.js';
import { CustomerId, lookAt, OF_CUSTOMER, SPENDING_REFUSALS } from '../ledger/of-customer.js';
import { accounts } from '../ledger/points.resources.js';
import { CreateSmallPayment, CreateSmallPaymentReversal, SmallPaymentView } from './small-payments.dto.js';

@ApiTags('Points (积分)')
@Controller(`${accounts.path}/:customerId/payment`)
export class SmallPaymentsController {
  constructor(
    private readonly payments: SmallPayments,
    private readonly register: AccessRegister,
  ) {}

  @Post()
  @Operation({
    summary: 'Pay a small amount with points (积分小额支付)',
    description:
      'Half of the fen in points, rounded up; so much a day and no more, reversals not counted. The Idempotency-Key is also kept in the ' +
      'ledger, so that a repetition is harmless for ever.',
    permission: 'points.redeem',
    concerns: OF_CUSTOMER,
    creates: SmallPaymentView,
    idempotent: true,
    refusals: [...SPENDING_REFUSALS, KeyReused, DailyPaymentsUsedUp, BudgetUsedUp],
  })
  async pay(
    @CustomerId() customerId: string,
    @Body() { amountFen, channel }: CreateSmallPayment,
    @IdempotencyKey() key: string | undefined,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<SmallPaymentView> {
    return viewOf(await this.payments.pay({ customerId, amountFen, channel, key, actorId }));
  }

  @Get(':id')
  @Operation({
    summary: 'One payment with points (支付详情)',
    permission: 'points.read',
    concerns: OF_CUSTOMER,
    returns: SmallPaymentView,
    refusals: [CustomerNotFound, PaymentNotFound],
  })
  async get(
    @CustomerId() customerId: string,
    @Param('id', ResourceIdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<SmallPaymentView> {
    const found = await this.payments.one(customerId, id);
    await this.register.record(lookAt(actor, 'points.read', customerId));
    return viewOf(found);
  }

  @Post(':id/reversal')
  @Operation({
    summary: 'Reverse a payment with points (支付撤销)',
    description:
      'All of it, within the hours that the rules of spending give; its points return to the lots that they came from. A second reversal ' +
      'is the same one.',
    permission: 'points.redeem',
    concerns: OF_CUSTOMER,
    creates: SmallPaymentView,
    refusals: [CustomerNotFound, PaymentNotFound, PaymentReversalTooLate],
  })
  async reverse(
    @CustomerId() customerId: string,
    @Param('id', ResourceIdPipe) paymentId: string,
    @Body() { channel }: CreateSmallPaymentReversal,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<SmallPaymentView> {
    return viewOf(await this.payments.reverse({ customerId, paymentId, channel, actorId }));
  }
}

const viewOf = ({ paymentId, ...payment }: SmallPayment): SmallPaymentView => ({
  ...headOf({ type: 'SmallPayment', path: `${accounts.path}/${payment.customerId}/payment` }, paymentId),
  ...payment,
});
