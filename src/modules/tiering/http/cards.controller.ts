import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
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
import { CustomerIsErased, CustomerNotFound } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { DiscloseCardNumber, FindCards } from '../application/cards.query.js';
import { ChangeCard } from '../application/change-card.js';
import { IssueCard } from '../application/issue-card.js';
import type { Card } from '../domain/card.js';
import { maskCardNumber } from '../domain/card-number.js';
import {
  CardHeldAlready,
  CardInAnotherState,
  CardNotEarned,
  CardNotFound,
  CardNumberOrTrackNeeded,
  CustomerHasLeft,
  InvalidCardNumber,
  TrackOfAnotherCard,
  UnreadableTrack,
} from '../domain/refusals-of-cards.js';
import { ActivateCardBody, CardChangeBody, CardNumberView, CardView, CreateCard, FindCardBody } from './cards.dto.js';
import { cards } from './cards.resources.js';

@ApiTags('Cards and membership (VIP卡与会员)')
@Controller(cards.path)
export class CardsController {
  constructor(
    private readonly find: FindCards,
    private readonly issuing: IssueCard,
    private readonly changing: ChangeCard,
    private readonly disclosing: DiscloseCardNumber,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'List cards (查询VIP卡)',
    description: 'Of a card its last four digits are shown.',
    permission: 'tiering.read',
    returns: CardView,
  })
  async list(@ListQuery(cards) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<CardView>> {
    const shown = new Set<string>();
    const page = await this.find.list(list, (card) => {
      shown.add(card.customerId);
      return this.viewOf(card);
    });
    if (shown.size > 0) await this.registerLook(actor, 'cards.list', [...shown]);
    return page;
  }

  @Get(':id')
  @Operation({
    summary: 'One card (VIP卡详情)',
    permission: 'tiering.read',
    selfService: true,
    concerns: { card: 'params.id', unknown: CardNotFound },
    returns: CardView,
    refusals: [CardNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<CardView> {
    return this.looked(actor, 'cards.read', await this.find.one(id));
  }

  @Post()
  @Operation({
    summary: 'Issue a card (发卡)',
    description:
      'To a customer who holds a level, or is a points member, and has no card. The number is drawn by chance and is nobody else’s; it is ' +
      'good for three years, to the end of the month.',
    permission: 'membership.manage',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    idempotent: true,
    creates: CardView,
    refusals: [CustomerNotFound, CustomerIsErased, CustomerHasLeft, CardNotEarned, CardHeldAlready],
  })
  async issue(@Body() { customerId }: CreateCard): Promise<CardView> {
    return this.viewOf(await this.issuing.execute(customerId));
  }

  @Post(':id/activation')
  @HttpCode(200)
  @Operation({
    summary: 'Activate a card (激活VIP卡)',
    description: 'As it is handed over. Told twice, it is active once.',
    permission: 'membership.manage',
    concerns: { card: 'params.id', unknown: CardNotFound },
    returns: CardView,
    refusals: [CardNotFound, CardInAnotherState, UnreadableTrack, TrackOfAnotherCard],
  })
  async activate(@Param('id', ResourceIdPipe) id: string, @Body() { track }: ActivateCardBody): Promise<CardView> {
    return this.viewOf(await this.changing.activate(id, track));
  }

  @Post(':id/lossReport')
  @HttpCode(200)
  @Operation({
    summary: 'Report a card lost (挂失)',
    description: 'From then on nothing is redeemed with it. Told twice, it is lost once.',
    permission: 'membership.manage',
    concerns: { card: 'params.id', unknown: CardNotFound },
    returns: CardView,
    refusals: [CardNotFound, CardInAnotherState],
  })
  async reportLost(@Param('id', ResourceIdPipe) id: string, @Body() _: CardChangeBody): Promise<CardView> {
    return this.viewOf(await this.changing.reportLost(id));
  }

  @Post(':id/replacement')
  @Operation({
    summary: 'Replace a lost or damaged card (补卡)',
    description:
      'Answers the new card, which has another number and is to be activated. Points are the customer’s, not the card’s: they stay as ' +
      'they are.',
    permission: 'membership.manage',
    concerns: { card: 'params.id', unknown: CardNotFound },
    idempotent: true,
    creates: CardView,
    refusals: [CardNotFound, CardInAnotherState, CardNotEarned],
  })
  async replace(@Param('id', ResourceIdPipe) id: string, @Body() _: CardChangeBody): Promise<CardView> {
    return this.viewOf(await this.changing.replace(id));
  }

  // A number or a stripe in an address would be in every log between here and the client.
  @Post('search')
  @HttpCode(200)
  @Operation({
    summary: 'Find a card by its number or stripe (按卡号、磁条查卡)',
    description: 'Whose it is, and whether points can be redeemed with it. Written to the access register.',
    permission: 'tiering.read',
    limit: { perMinute: 120 },
    returns: CardView,
    refusals: [CardNumberOrTrackNeeded, InvalidCardNumber, UnreadableTrack, CardNotFound],
  })
  async search(@Body() { cardNumber, track }: FindCardBody, @CurrentActor() actor: Actor): Promise<CardView> {
    if ((cardNumber === undefined) === (track === undefined)) throw new CardNumberOrTrackNeeded();
    const found = await this.find.presented(track === undefined ? { cardNumber: cardNumber ?? '' } : { track });
    if (!found) throw new CardNotFound();
    return this.looked(actor, 'cards.search', found);
  }

  @Post(':id/disclosure')
  @HttpCode(200)
  @Operation({
    summary: 'Show the whole number of a card (查看完整卡号)',
    description: 'To have it printed. Written to the access register before the answer.',
    permission: 'customers.unmask',
    limit: { perMinute: 60 },
    concerns: { card: 'params.id', unknown: CardNotFound },
    returns: CardNumberView,
    refusals: [CardNotFound],
  })
  async disclose(
    @Param('id', ResourceIdPipe) id: string,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CardNumberView> {
    const card = await this.find.one(id);
    const cardNumber = (await this.disclosing.execute(card)) ?? null;
    await this.registerLook(actor, 'cards.unmask', [card.customerId], card.cardId);
    reply.header('Cache-Control', 'no-store');
    return { id: card.cardId, '@type': 'CardNumber', cardNumber };
  }

  private async looked(actor: Actor, action: string, card: Card): Promise<CardView> {
    await this.registerLook(actor, action, [card.customerId], card.cardId);
    return this.viewOf(card);
  }

  private registerLook(actor: Actor, action: string, customerIds: readonly string[], id?: string): Promise<void> {
    const object = id === undefined ? undefined : { type: 'card', id };
    return this.register.record({ actor, action, customerIds, fieldGroups: ['tier'], object });
  }

  private viewOf(card: Card): CardView {
    const { status, mayRedeem } = this.find.standingOf(card);
    return {
      ...headOf(cards, card.cardId),
      customerId: card.customerId,
      maskedNumber: card.lastFour && maskCardNumber(card.lastFour),
      tier: card.tier,
      status,
      mayRedeem,
      issuedOn: card.issuedOn,
      validUntil: card.validUntil,
      subscriptionId: card.subscriptionId ?? undefined,
      replaces: card.replacesCardId ?? undefined,
      activatedAt: card.activatedAt ?? undefined,
      lostAt: card.lostAt ?? undefined,
      endedAt: card.endedAt ?? undefined,
      endReason: card.endReason ?? undefined,
    };
  }
}
