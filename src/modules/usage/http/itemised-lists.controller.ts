import { Readable } from 'node:stream';
import { Body, Controller, Get, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, headOf, Operation, ResourceIdPipe } from '../../../platform/http/index.js';
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { ItemisedLists } from '../application/itemised-lists.js';
import { LIST_IS_KEPT_DAYS, LIST_MAY_BE_FETCHED, type ItemisedList } from '../domain/itemised-list.js';
import {
  AmountsNotShown,
  AnotherMonthNeeded,
  ItemisedListNotFound,
  ListExpired,
  ListFetchedOften,
  NotYourList,
} from '../domain/refusals-of-billing.js';
import { AskForItemisedList, ItemisedListView } from './billing.dto.js';
import { BILLING } from './billing.resources.js';

const itemisedLists = { type: 'ItemisedList', path: `${BILLING}/itemisedList` } as const;

@ApiTags('Billing (帐务: balance, payments, arrears)')
@Controller(itemisedLists.path)
export class ItemisedListsController {
  constructor(private readonly lists: ItemisedLists) {}

  @Post()
  @Operation({
    summary: 'Ask for the itemised list of a month (收费清单)',
    description: `Free of charge (Telecommunications Regulations art. 33). Whoever asks may fetch it, ${LIST_MAY_BE_FETCHED} times in ${LIST_IS_KEPT_DAYS} days.`,
    permission: 'billing.manage',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    selfService: true,
    freshCode: true,
    idempotent: true,
    creates: ItemisedListView,
    refusals: [CustomerNotFound, AnotherMonthNeeded, AmountsNotShown],
  })
  async ask(@Body() body: AskForItemisedList, @CurrentActor() actor: Actor): Promise<ItemisedListView> {
    if (!seesAmounts(actor)) throw new AmountsNotShown();
    return viewOf(await this.lists.ask(body, actor));
  }

  @Get(':id')
  @Operation({
    summary: 'One itemised list (收费清单状态)',
    permission: 'billing.manage',
    concerns: { itemisedList: 'params.id', unknown: ItemisedListNotFound },
    selfService: true,
    returns: ItemisedListView,
    refusals: [ItemisedListNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<ItemisedListView> {
    return viewOf(await this.lists.one(id));
  }

  @Get(':id/file')
  @Operation({
    summary: 'Fetch an itemised list (下载收费清单)',
    description:
      'CSV or NDJSON, as it was asked for. Of the other side of a call only the class is kept, so only that is shown.',
    permission: 'billing.manage',
    limit: { perMinute: 10 },
    concerns: { itemisedList: 'params.id', unknown: ItemisedListNotFound },
    selfService: true,
    freshCode: true,
    returns: 'text/csv',
    refusals: [ItemisedListNotFound, NotYourList, ListExpired, ListFetchedOften, AmountsNotShown],
  })
  async file(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    if (!seesAmounts(actor)) throw new AmountsNotShown();
    const { list, pieces } = await this.lists.fetch(id, actor);
    const [type, ending] = list.format === 'CSV' ? ['text/csv', 'csv'] : ['application/x-ndjson', 'ndjson'];
    return new StreamableFile(Readable.from(pieces), {
      type: `${type}; charset=utf-8`,
      disposition: `attachment; filename="items-${list.month.slice(0, 7)}.${ending}"`,
    });
  }
}

const viewOf = (list: ItemisedList): ItemisedListView => ({
  ...headOf(itemisedLists, list.listId),
  customerId: list.customerId,
  month: list.month.slice(0, 7),
  format: list.format,
  feeFen: list.feeFen,
  askedAt: list.askedAt,
  expiresAt: list.expiresAt,
  downloads: list.downloads,
});
