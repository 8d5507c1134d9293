import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { newId, type Tx } from '../../../platform/database/index.js';
import { PosPointsFacade } from '../../points/index.js';
import { TieringFacade } from '../../tiering/index.js';
import { pointsForListPrice, worthInFen } from '../domain/list-price.js';
import { keyOf, required, textOf, type PosAnswer, type PosMessage } from '../domain/pos-message.js';
import { TerminalTakesNothing, UnknownCard, UnknownTerminal } from '../domain/refusals.js';
import { terminalInPlace } from '../persistence/merchants.js';
import { insertSale } from '../persistence/sales.js';

export interface Acted {
  readonly customerId: string;
  readonly holdId: string;
  readonly answer: PosAnswer;
}

/** Who sends a message, and the hash of what it says. */
export interface Sender {
  readonly actorId: string;
  readonly requestHash: string;
}

/** Holds what a purchase costs on the card's points (预授权), or takes it at once (消费). The discount of the day stays that of the sale. */
@Injectable()
export class ChargeCard {
  constructor(
    private readonly points: PosPointsFacade,
    private readonly tiering: TieringFacade,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws PosFieldMissing, UnknownTerminal, TerminalTakesNothing, UnknownCard, InvalidCardNumber, UnreadableTrack, CardCannotRedeem, and
   *   what `PosPointsFacade.authorise` throws
   */
  async execute(tx: Tx, message: PosMessage, { actorId, requestHash }: Sender): Promise<Acted> {
    const { kind, terminalId, batchNo } = message;
    const listFen = required(message.amountFen, 'amountFen', kind);
    const today = businessDate(this.clock.now());
    const place = await terminalInPlace(tx, terminalId, today);
    if (!place) throw new UnknownTerminal();
    const { merchantId, terminal, site, merchant, discountPercent } = place;
    if ([terminal, site, merchant].some((status) => status !== 'active'))
      throw new TerminalTakesNothing({ terminal, site, merchant });
    const card = await this.tiering.payingCard(tx, required(message.card, 'cardNumber', kind));
    if (!card) throw new UnknownCard();
    const { customerId, cardId } = card;
    const holdId = newId();
    const points = pointsForListPrice(listFen, discountPercent);
    const metadata = { merchantId, terminalId, cardId, listFen, discountPercent };
    const asked = { customerId, holdId, points, requestHash, actorId, metadata };
    const key = `pos:${textOf(message)}`;
    const { expiresAt, availableAfter } = await this.points.authorise(tx, { ...asked, key });
    const isTaken = kind === 'purchase';
    if (isTaken) await this.points.capture(tx, { ...asked, key: `${key}:capture` });
    await insertSale(tx, {
      customerId,
      holdId,
      merchantId,
      terminalId,
      batchNo,
      cardId,
      listFen,
      discountPercent,
      capturedFen: isTaken ? listFen : 0,
      returnedFen: 0,
      authorisedOn: today,
      capturedOn: isTaken ? today : null,
    });
    const answer: PosAnswer = {
      ...keyOf(message),
      kind,
      status: 'done',
      amountFen: listFen,
      discountPercent,
      points,
      valueInFen: worthInFen(points),
      availableAfter,
      ...(!isTaken && { expiresAt: expiresAt.toISOString() }),
    };
    return { customerId, holdId, answer };
  }
}
