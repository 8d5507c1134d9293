import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, Operation } from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { type PointsQuote, type QuotedBill, QuotePointsQuery } from '../../application/earning/quote-points.js';
import { NoEarnRulesThen } from '../../domain/earning/refusals-of-earning.js';
import { CreateEarnQuote, EarnQuoteView, type QuotedBillView } from './quote.dto.js';

@ApiTags('Points (积分)')
@Controller('/care-api/points/v1/quote')
export class QuoteController {
  constructor(
    private readonly quotes: QuotePointsQuery,
    private readonly register: AccessRegister,
  ) {}

  @Post()
  @Operation({
    summary: 'What a bill would earn (积分试算)',
    description:
      'A dry run by the rules of the month and the levels of the day: item by item, with what counted. Nothing is posted. The monthly run ' +
      'posts the same, as long as nothing changes until then.',
    permission: 'points.read',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    returns: EarnQuoteView,
    refusals: [CustomerNotFound, NoEarnRulesThen],
  })
  async quote(
    @Body() { customerId, asOf, charges }: CreateEarnQuote,
    @CurrentActor() actor: Actor,
  ): Promise<EarnQuoteView> {
    const quote = await this.quotes.execute({ customerId, asOf, charges });
    await this.register.record({
      actor,
      action: 'points.quote',
      customerIds: [customerId],
      fieldGroups: ['points', 'tier'],
    });
    return quoteViewOf(quote);
  }
}

const quoteViewOf = ({ facts, cycle, bills, blockedBy, ...quote }: PointsQuote): EarnQuoteView => ({
  '@type': 'EarnQuote',
  customerId: quote.customerId,
  asOf: quote.asOf,
  month: cycle.slice(0, 7),
  ruleSetVersion: quote.ruleSetVersion,
  tier: facts.tier,
  ...(facts.star && { star: facts.star }),
  ...(facts.monthsInNetwork !== undefined && { monthsInNetwork: facts.monthsInNetwork }),
  ...(facts.creditGrade && { creditGrade: facts.creditGrade }),
  suspensions: facts.suspensions,
  points: quote.points,
  ...(blockedBy && { blockedBy }),
  bill: bills.map(billViewOf),
});

const billViewOf = ({ billNo, points, expiresOn, creditWhen, items }: QuotedBill): QuotedBillView => ({
  ...(billNo && { billNo }),
  points,
  ...(expiresOn !== 'infinity' && { expiresOn }),
  creditWhen,
  item: items.map((each) => ({ ...each })),
});
