import {
  BooleanField,
  DateField,
  EnumField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ObjectField,
  TextField,
} from '../../../../platform/http/index.js';
import { ITEM_STATUSES, type ItemStatus } from '../../domain/exchange/catalogue-item.js';
import { DECISIONS, type Decision, ORDER_STATUSES } from '../../domain/exchange/exchange-order.js';
import { POINTS_TYPES, type PointsType } from '../../domain/ledger/ledger.js';
import { type Purpose, PURPOSES } from '../../domain/ledger/redemption.js';

const CHANNELS = ['HOTLINE', 'HALL', 'WEB', 'APP', 'SMS', 'POS', 'ACCOUNT_MANAGER'] as const;
const CHANNEL = { values: CHANNELS, description: 'Where the customer asked' };
export const ITEM_ID = /^[A-Z][A-Z0-9_]*$/;
const CODE = { maxLength: 40, pattern: ITEM_ID, patternMeans: 'capitals, digits and underscores' } as const;
const KIND = {
  values: PURPOSES,
  description: 'Service (积分享福), mobile product that BOSS delivers (积分加油站), or goods that are handed over',
};
const POINTS = { description: 'What it costs; each point is worth 2 fen', example: 2_500 };
const CLASSES = { values: POINTS_TYPES, description: 'Classes of points that may be used for it; absent: all' };
const PER_YEAR = { description: 'How often one customer may have it in a points year; absent: no limit', example: 12 };
const UNTIL = { description: 'The first day without it', example: '9999-12-31' };

class PointsItemLabel {
  @TextField({ maxLength: 100, example: 'Top-up card of 50 yuan' }) en!: string;
  @TextField({ maxLength: 100, example: '50元缴费卡' }) zh!: string;
}

export class PointsItemView {
  @TextField({ readOnly: true, example: 'TOP_UP_CARD_50' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsItem' }) '@type'!: string;
  @EnumField(KIND) kind!: string;
  @ObjectField(() => PointsItemLabel) label!: PointsItemLabel;
  @IntegerField(POINTS) points!: number;
  @IntegerField({ description: 'In fen: 2 per point, always', example: 5_000 }) valueInFen!: number;
  @ListField(() => String, { ...CLASSES, optional: true }) classes?: string[];
  @IntegerField({ ...PER_YEAR, optional: true }) perPointsYear?: number;
  @TextField({ optional: true, description: 'What BOSS calls it', example: 'CARD50' }) bossProduct?: string;
  @TextField({ optional: true, description: 'The benefit that it entitles to' }) benefit?: string;
  @IntegerField({ optional: true, description: 'Units of the benefit' }) units?: number;
  @DateField({ description: 'The first day on which it can be had' }) validFrom!: string;
  @DateField(UNTIL) validUntil!: string;
  @EnumField({ values: ITEM_STATUSES }) status!: string;
  @IntegerField({ optional: true, description: 'Pieces in stock; absent for services' }) onHand?: number;
}

export class CreatePointsItemBody {
  @TextField({ ...CODE, example: 'TOP_UP_CARD_100' }) itemId!: string;
  @EnumField({ ...KIND, example: 'MOBILE_PRODUCT' }) kind!: Purpose;
  @ObjectField(() => PointsItemLabel) label!: PointsItemLabel;
  @IntegerField({ ...POINTS, min: 1, max: 1_000_000_000, example: 5_000 }) points!: number;
  @ListField(() => String, { ...CLASSES, optional: true, min: 1, unique: true }) classes?: PointsType[];
  @IntegerField({ ...PER_YEAR, optional: true, min: 1, max: 10_000 }) perPointsYear?: number;
  @TextField({ ...CODE, optional: true, example: 'CARD100', description: 'Of a mobile product: what BOSS calls it' })
  bossProduct?: string;
  @TextField({
    ...CODE,
    optional: true,
    example: undefined,
    description: 'Of a service: the benefit that it entitles to',
  })
  benefit?: string;
  @IntegerField({
    optional: true,
    min: 1,
    max: 1_000,
    example: undefined,
    description: 'Of a service: units of the benefit',
  })
  units?: number;
  @DateField({ description: 'The first day on which it can be had', example: '2026-02-01' }) validFrom!: string;
  @DateField({ ...UNTIL, default: '9999-12-31' }) validUntil!: string;
}

export class ChangePointsItemBody {
  @ObjectField(() => PointsItemLabel, { optional: true }) label?: PointsItemLabel;
  @IntegerField({ ...POINTS, optional: true, min: 1, max: 1_000_000_000 }) points?: number;
  @ListField(() => String, { ...CLASSES, optional: true, nullable: true, min: 1, unique: true })
  classes?: PointsType[] | null;
  @IntegerField({ ...PER_YEAR, optional: true, nullable: true, min: 1, max: 10_000 }) perPointsYear?: number | null;
  @DateField({ ...UNTIL, optional: true }) validUntil?: string;
  @EnumField({ values: ITEM_STATUSES, optional: true }) status?: ItemStatus;
}

export class CreateStockDeliveryBody {
  @TextField({
    maxLength: 40,
    pattern: /^[A-Za-z0-9._-]+$/,
    patternMeans: 'letters, digits, dots, hyphens and underscores',
    example: 'DN-2026-0001',
    description: 'Number of the delivery note: the same again is the same delivery',
  })
  deliveryNo!: string;
  @IntegerField({
    min: -100_000,
    max: 100_000,
    example: 100,
    description: 'Pieces that have come; below zero those that were taken out by hand',
  })
  quantity!: number;
}

export class StockDeliveryView {
  @TextField({ readOnly: true, example: 'TOP_UP_CARD_50~DN-2026-0001' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'StockDelivery' }) '@type'!: string;
  @TextField({ example: 'TOP_UP_CARD_50' }) itemId!: string;
  @TextField({ example: 'DN-2026-0001' }) deliveryNo!: string;
  @IntegerField({ example: 100 }) quantity!: number;
  @IntegerField({ description: 'What lies in stock now', example: 140 }) onHand!: number;
}

export class CreatePointsOrderBody {
  @TextField({ ...CODE, example: 'TOP_UP_CARD_50' }) itemId!: string;
  @EnumField(CHANNEL) channel!: string;
}

export class PointsOrderView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsOrder' }) '@type'!: string;
  @IdField() customerId!: string;
  @TextField({ example: 'TOP_UP_CARD_50' }) itemId!: string;
  @EnumField(KIND) kind!: string;
  @IntegerField({ description: 'What it cost on its day', example: 2_500 }) points!: number;
  @IntegerField({ description: 'In fen: 2 per point, always', example: 5_000 }) valueInFen!: number;
  @EnumField(CHANNEL) channel!: string;
  @EnumField({
    values: ORDER_STATUSES,
    description:
      'OPEN: the points are held. COMPLETED: they were used. REFUSED by BOSS, or CANCELLED: they came back, and so did the piece',
  })
  status!: string;
  @InstantField() orderedAt!: Date;
  @InstantField({ optional: true }) endedAt?: Date;
  @TextField({ optional: true, description: 'What BOSS calls the order', example: 'B20260201000017' })
  bossReference?: string;
  @TextField({ optional: true, description: 'Why BOSS refused it: a code of BOSS', example: 'OUT_OF_CARDS' })
  refusal?: string;
  @BooleanField({ description: 'A card waits to be shown, or to be shown again' }) hasCard!: boolean;
  @InstantField({ optional: true, description: 'When the card was first shown' }) cardShownAt?: Date;
}

export class UnansweredOrderView extends PointsOrderView {
  @InstantField({ description: 'Since when BOSS has said nothing' }) waitsSince!: Date;
  @IntegerField({ description: 'How often BOSS was asked', example: 17 }) attempts!: number;
}

export class DecideOrderBody {
  @EnumField({
    values: DECISIONS,
    description: 'FULFILLED: the customer was given it by hand, the points are used. GIVEN_BACK: the points come back',
  })
  decision!: Decision;
  @TextField({ maxLength: 300, example: 'BOSS has no such order', description: 'Why: it is audited' }) reason!: string;
}

export class TopUpCardView {
  @IdField({ readOnly: true, description: 'The order' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'TopUpCard' }) '@type'!: string;
  @TextField({ description: 'Number of the card (卡号)', example: '10086202602010001' }) cardNumber!: string;
  @TextField({ description: 'What is entered to top up (卡密): worth money to whoever reads it' }) secret!: string;
}
