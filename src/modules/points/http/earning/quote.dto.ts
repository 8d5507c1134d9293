import {
  DateField,
  EnumField,
  IdField,
  IntegerField,
  ListField,
  MonthField,
  ObjectField,
  TextField,
} from '../../../../platform/http/index.js';
import { EARN_ITEMS } from '../../domain/earning/earn-quote.js';
import { CREDIT_MOMENTS } from '../../domain/earning/earn-rule-set.js';

const MOST_FEN = 10_000_000_000;
const FEN = { optional: true, min: 0, max: MOST_FEN, example: 0 } as const;
const LESS = { optional: true, min: -MOST_FEN, max: 0, example: 0 } as const;

/** In fen; what is left out is 0. */
export class QuotedCharges {
  @IntegerField({ ...FEN, example: 5900, description: 'Monthly fee (月基本费), in fen as all charges' })
  monthlyFee?: number;
  @IntegerField({ ...FEN, example: 3200, description: 'Calls (语音通话费)' }) voice?: number;
  @IntegerField({ ...FEN, description: 'Messages (短信费)' }) sms?: number;
  @IntegerField({ ...FEN, example: 1500, description: 'Data (上网流量费)' }) data?: number;
  @IntegerField({ ...FEN, description: 'Roaming (漫游费)' }) roaming?: number;
  @IntegerField({ ...FEN, description: 'Value-added services (增值业务费)' }) valueAddedService?: number;
  @IntegerField({ ...FEN, description: 'Collected for others (代收费)' }) collectedForOthers?: number;
  @IntegerField({ ...LESS, description: 'Discounts (优惠减免), not above 0' }) discount?: number;
  @IntegerField({ ...LESS, description: 'Gift credit (赠费抵扣), not above 0' }) gift?: number;
  @IntegerField({ ...FEN, min: -MOST_FEN, description: 'Adjustments (调账)' }) adjustment?: number;
}

export class CreateEarnQuote {
  @IdField({ description: 'The customer' })
  customerId!: string;

  @DateField({
    optional: true,
    description: 'Levels of this day, rules of its month; default today',
    example: '2026-01-31',
  })
  asOf?: string;

  @ObjectField(() => QuotedCharges, {
    optional: true,
    description: 'A bill that might be; without it those of the month',
  })
  charges?: QuotedCharges;
}

export class QuotedItemView {
  @EnumField({ values: EARN_ITEMS, description: 'The class of points (积分类型)' })
  item!: string;

  @IntegerField({ example: 106 })
  points!: number;

  @IntegerField({ description: 'What counted for it, in fen', example: 10600 })
  fen!: number;

  @IntegerField({ optional: true, description: 'Percentage of the plain points, in hundredths', example: 10000 })
  percentInHundredths?: number;

  @IntegerField({ optional: true, description: 'Points of a table', example: 50 })
  tablePoints?: number;
}

export class QuotedBillView {
  @TextField({ optional: true, description: 'Of a bill that there is', example: 'B2025120000017' })
  billNo?: string;

  @IntegerField({ example: 106 })
  points!: number;

  @DateField({ optional: true, description: 'Last day of use; absent when they do not expire', example: '2029-01-31' })
  expiresOn?: string;

  @EnumField({ values: CREDIT_MOMENTS, description: 'Whether they wait for the payment of the bill' })
  creditWhen!: string;

  @ListField(() => QuotedItemView)
  item!: QuotedItemView[];
}

export class EarnQuoteView {
  @TextField({ example: 'EarnQuote' })
  '@type'!: string;

  @IdField()
  customerId!: string;

  @DateField({ example: '2026-01-31' })
  asOf!: string;

  @MonthField({ description: 'Billing month', example: '2026-01' })
  month!: string;

  @IntegerField({ example: 1 })
  ruleSetVersion!: number;

  @TextField({ description: 'Level (客户级别) that counted', example: 'GOLD' })
  tier!: string;

  @TextField({ optional: true, description: 'Stars (星级)', example: 'FOUR_STAR' })
  star?: string;

  @IntegerField({ optional: true, description: 'Full months in the network (网龄)', example: 131 })
  monthsInNetwork?: number;

  @TextField({ optional: true, description: 'Credit grade (信誉度)', example: 'A' })
  creditGrade?: string;

  @IntegerField({ description: 'Times stopped in both directions in the month (双停)', example: 0 })
  suspensions!: number;

  @IntegerField({ description: 'Of all bills', example: 106 })
  points!: number;

  @EnumField({
    values: ['DEPARTED', 'REAL_NAME', 'CLOSED'],
    optional: true,
    description: 'Why the points would not be posted as things stand',
  })
  blockedBy?: string;

  @ListField(() => QuotedBillView)
  bill!: QuotedBillView[];
}
