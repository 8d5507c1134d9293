import { Body, Controller, Get, Injectable, Param, Patch, Post, type PipeTransform } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  headOf,
  ListQuery,
  Operation,
  ResourceIdPipe,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { ChangeMerchants } from '../application/change-merchants.js';
import { FindMerchants } from '../application/merchants.query.js';
import { pointsPerHundredYuan } from '../domain/list-price.js';
import type { Discount, Merchant, Site, Terminal } from '../domain/merchant.js';
import {
  ContractTaken,
  DiscountDayIsGone,
  DiscountEndsBeforeItBegins,
  DiscountNotFound,
  DiscountsOverlap,
  MerchantNotFound,
  SiteNotFound,
  TerminalNotFound,
  TerminalTaken,
  UnknownMerchant,
  UnknownSite,
} from '../domain/refusals.js';
import {
  ChangeMerchantBody,
  ChangeMerchantDiscountBody,
  ChangeMerchantSiteBody,
  ChangePosTerminalBody,
  CreateMerchantBody,
  CreateMerchantDiscountBody,
  CreateMerchantSiteBody,
  CreatePosTerminalBody,
  MerchantDiscountView,
  MerchantSiteView,
  MerchantView,
  PosTerminalView,
  TERMINAL_ID,
} from './merchants.dto.js';
import { BASE, discounts, merchants, sites, terminals } from './merchants.resources.js';

/** What cannot be the number of a terminal is that of none. */
@Injectable()
class TerminalIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!TERMINAL_ID.test(value)) throw new TerminalNotFound();
    return value;
  }
}

@ApiTags('Merchants (商家联盟)')
@Controller(BASE)
export class MerchantsController {
  constructor(
    private readonly find: FindMerchants,
    private readonly changing: ChangeMerchants,
  ) {}

  @Get('merchant')
  @Operation({ summary: 'List merchants (联盟商家)', permission: 'merchants.read', returns: MerchantView })
  merchants(@ListQuery(merchants) list: ListRequest): Promise<Page<MerchantView>> {
    return this.find.merchants(list, merchantView);
  }

  @Get('merchant/:id')
  @Operation({
    summary: 'One merchant (商家详情)',
    permission: 'merchants.read',
    returns: MerchantView,
    refusals: [MerchantNotFound],
  })
  async merchant(@Param('id', ResourceIdPipe) id: string): Promise<MerchantView> {
    return merchantView(await this.find.one(id));
  }

  @Post('merchant')
  @Operation({
    summary: 'Add a merchant to the alliance (新增商家)',
    permission: 'merchants.manage',
    wholeOperator: true,
    creates: MerchantView,
    idempotent: true,
    refusals: [ContractTaken],
  })
  async create(@Body() { contractNo, label, category, funderId }: CreateMerchantBody): Promise<MerchantView> {
    return merchantView(await this.changing.create({ contractNo, label, category, funderId }));
  }

  @Patch('merchant/:id')
  @Operation({
    summary: 'Change, suspend or end a merchant (修改商家)',
    description: 'Of one that is not active the terminals take no points; they still give back what they took.',
    permission: 'merchants.manage',
    wholeOperator: true,
    returns: MerchantView,
    refusals: [MerchantNotFound],
  })
  async change(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { label, category, status }: ChangeMerchantBody,
  ): Promise<MerchantView> {
    return merchantView(await this.changing.change(id, { label, category, status }));
  }

  @Get('site')
  @Operation({ summary: 'List sites (商户门店)', permission: 'merchants.read', returns: MerchantSiteView })
  sites(@ListQuery(sites) list: ListRequest): Promise<Page<MerchantSiteView>> {
    return this.find.sites(list, siteView);
  }

  @Post('site')
  @Operation({
    summary: 'Open a site of a merchant (新增门店)',
    permission: 'merchants.manage',
    wholeOperator: true,
    creates: MerchantSiteView,
    idempotent: true,
    refusals: [UnknownMerchant],
  })
  async openSite(@Body() { merchantId, label, region }: CreateMerchantSiteBody): Promise<MerchantSiteView> {
    return siteView(await this.changing.openSite({ merchantId, label, region }));
  }

  @Patch('site/:id')
  @Operation({
    summary: 'Change or end a site (修改门店)',
    permission: 'merchants.manage',
    wholeOperator: true,
    returns: MerchantSiteView,
    refusals: [SiteNotFound],
  })
  async changeSite(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { label, status }: ChangeMerchantSiteBody,
  ): Promise<MerchantSiteView> {
    return siteView(await this.changing.changeSite(id, { label, status }));
  }

  @Get('terminal')
  @Operation({ summary: 'List terminals (POS终端)', permission: 'merchants.read', returns: PosTerminalView })
  terminals(@ListQuery(terminals) list: ListRequest): Promise<Page<PosTerminalView>> {
    return this.find.terminals(list, terminalView);
  }

  @Post('terminal')
  @Operation({
    summary: 'Add a terminal to a site (新增终端)',
    permission: 'merchants.manage',
    wholeOperator: true,
    creates: PosTerminalView,
    idempotent: true,
    refusals: [UnknownSite, TerminalTaken],
  })
  async addTerminal(@Body() { terminalId, siteId }: CreatePosTerminalBody): Promise<PosTerminalView> {
    return terminalView(await this.changing.addTerminal({ terminalId, siteId }));
  }

  @Patch('terminal/:id')
  @Operation({
    summary: 'Suspend or end a terminal (修改终端)',
    permission: 'merchants.manage',
    wholeOperator: true,
    returns: PosTerminalView,
    refusals: [TerminalNotFound],
  })
  async changeTerminal(
    @Param('id', TerminalIdPipe) id: string,
    @Body() { status }: ChangePosTerminalBody,
  ): Promise<PosTerminalView> {
    return terminalView(await this.changing.changeTerminal(id, { status }));
  }

  @Get('discount')
  @Operation({
    summary: 'List what merchants grant (商家折扣)',
    description: 'On days without one the list price is paid: 50 points a yuan.',
    permission: 'merchants.read',
    returns: MerchantDiscountView,
  })
  discounts(@ListQuery(discounts) list: ListRequest): Promise<Page<MerchantDiscountView>> {
    return this.find.discounts(list, discountView);
  }

  @Post('discount')
  @Operation({
    summary: 'Grant a discount (设置折扣)',
    description:
      'Points are exchanged in step with it: at 8折 a yuan of the list price is 40 points. What was authorised before keeps its discount.',
    permission: 'merchants.manage',
    wholeOperator: true,
    creates: MerchantDiscountView,
    idempotent: true,
    refusals: [UnknownMerchant, DiscountsOverlap, DiscountDayIsGone, DiscountEndsBeforeItBegins],
  })
  async grant(
    @Body() { merchantId, percent, effectiveFrom, effectiveUntil }: CreateMerchantDiscountBody,
    @CurrentActor() { id: author }: Actor,
  ): Promise<MerchantDiscountView> {
    const discount = { merchantId, percent, effectiveFrom, effectiveUntil, author };
    return discountView(await this.changing.grantDiscount(discount));
  }

  @Patch('discount/:id')
  @Operation({
    summary: 'End a discount on another day (修改折扣)',
    permission: 'merchants.manage',
    wholeOperator: true,
    returns: MerchantDiscountView,
    refusals: [DiscountNotFound, DiscountsOverlap, DiscountDayIsGone, DiscountEndsBeforeItBegins],
  })
  async endDiscount(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { effectiveUntil }: ChangeMerchantDiscountBody,
  ): Promise<MerchantDiscountView> {
    return discountView(await this.changing.endDiscount(id, effectiveUntil));
  }
}

const merchantView = ({ merchantId, ...merchant }: Merchant): MerchantView => ({
  ...headOf(merchants, merchantId),
  ...merchant,
});

const siteView = ({ siteId, ...site }: Site): MerchantSiteView => ({ ...headOf(sites, siteId), ...site });

const terminalView = ({ terminalId, ...terminal }: Terminal): PosTerminalView => ({
  ...headOf(terminals, terminalId),
  ...terminal,
});

const discountView = ({ discountId, ...discount }: Discount): MerchantDiscountView => ({
  ...headOf(discounts, discountId),
  ...discount,
  pointsPerHundredYuan: pointsPerHundredYuan(discount.percent),
});
