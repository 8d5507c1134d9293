import {
  AnyField,
  AnyObjectField,
  DateField,
  EnumField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  MonthField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import {
  BILL_CHANNELS,
  BILL_LANGUAGES,
  BILL_LAYOUTS,
  type BillChannel,
  type BillLanguage,
  type BillLayout,
} from '../domain/bill-preference.js';
import { RENDERED_AS, type RenderedAs } from '../application/render-bill.query.js';
import { LIST_FORMATS, type ListFormat } from '../domain/itemised-list.js';
import { HUGE_BILL_NOTICES } from '../domain/huge-bill.js';
import { AGEING } from '../domain/ageing.js';
import { BILL_STATES } from '../application/find-bills.query.js';

const WITH_AMOUNTS = 'With customers.amounts only';

class BillMoney {
  @TextField({ example: 'CNY' }) unit!: string;
  @AnyField({ description: 'In yuan', example: 128.9 }) value!: unknown;
}

class BillPeriod {
  @InstantField() startDateTime!: Date;
  @InstantField() endDateTime!: Date;
}

class BillRelatedParty {
  @IdField() id!: string;
  @TextField({ example: 'customer' }) role!: string;
  @TextField({ example: 'Customer' }) '@referredType'!: string;
}

class BillingAccountRef {
  @TextField({ description: 'Masked', example: '****0007' }) id!: string;
  @TextField({ example: 'BillingAccount' }) '@referredType'!: string;
}

class AppliedCustomerBillingRate {
  @TextField({ example: 'monthlyFee' }) type!: string;
  @TextField({ example: 'Monthly fee (月基本费)' }) description!: string;
  @ObjectField(() => BillMoney) taxIncludedAmount!: BillMoney;
  @TextField({ example: 'AppliedCustomerBillingRate' }) '@type'!: string;
}

export class CustomerBillView {
  @TextField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'CustomerBill' }) '@type'!: string;
  @TextField({ example: 'B202601-1' }) billNo!: string;
  @InstantField({ description: 'When it was issued (出账时间)' }) billDate!: Date;
  @ObjectField(() => BillPeriod, { description: 'The month that it is of (账期)' }) billingPeriod!: BillPeriod;
  @EnumField({ values: BILL_STATES, enumName: 'CustomerBillState' }) state!: string;
  @EnumField({ values: ['onCycle', 'offCycle'] }) runType!: string;
  @DateField() paymentDueDate!: string;
  @InstantField({ optional: true, description: 'When the last of it was paid' }) settledAt?: Date;
  @IntegerField({ description: 'Rises with every correction' }) version!: number;
  @InstantField() lastUpdate!: Date;
  @ObjectField(() => BillMoney, { optional: true, description: WITH_AMOUNTS }) amountDue?: BillMoney;
  @ObjectField(() => BillMoney, { optional: true, description: WITH_AMOUNTS }) remainingAmount?: BillMoney;
  @ObjectField(() => BillMoney, { optional: true, description: WITH_AMOUNTS }) taxIncludedAmount?: BillMoney;
  @ListField(() => AppliedCustomerBillingRate, { optional: true, description: WITH_AMOUNTS })
  appliedCustomerBillingRate?: readonly AppliedCustomerBillingRate[];
  @ObjectField(() => BillingAccountRef, { optional: true }) billingAccount?: BillingAccountRef;
  @ListField(() => BillRelatedParty) relatedParty!: readonly BillRelatedParty[];
}

export class BillBalanceView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'BillBalance' }) '@type'!: string;
  @InstantField() asOf!: Date;
  @IntegerField({ description: 'Bills of which something is open' }) openBills!: number;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) openFen?: number;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) overdueFen?: number;
  @IntegerField({ optional: true, description: `Paid and not billed yet (预存余额). ${WITH_AMOUNTS}` })
  prepaidFen?: number;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) paidThisMonthFen?: number;
}

export class BillPaymentView {
  @TextField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'BillPayment' }) '@type'!: string;
  @IdField() customerId!: string;
  @TextField({ example: 'P-1' }) paymentId!: string;
  @InstantField() paidAt!: Date;
  @TextField({ optional: true, example: 'WECHAT' }) method?: string;
  @EnumField({ values: ['SELF', 'OTHER'], description: 'OTHER: somebody else paid (代付)' }) payer!: string;
  @TextField({ optional: true, description: 'The bill that it settles; without one it goes onto the balance' })
  billNo?: string;
  @EnumField({ values: ['done', 'canceled'], description: 'canceled: taken back (冲正)' }) status!: string;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) amountFen?: number;
}

class ArrearsBucket {
  @EnumField({ values: AGEING.map(({ bucket }) => bucket), description: 'Days overdue (账龄)' }) bucket!: string;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) fen?: number;
}

class ArrearsBill {
  @TextField({ optional: true, description: 'None: arrears of before our first bill' }) billNo?: string;
  @TextField({ example: '2026-01' }) month!: string;
  @DateField() paymentDueDate!: string;
  @IntegerField() daysOverdue!: number;
  @EnumField({ values: BILL_STATES, enumName: 'CustomerBillState' }) state!: string;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) remainingFen?: number;
}

export class CustomerArrearsView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'CustomerArrears' }) '@type'!: string;
  @DateField() asOf!: string;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) notDueFen?: number;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) overdueFen?: number;
  @ListField(() => ArrearsBucket) ageing!: readonly ArrearsBucket[];
  @ListField(() => ArrearsBill) bill!: readonly ArrearsBill[];
}

export class PaymentBehaviourView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PaymentBehaviour' }) '@type'!: string;
  @IntegerField() settledBills!: number;
  @IntegerField() onTimeBills!: number;
  @IntegerField({ optional: true, description: 'Of the settled bills, paid by the due day; rounded down' })
  onTimePercent?: number;
  @IntegerField({ optional: true, description: 'Over the bills that were paid late; rounded down' })
  meanDaysLate?: number;
  @IntegerField() writtenOffBills!: number;
  @IntegerField({ description: 'Of the newest twelve months that were billed' }) monthsBilled!: number;
  @IntegerField({ description: 'Of those, paid' }) monthsPaid!: number;
  @IntegerField({ description: 'Suspensions, one-way and two-way (停机)' }) suspensions!: number;
  @IntegerField() payments!: number;
  @IntegerField({ description: 'Paid by somebody else (代付)' }) paymentsByOthers!: number;
  @AnyObjectField({ description: 'Number of payments by method', example: { WECHAT: 11, CASH: 1 } })
  paymentsByMethod!: object;
  @InstantField({ optional: true }) lastPaidAt?: Date;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) lastPaidFen?: number;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) paidFen?: number;
}

export class ArrearsAgeingView {
  @TextField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'ArrearsAgeing' }) '@type'!: string;
  @DateField() asOf!: string;
  @TextField({ minLength: 0, description: 'Province code', example: '440000' }) region!: string;
  @TextField({ minLength: 0, example: 'GOTONE' }) brand!: string;
  @IntegerField() customers!: number;
  @IntegerField() owingCustomers!: number;
  @IntegerField() notDueFen!: number;
  @IntegerField() overdueFen!: number;
  @ListField(() => ArrearsBucket) ageing!: readonly ArrearsBucket[];
  @IntegerField({ description: 'What was overdue 30 days before' }) earlierOverdueFen!: number;
  @IntegerField({ description: 'What of that was paid since' }) recoveredFen!: number;
  @IntegerField({ optional: true, description: 'Recovery rate (欠费回收率), per cent, rounded down' })
  recoveredPercent?: number;
}

export class BillRenderingQuery {
  @EnumField({ values: RENDERED_AS, default: 'html' }) format: RenderedAs = 'html';
}

export class BillPreferenceView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'BillPreference' }) '@type'!: string;
  @EnumField({ values: BILL_LAYOUTS, enumName: 'BillLayout' }) layout!: string;
  @EnumField({ values: BILL_CHANNELS, enumName: 'BillChannel', description: 'How it is delivered; NONE: not at all' })
  channel!: string;
  @EnumField({ values: BILL_LANGUAGES, enumName: 'BillLanguage' }) language!: string;
}

export class PatchBillPreference {
  @EnumField({ values: BILL_LAYOUTS, enumName: 'BillLayout', optional: true }) layout?: BillLayout;
  @EnumField({ values: BILL_CHANNELS, enumName: 'BillChannel', optional: true }) channel?: BillChannel;
  @EnumField({ values: BILL_LANGUAGES, enumName: 'BillLanguage', optional: true }) language?: BillLanguage;
}

export class AskForItemisedList {
  @IdField({ description: 'The id of a customer, from their list' }) customerId!: string;
  @MonthField({ description: 'One of the last thirteen months' }) month!: string;
  @EnumField({ values: LIST_FORMATS, enumName: 'ItemisedListFormat', default: 'CSV' }) format: ListFormat = 'CSV';
}

export class ItemisedListView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'ItemisedList' }) '@type'!: string;
  @IdField() customerId!: string;
  @MonthField() month!: string;
  @EnumField({ values: LIST_FORMATS, enumName: 'ItemisedListFormat' }) format!: string;
  @IntegerField({ description: 'Always 0: the list is free', example: 0 }) feeFen!: number;
  @InstantField() askedAt!: Date;
  @InstantField({ description: 'It may be fetched until then' }) expiresAt!: Date;
  @IntegerField({ description: 'How often it was fetched' }) downloads!: number;
}

export class HugeBillView {
  @TextField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'HugeBill' }) '@type'!: string;
  @IdField() customerId!: string;
  @TextField() billNo!: string;
  @MonthField() month!: string;
  @InstantField() foundAt!: Date;
  @EnumField({
    values: HUGE_BILL_NOTICES,
    enumName: 'HugeBillNotice',
    description:
      'SILENT: history, or no news any more; UNREACHABLE: without a number; GIVEN_UP: the gateway refused it again and again',
  })
  notice!: string;
  @InstantField({ optional: true }) toldAt?: Date;
  @IntegerField({ optional: true, description: WITH_AMOUNTS }) payableFen?: number;
  @IntegerField({ optional: true, description: `Of the months before, rounded down. ${WITH_AMOUNTS}` })
  meanFen?: number;
}
