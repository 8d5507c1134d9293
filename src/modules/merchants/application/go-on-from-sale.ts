import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { PosPointsFacade } from '../../points/index.js';
import { pointsForListPrice, pointsToReturn, worthInFen } from '../domain/list-price.js';
import { keyOf, required, textOf, type MessageKind, type PosMessage } from '../domain/pos-message.js';
import {
  AmountTooHigh,
  MessageReversed,
  OriginalOfAnotherKind,
  OriginalOfAnotherMerchant,
  OriginalUnknown,
  UnknownTerminal,
  VoidTooLate,
} from '../domain/refusals.js';
import { terminalInPlace } from '../persistence/merchants.js';
import { messageWith } from '../persistence/pos-messages.js';
import { lockSale, storeSale, type Sale } from '../persistence/sales.js';
import type { Acted, Sender } from './charge-card.js';

const AFTER: Readonly<Record<'capture' | 'void' | 'return', readonly MessageKind[]>> = {
  capture: ['authorisation'],
  void: ['authorisation', 'purchase', 'capture'],
  return: ['authorisation', 'purchase', 'capture'],
};

interface Effect {
  /** At list price. */
  readonly fen: number;
  readonly points: number;
  readonly availableAfter?: number;
}

/** Takes what is held (完成), undoes a sale on its day (撤销), or gives a part of it back later (退货), at the price of its authorisation. */
@Injectable()
export class GoOnFromSale {
  constructor(
    private readonly points: PosPointsFacade,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws PosFieldMissing, OriginalUnknown, OriginalOfAnotherKind, OriginalOfAnotherMerchant, MessageReversed, UnknownTerminal, VoidTooLate,
   *   AmountTooHigh, HoldEnded
   */
  async execute(tx: Tx, message: PosMessage & { readonly kind: keyof typeof AFTER }, sender: Sender): Promise<Acted> {
    const { kind } = message;
    const sale = await this.saleOf(tx, message);
    const { customerId, holdId, discountPercent } = sale;
    const asked = {
      customerId,
      holdId,
      key: `pos:${textOf(message)}`,
      metadata: { merchantId: sale.merchantId, terminalId: message.terminalId, cardId: sale.cardId },
      ...sender,
    };
    const { fen, points, availableAfter } = await {
      capture: () => this.capture(tx, message, sale, asked),
      void: () => this.void(tx, message, sale, asked),
      return: () => this.giveBack(tx, message, sale, asked),
    }[kind]();
    const answer = {
      ...keyOf(message),
      kind,
      status: 'done' as const,
      amountFen: fen,
      discountPercent,
      points,
      valueInFen: worthInFen(points),
      ...(availableAfter !== undefined && { availableAfter }),
    };
    return { customerId, holdId, answer };
  }

  private async capture(tx: Tx, { amountFen }: PosMessage, sale: Sale, asked: Asked): Promise<Effect> {
    const fen = amountFen ?? sale.listFen;
    if (fen > sale.listFen) throw new AmountTooHigh({ atMostFen: sale.listFen, amountFen: fen });
    const points = pointsForListPrice(fen, sale.discountPercent);
    const { availableAfter } = await this.points.capture(tx, { ...asked, points });
    await storeSale(tx, { ...sale, capturedFen: fen, capturedOn: this.today() });
    return { fen, points, availableAfter };
  }

  private async void(tx: Tx, { batchNo, original }: PosMessage, sale: Sale, asked: Asked): Promise<Effect> {
    const [day, today] = [sale.capturedOn ?? sale.authorisedOn, this.today()];
    if (day !== today || original?.batchNo !== batchNo) throw new VoidTooLate({ day, today });
    const { capturedFen, returnedFen, listFen, discountPercent } = sale;
    if (capturedFen === 0) {
      const { availableAfter } = await this.points.void(tx, asked);
      return { fen: listFen, points: pointsForListPrice(listFen, discountPercent), availableAfter };
    }
    if (returnedFen > 0) throw new AmountTooHigh({ atMostFen: capturedFen - returnedFen, amountFen: capturedFen });
    const { points, entry } = await this.points.giveBack(tx, { ...asked, points: 'all' });
    await storeSale(tx, { ...sale, returnedFen: capturedFen });
    return { fen: capturedFen, points, availableAfter: entry.availableAfter };
  }

  private async giveBack(tx: Tx, { kind, amountFen }: PosMessage, sale: Sale, asked: Asked): Promise<Effect> {
    const fen = required(amountFen, 'amountFen', kind);
    const atMostFen = sale.capturedFen - sale.returnedFen;
    if (fen > atMostFen) throw new AmountTooHigh({ atMostFen, amountFen: fen });
    const points = pointsToReturn({ ...sale, returnFen: fen });
    // A few fen may be worth no point; they count all the same.
    const given = points > 0 ? await this.points.giveBack(tx, { ...asked, points }) : undefined;
    await storeSale(tx, { ...sale, returnedFen: sale.returnedFen + fen });
    return { fen, points, ...(given && { availableAfter: given.entry.availableAfter }) };
  }

  private async saleOf(tx: Tx, message: PosMessage & { readonly kind: keyof typeof AFTER }): Promise<Sale> {
    const { kind, terminalId } = message;
    const place = await terminalInPlace(tx, terminalId, this.today());
    if (!place) throw new UnknownTerminal();
    const original = await messageWith(tx, required(message.original, 'original', kind));
    if (!original) throw new OriginalUnknown();
    if (original.state === 'reversed') throw new MessageReversed();
    const expected = AFTER[kind];
    if (!expected.includes(original.kind)) throw new OriginalOfAnotherKind({ actual: original.kind, expected });
    const { customerId, holdId } = original;
    const sale = customerId && holdId ? await lockSale(tx, customerId, holdId) : undefined;
    if (!sale) throw new OriginalUnknown();
    if (sale.merchantId !== place.merchantId) throw new OriginalOfAnotherMerchant();
    return sale;
  }

  private today(): string {
    return businessDate(this.clock.now());
  }
}

type Asked = Parameters<PosPointsFacade['void']>[1];
