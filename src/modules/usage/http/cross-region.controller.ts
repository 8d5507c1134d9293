import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor, DateField, IntegerField, ListField, ObjectField, Operation, TextField,
} from '../../../platform/http/index.js'; // prettier-ignore
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { CrossRegionPayments } from '../application/cross-region-payments.query.js';
import type { PairOfProvinces, Tally } from '../domain/cross-region.js';

const FEN = { optional: true, example: 19_500, description: 'fen; absent for whoever does not see amounts' } as const;

class DayQuery {
  @DateField({ description: 'Business day', example: '2026-02-01' }) date!: string;
}

class TallyView {
  @IntegerField({ example: 3 }) count!: number;
  @IntegerField(FEN) sumFen?: number | undefined;
}

class TakenForView {
  @TextField({ example: '110000', description: 'Where the money was taken' }) takenIn!: string;
  @TextField({ example: '440000', description: 'The home province of the accounts' }) accountIn!: string;
  @ObjectField(() => TallyView) payments!: TallyView;
  @ObjectField(() => TallyView, { description: 'Corrected afterwards, by the difference' }) corrections!: TallyView;
  @ObjectField(() => TallyView, { description: 'Given back (冲正)' }) reversals!: TallyView;
  @IntegerField(FEN) dueFen?: number | undefined;
}

class SettlementView {
  @TextField({ example: '110000' }) from!: string;
  @TextField({ example: '440000' }) to!: string;
  @IntegerField(FEN) amountFen?: number | undefined;
}

class PairView {
  @ListField(() => String, { example: ['110000', '440000'] }) provinces!: string[];
  @ListField(() => TakenForView) directions!: TakenForView[];
  @ObjectField(() => SettlementView, { optional: true, description: 'Who owes whom when both are set off' })
  settlement?: SettlementView | undefined;
}

export class CrossRegionPaymentDay {
  @DateField({ example: '2026-02-01' }) id!: string;
  @TextField() href!: string;
  @TextField({ example: 'CrossRegionPaymentDay' }) '@type'!: string;
  @ListField(() => PairView) pairs!: PairView[];
}

@ApiTags('Cross-region payment (跨地区缴费)')
@Controller('/care-api/intake/v1/crossRegionPayment')
export class CrossRegionController {
  constructor(private readonly payments: CrossRegionPayments) {}

  @Get()
  @Operation({
    summary: 'Payments that provinces took for each other on a day (跨地区缴费对账)',
    description:
      'By pair of provinces and direction: payments, corrections and reversals, each on the day of its own time, and who owes whom ' +
      'for it. Shows the pairs in which one province is the own one.',
    permission: 'usage.reconcile',
    returns: CrossRegionPaymentDay,
  })
  async day(@Query() { date }: DayQuery, @CurrentActor() actor: Actor): Promise<CrossRegionPaymentDay> {
    const { everybody, provinces } = actor.scope;
    const pairs = await this.payments.ofDay(date, everybody ? undefined : provinces);
    return {
      id: date,
      href: `/care-api/intake/v1/crossRegionPayment?date=${date}`,
      '@type': 'CrossRegionPaymentDay',
      pairs: pairs.map((pair) => viewOf(pair, seesAmounts(actor))),
    };
  }
}

function viewOf({ provinces, directions, settlement }: PairOfProvinces, showsAmounts: boolean): PairView {
  const fen = (amount: number): number | undefined => (showsAmounts ? amount : undefined);
  const tally = ({ count, sumFen }: Tally): TallyView => ({ count, sumFen: fen(sumFen) });
  return {
    provinces: [...provinces],
    directions: directions.map((each) => ({
      takenIn: each.takenIn,
      accountIn: each.accountIn,
      payments: tally(each.payments),
      corrections: tally(each.corrections),
      reversals: tally(each.reversals),
      dueFen: fen(each.dueFen),
    })),
    settlement: settlement && { from: settlement.from, to: settlement.to, amountFen: fen(settlement.amountFen) },
  };
}
