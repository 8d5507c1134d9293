import { Body, Controller, Get, Injectable, Param, Patch, type PipeTransform, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  headOf,
  ListQuery,
  type ListRequest,
  Operation,
  type Page,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { ChangePointsCatalogue } from '../../application/exchange/change-points-catalogue.js';
import { FindPointsCatalogue, type OfferedItem } from '../../application/exchange/points-catalogue.query.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import {
  DeliveryNoReused,
  ItemEndsBeforeItBegins,
  ItemNotFound,
  ItemNotWhole,
  ItemOfAnotherKind,
  ItemTaken,
  StockTooSmall,
} from '../../domain/exchange/refusals-of-exchange.js';
import {
  ChangePointsItemBody,
  CreatePointsItemBody,
  CreateStockDeliveryBody,
  ITEM_ID,
  PointsItemView,
  StockDeliveryView,
} from './exchange.dto.js';
import { catalogueItems } from './exchange.resources.js';

/** What cannot be an id is the id of no item. */
@Injectable()
class ItemIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!ITEM_ID.test(value)) throw new ItemNotFound();
    return value;
  }
}

@ApiTags('Points (积分)')
@Controller(catalogueItems.path)
export class PointsCatalogueController {
  constructor(
    private readonly find: FindPointsCatalogue,
    private readonly catalogue: ChangePointsCatalogue,
  ) {}

  @Get()
  @Operation({
    summary: 'What points are exchanged for (积分兑换目录)',
    permission: 'points.read',
    selfService: true,
    returns: PointsItemView,
  })
  list(@ListQuery(catalogueItems) list: ListRequest): Promise<Page<PointsItemView>> {
    return this.find.items(list, itemView);
  }

  @Get(':id')
  @Operation({
    summary: 'One item that points are exchanged for (兑换目录详情)',
    permission: 'points.read',
    selfService: true,
    returns: PointsItemView,
    refusals: [ItemNotFound],
  })
  async item(@Param('id', ItemIdPipe) id: string): Promise<PointsItemView> {
    return itemView(await this.find.item(id));
  }

  @Post()
  @Operation({
    summary: 'Add an item to exchange points for (新增兑换目录)',
    description:
      'A mobile product names its `bossProduct`, a service its `benefit` and `units`. Stock begins at nothing.',
    permission: 'points.author',
    wholeOperator: true,
    creates: PointsItemView,
    idempotent: true,
    refusals: [ItemTaken, ItemNotWhole, ItemEndsBeforeItBegins],
  })
  async create(
    @Body() { label: { en, zh }, classes, perPointsYear, bossProduct, benefit, units, ...item }: CreatePointsItemBody,
  ): Promise<PointsItemView> {
    const created = await this.catalogue.create({
      ...item,
      label: { en, zh },
      classes: classes ?? null,
      perPointsYear: perPointsYear ?? null,
      bossProduct: bossProduct ?? null,
      benefit: benefit ?? null,
      units: units ?? null,
      status: 'ACTIVE',
    });
    return itemView(await this.find.item(created.itemId));
  }

  @Patch(':id')
  @Operation({
    summary: 'Change an item that points are exchanged for, or withdraw it (修改兑换目录)',
    description: 'Orders keep what they cost.',
    permission: 'points.author',
    wholeOperator: true,
    returns: PointsItemView,
    refusals: [ItemNotFound, ItemEndsBeforeItBegins],
  })
  async change(
    @Param('id', ItemIdPipe) id: string,
    @Body() { label, points, classes, perPointsYear, validUntil, status }: ChangePointsItemBody,
  ): Promise<PointsItemView> {
    const said = label && { en: label.en, zh: label.zh };
    await this.catalogue.change(id, { label: said, points, classes, perPointsYear, validUntil, status });
    return itemView(await this.find.item(id));
  }

  @Post(':id/delivery')
  @Operation({
    summary: 'Enter what has come into stock (兑换商品入库)',
    description: 'The same delivery note again is the same delivery.',
    permission: 'points.author',
    wholeOperator: true,
    creates: StockDeliveryView,
    idempotent: true,
    refusals: [ItemNotFound, ItemOfAnotherKind, StockTooSmall, DeliveryNoReused],
  })
  async deliver(
    @Param('id', ItemIdPipe) itemId: string,
    @Body() { deliveryNo, quantity }: CreateStockDeliveryBody,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<StockDeliveryView> {
    const onHand = await this.catalogue.deliver({ itemId, deliveryNo, quantity }, actorId);
    const path = `${catalogueItems.path}/${itemId}/delivery`;
    return {
      ...headOf({ type: 'StockDelivery', path }, `${itemId}~${deliveryNo}`),
      itemId,
      deliveryNo,
      quantity,
      onHand,
    };
  }
}

const itemView = (item: OfferedItem): PointsItemView => ({
  ...headOf(catalogueItems, item.itemId),
  kind: item.kind,
  label: item.label,
  points: item.points,
  valueInFen: valueInFen(item.points),
  ...(item.classes && { classes: [...item.classes] }),
  ...(item.perPointsYear !== null && { perPointsYear: item.perPointsYear }),
  ...(item.bossProduct !== null && { bossProduct: item.bossProduct }),
  ...(item.benefit !== null && { benefit: item.benefit }),
  ...(item.units !== null && { units: item.units }),
  validFrom: item.validFrom,
  validUntil: item.validUntil,
  status: item.status,
  ...(item.onHand !== null && { onHand: item.onHand }),
});
