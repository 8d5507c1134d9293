import { Body, Controller, Get, Injectable, Param, Patch, Post, type PipeTransform } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  headOf,
  ListQuery,
  Operation,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { FindCatalogue } from '../application/catalogue.query.js';
import { ChangeCatalogue } from '../application/change-catalogue.js';
import type { Benefit, BenefitQuota } from '../domain/benefit.js';
import {
  BenefitNotFound,
  BenefitTaken,
  DayIsGone,
  EndsBeforeItBegins,
  UnknownBenefit,
  UnknownLevel,
} from '../domain/refusals.js';
import {
  BENEFIT_CODE,
  BenefitQuotaView,
  BenefitView,
  ChangeBenefitBody,
  CreateBenefitBody,
  CreateQuotaBody,
} from './benefits.dto.js';
import { benefits, quotas } from './benefits.resources.js';

/** What cannot be a code is the code of no benefit. */
@Injectable()
class BenefitCodePipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!BENEFIT_CODE.test(value)) throw new BenefitNotFound();
    return value;
  }
}

@ApiTags('Benefits (权益)')
@Controller('/care-api/benefits/v1')
export class CatalogueController {
  constructor(
    private readonly find: FindCatalogue,
    private readonly catalogue: ChangeCatalogue,
  ) {}

  @Get('benefit')
  @Operation({
    summary: 'What levels entitle to (权益目录)',
    permission: 'benefits.read',
    returns: BenefitView,
  })
  list(@ListQuery(benefits) list: ListRequest): Promise<Page<BenefitView>> {
    return this.find.benefits(list, benefitView);
  }

  @Get('benefit/:code')
  @Operation({
    summary: 'One benefit (权益详情)',
    permission: 'benefits.read',
    returns: BenefitView,
    refusals: [BenefitNotFound],
  })
  async get(@Param('code', BenefitCodePipe) code: string): Promise<BenefitView> {
    return benefitView(await this.find.benefit(code));
  }

  @Post('benefit')
  @Operation({
    summary: 'Add a benefit to the catalogue (新增权益)',
    description: 'Nobody has any of it until there are quotas.',
    permission: 'benefits.manage',
    wholeOperator: true,
    creates: BenefitView,
    idempotent: true,
    refusals: [BenefitTaken, DayIsGone, EndsBeforeItBegins, 'tiering.no-rule-set'],
  })
  async create(@Body() { label: { en, zh }, ...benefit }: CreateBenefitBody): Promise<BenefitView> {
    return benefitView(await this.catalogue.create({ ...benefit, label: { en, zh } }));
  }

  @Patch('benefit/:code')
  @Operation({
    summary: 'Rename a benefit, or end it (修改权益)',
    description: 'Months that are gone stay as they were granted.',
    permission: 'benefits.manage',
    wholeOperator: true,
    returns: BenefitView,
    refusals: [BenefitNotFound, DayIsGone, EndsBeforeItBegins],
  })
  async change(
    @Param('code', BenefitCodePipe) code: string,
    @Body() { label, effectiveUntil }: ChangeBenefitBody,
  ): Promise<BenefitView> {
    return benefitView(
      await this.catalogue.change(code, { label: label && { en: label.en, zh: label.zh }, effectiveUntil }),
    );
  }

  @Get('quota')
  @Operation({
    summary: 'How much a year of a level is worth (权益配额)',
    description: 'All versions. Of those in effect on a day the latest counts.',
    permission: 'benefits.read',
    returns: BenefitQuotaView,
  })
  quotas(@ListQuery(quotas) list: ListRequest): Promise<Page<BenefitQuotaView>> {
    return this.find.quotas(list, quotaView);
  }

  @Post('quota')
  @Operation({
    summary: 'Set the quota of a level (设置权益配额)',
    description:
      'A new version from its day on, never earlier than today; those before it stay. It counts for the month of that day and those after ' +
      'it, pro rata, and is granted by the night’s run.',
    permission: 'benefits.manage',
    wholeOperator: true,
    creates: BenefitQuotaView,
    idempotent: true,
    refusals: [UnknownBenefit, UnknownLevel, DayIsGone],
  })
  async setQuota(
    @Body() { benefit, level, unitsPerYear, effectiveFrom }: CreateQuotaBody,
    @CurrentActor() { id: author }: Actor,
  ): Promise<BenefitQuotaView> {
    return quotaView(await this.catalogue.setQuota({ benefit, level, unitsPerYear, effectiveFrom, author }));
  }
}

const benefitView = ({ code, ...benefit }: Benefit): BenefitView => ({ ...headOf(benefits, code), ...benefit });

const quotaView = (quota: BenefitQuota): BenefitQuotaView => ({
  ...headOf(quotas, `${quota.benefit}~${quota.level}~${quota.version}`),
  ...quota,
});
