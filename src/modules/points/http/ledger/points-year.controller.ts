import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import {
  BooleanField, CurrentActor, DateField, EnumField, headOf, IdField, IntegerField, ListField, ObjectField, Operation, ResourceIdPipe,
  TextField,
} from '../../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { FindAccount } from '../../application/ledger/account.query.js';
import { ReportPointsYear, type YearOfClass } from '../../application/ledger/points-year.query.js';
import { POINTS_TYPES } from '../../domain/ledger/ledger.js';
import { daysOfPointsYear, pointsYear } from '../../domain/ledger/points-year.js';
import { PointsYearNotBegun } from '../../domain/expiry/refusals-of-expiry.js';

const pointsYears = { type: 'PointsYear', path: '/care-api/points/v1/pointsYear' } as const;
/** What was taken back after it had been spent belongs to no class. */
const CLASSES = [...POINTS_TYPES, 'DEBT'];

class YearTotalsView {
  @IntegerField({ description: 'What customers had when it began', example: 120000 }) opening!: number;
  @IntegerField({ description: 'Less what was taken back', example: 50000 }) issued!: number;
  @IntegerField({ description: 'Spent, less what was cancelled or returned', example: -20000 }) redeemed!: number;
  @IntegerField({ description: 'Cleared, less what was given back', example: -5000 }) expired!: number;
  @IntegerField({ description: 'On their way from one customer to another', example: 0 }) underWay!: number;
  @IntegerField({ description: 'Given or taken by hand', example: 0 }) adjusted!: number;
  @IntegerField({ description: 'Of customers who left', example: -1000 }) forfeited!: number;
  @IntegerField({ description: 'What debts and their repayment moved', example: 0 }) owed!: number;
  @IntegerField({ description: 'What customers had at its end; all before it together', example: 144000 })
  closing!: number;
  @IntegerField({ description: 'Points that customers got from others', example: 0 }) transferred!: number;
}

class YearOfClassView extends YearTotalsView {
  @EnumField({ values: CLASSES, description: 'DEBT: what customers owe, below 0' }) pointsType!: string;
}

class PointsYearView {
  @TextField({ readOnly: true, example: '2026' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsYear' }) '@type'!: string;
  @DateField({ example: '2025-12-01' }) from!: string;
  @DateField({ example: '2026-11-30' }) to!: string;
  @ListField(() => YearOfClassView) class!: YearOfClassView[];
  @ObjectField(() => YearTotalsView) total!: YearTotalsView;
}

class EarnedOfClassView {
  @EnumField({ values: CLASSES }) pointsType!: string;
  @IntegerField({ example: 1400 }) points!: number;
}

class PointsYearOfCustomerView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsYearOfCustomer' }) '@type'!: string;
  @IntegerField({ description: 'The one that runs now (计算周期)', example: 2026 }) pointsYear!: number;
  @DateField({ example: '2025-12-01' }) from!: string;
  @DateField({ example: '2026-11-30' }) to!: string;
  @ListField(() => EarnedOfClassView, { description: 'Issued in it, less what was taken back' })
  earned!: EarnedOfClassView[];
  @IntegerField({ description: 'All of them together', example: 1400 }) earnedThisPointsYear!: number;
  @IntegerField({ description: 'Earned ever (资格积分)', example: 3100 }) qualifying!: number;
  @IntegerField({ description: 'The threshold where the customer is at home', example: 3500 }) mustExceed!: number;
  @IntegerField({ description: 'Still to be earned before points can be used', example: 401 }) gapToRedeem!: number;
  @BooleanField() canRedeem!: boolean;
}

@ApiTags('The points year (积分年度)')
@Controller('/care-api/points/v1')
export class PointsYearController {
  constructor(
    private readonly report: ReportPointsYear,
    private readonly account: FindAccount,
    private readonly clock: Clock,
    private readonly register: AccessRegister,
  ) {}

  @Get('pointsYear/:year')
  @Operation({
    summary: 'All points in a points year, by class (积分年度报表)',
    description:
      'From 1 December of the year before to 30 November, or until now. Summed up over the postings of the ledger.',
    permission: 'points.report',
    wholeOperator: true,
    takesLong: true,
    returns: PointsYearView,
    refusals: [PointsYearNotBegun],
  })
  async ofAll(@Param('year') year: string): Promise<PointsYearView> {
    if (!/^\d{4}$/.test(year)) throw new PointsYearNotBegun();
    const { from, to, classes } = await this.report.execute(Number(year));
    return { ...headOf(pointsYears, year), from, to, class: classes.map(viewOf), total: totalOf(classes) };
  }

  @Get('account/:customerId/pointsYear')
  @Operation({
    summary: 'What a customer has earned in this points year (积分年度累计)',
    permission: 'points.read',
    selfService: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: PointsYearOfCustomerView,
    refusals: [CustomerNotFound],
  })
  async ofCustomer(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<PointsYearOfCustomerView> {
    const year = pointsYear(businessDate(this.clock.now()));
    const { earnedThisPointsYear, qualifying, mustExceed, gapToRedeem, canRedeem } =
      await this.account.balanceOf(customerId);
    const earned = await this.account.earnedIn(customerId, year);
    await this.register.record({ actor, action: 'points.read', customerIds: [customerId], fieldGroups: ['points'] });
    return {
      id: customerId,
      href: `/care-api/points/v1/account/${customerId}/pointsYear`,
      '@type': 'PointsYearOfCustomer',
      pointsYear: year,
      ...daysOfPointsYear(year),
      earned: earned.map(({ pointsType, points }) => ({ pointsType, points })),
      ...{ earnedThisPointsYear, qualifying, mustExceed, gapToRedeem, canRedeem },
    };
  }
}

const viewOf = (year: YearOfClass): YearOfClassView => ({ ...totalOf([year]), pointsType: year.pointsType });

function totalOf(classes: readonly YearOfClass[]): YearTotalsView {
  const all = (field: keyof YearTotalsView): number => classes.reduce((sum, year) => sum + year[field], 0);
  return {
    opening: all('opening'),
    issued: all('issued'),
    redeemed: all('redeemed'),
    expired: all('expired'),
    underWay: all('underWay'),
    adjusted: all('adjusted'),
    forfeited: all('forfeited'),
    owed: all('owed'),
    closing: all('closing'),
    transferred: all('transferred'),
  };
}
