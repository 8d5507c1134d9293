import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/index.js';
import { Refusal } from '../../../platform/errors/index.js';
import {
  CurrentActor, headOf, ListQuery, Operation, readPage, ResourceNotFound, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { AccessRegister, OrganizationFacade } from '../../organization/index.js';
import { FindUsage, USAGE_COLUMNS, usageIdOf, type UsageRow } from '../application/find-usage.query.js';
import { PushRecords } from '../application/push-records.js';
import { NotYourRecords } from '../domain/refusals.js';
import { IntakeScope } from './intake-scope.js';
import { usages } from './resources.js';
import { CreateUsage, UsageView } from './usage.dto.js';

/** Counting hundreds of millions of rows for a page header would cost more than the page. */
const COUNTED_UP_TO = 100_000;

class UsageRefused extends Refusal {
  static readonly code = 'usage.refused';
  static readonly kind = 'rejected';
}

@ApiTags('Usage management (话单, TMF635)')
@Controller(usages.path)
export class UsageController {
  constructor(
    private readonly database: Database,
    private readonly find: FindUsage,
    private readonly pushRecords: PushRecords,
    private readonly customers: CustomersFacade,
    private readonly organization: OrganizationFacade,
    private readonly register: AccessRegister,
    private readonly scope: IntakeScope,
  ) {}

  @Get()
  @Operation({
    summary: 'List usage (话单查询)',
    description: `Ask for one customer with relatedParty.id. X-Total-Count counts up to ${COUNTED_UP_TO}.`,
    permission: 'usage.read',
    selfService: true,
    returns: UsageView,
  })
  async list(@ListQuery(usages) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<UsageView>> {
    const shown: string[] = [];
    const showsAmounts = seesAmounts(actor);
    const page = await readPage<UsageRow, UsageView>(
      this.database,
      list,
      {
        select: USAGE_COLUMNS,
        from: 'usage.usage_record r',
        countSql: `SELECT count(*) AS total FROM (SELECT FROM usage.usage_record r WHERE {where} LIMIT ${COUNTED_UP_TO}) counted`,
      },
      (row) => {
        shown.push(row.customer_id);
        return viewOf(row, showsAmounts);
      },
    );
    await this.registerRead(actor, 'usage.list', [...new Set(shown)]);
    return page;
  }

  @Get(':id')
  @Operation({
    summary: 'One usage record (话单详情)',
    permission: 'usage.read',
    selfService: true,
    concerns: { usage: 'params.id', unknown: ResourceNotFound },
    returns: UsageView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<UsageView> {
    const row = await this.find.byId(id);
    if (!row) throw new ResourceNotFound('usage');
    await this.registerRead(actor, 'usage.read', [row.customer_id]);
    return viewOf(row, seesAmounts(actor));
  }

  @Post()
  @Operation({
    summary: 'Push one usage record (推送话单)',
    permission: 'usage.push',
    creates: UsageView,
    idempotent: true,
    refusals: [NotYourRecords, UsageRefused],
  })
  async create(@Body() body: CreateUsage, @CurrentActor() actor: Actor): Promise<UsageView> {
    const given = Object.fromEntries(body.usageCharacteristic.map(({ name, value }) => [name, value]));
    const scope = await this.organization.scopeOfApiKey(actor.id);
    const source = scope?.source ?? String(given['source'] ?? 'MANUAL');
    await this.scope.check(actor, { source, kind: 'USG' });
    const record = {
      operation: 'NEW', version: 1, counterpartyClass: 'NONE', ...given, eventType: body.usageType,
      eventTime: body.usageDate.toISOString(),
    }; // prettier-ignore
    const [result] = await this.pushRecords.execute('USG', source, [record]);
    if (result?.outcome === 'REJECTED')
      throw new UsageRefused(UsageRefused.code, 'rejected', result.message, {
        field: result.field,
        reason: result.code,
      });
    if (!result || result.outcome === 'HELD') {
      throw new UsageRefused(
        UsageRefused.code,
        'rejected',
        'The record waits for its customer or for the record that it changes',
        { reason: result?.reason },
      );
    }
    const owner = await this.ownerOf(source, given);
    const row = owner && (await this.find.byRecord(source, String(given['recordId']), Number(record.version), owner));
    if (!row) throw new ResourceNotFound('usage');
    return viewOf(row, seesAmounts(actor));
  }

  private async ownerOf(source: string, given: Readonly<Record<string, unknown>>): Promise<string | undefined> {
    if (typeof given['accountNo'] === 'string' && given['accountNo'] !== '') {
      return (await this.customers.resolveAccounts([{ source, accountNo: given['accountNo'] }]))[0];
    }
    return (await this.customers.findByMsisdn(String(given['msisdn'])))?.customerId;
  }

  private registerRead(actor: Actor, action: string, customerIds: readonly string[]): Promise<void> {
    return this.register.record({ actor, action, customerIds, fieldGroups: ['usage'] });
  }
}

const viewOf = (row: UsageRow, showsAmounts: boolean): UsageView => ({
  ...headOf(usages, usageIdOf(row)),
  usageDate: row.event_time,
  usageType: row.usage_type,
  status: row.status,
  usageCharacteristic: Object.entries({
    recordId: row.record_id,
    version: row.version,
    operation: row.operation,
    refRecordId: row.ref_record_id,
    counterpartyClass: row.counterparty_class,
    durationSec: row.duration_sec,
    volumeKB: row.volume_kb,
    count: row.event_count,
    regionHome: row.region_home,
    regionVisited: row.region_visited,
    forwarded: row.forwarded,
    tariffCode: row.tariff_code,
  })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => ({ name, value, valueType: typeof value === 'number' ? 'integer' : typeof value })),
  ...(showsAmounts && {
    ratedProductUsage: [
      { taxIncludedRatingAmount: yuan(row.fee_fen), taxExcludedRatingAmount: yuan(row.fee_fen - row.tax_fen) },
    ],
  }),
  relatedParty: [{ id: row.customer_id, role: 'customer', '@referredType': 'Customer' }],
});

/** TMF's Money is a decimal number; hundredths of a whole number print exactly. */
const yuan = (fen: number): { unit: string; value: number } => ({ unit: 'CNY', value: fen / 100 });
