import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { requestHash } from '../../points/index.js';
import { TieringFacade } from '../../tiering/index.js';
import {
  keyOf,
  required,
  requireNear,
  textOf,
  type MessageKind,
  type PosAnswer,
  type PosMessage,
} from '../domain/pos-message.js';
import { MessageKeyReused, MessageReversed, UnknownCard } from '../domain/refusals.js';
import { claimMessage, keepAnswer, messageWith, type KeptMessage } from '../persistence/pos-messages.js';
import { ChargeCard, type Acted, type Sender } from './charge-card.js';
import { GoOnFromSale } from './go-on-from-sale.js';
import { ReverseMessageUseCase } from './reverse-message.js';

/** Answers what a terminal sends (POS), each message once: the same again is answered with what was answered. A refused one leaves nothing. */
@Injectable()
export class AnswerPosMessage {
  constructor(
    private readonly transaction: Transaction,
    private readonly tiering: TieringFacade,
    private readonly charging: ChargeCard,
    private readonly goingOn: GoOnFromSale,
    private readonly reversing: ReverseMessageUseCase,
    private readonly clock: Clock,
  ) {}

  /** @throws TerminalDateOutOfRange, MessageKeyReused, MessageReversed, and what the single messages throw */
  async execute(message: PosMessage, actorId: string): Promise<PosAnswer> {
    const { kind } = message;
    const at = this.clock.now();
    requireNear(message.businessDate, businessDate(at));
    if (kind === 'reversal') {
      const reversal = { original: message, kind: required(message.reverses, 'reverses', kind), actorId };
      return this.transaction.run((tx) => this.reversing.execute(tx, reversal));
    }
    const said = { kind, requestHash: await this.hashOf(message), at };
    return this.transaction.run(async (tx) => {
      if (!(await claimMessage(tx, message, said)))
        return answeredBefore(await messageWith(tx, message), said.requestHash);
      const acted = await this.act(tx, { ...message, kind }, { actorId, requestHash: said.requestHash });
      await keepAnswer(tx, message, acted);
      const { customerId, answer } = acted;
      const { amountFen, points } = answer;
      tx.audit({
        action: `merchants.${kind}`,
        objectType: 'PosMessage',
        objectId: textOf(message),
        customerId,
        after: { amountFen, points },
      });
      return answer;
    });
  }

  private act(tx: Tx, message: PosMessage & { readonly kind: MessageKind }, sender: Sender): Promise<Acted> {
    const { kind } = message;
    return kind === 'authorisation' || kind === 'purchase'
      ? this.charging.execute(tx, message, sender)
      : this.goingOn.execute(tx, { ...message, kind }, sender);
  }

  /** Of the card only who it is goes into it: numbers can be guessed from their hashes. */
  private async hashOf({ kind, card, amountFen, original }: PosMessage): Promise<string> {
    const standing = card && (await this.tiering.cardStanding(card));
    if (card && !standing) throw new UnknownCard();
    return requestHash(kind, standing?.cardId, amountFen, original && keyOf(original));
  }
}

function answeredBefore(kept: KeptMessage | undefined, hash: string): PosAnswer {
  if (!kept) throw new Error('A message that was in the way is there');
  if (kept.requestHash !== null && kept.requestHash !== hash) throw new MessageKeyReused();
  if (kept.state === 'reversed' || !kept.answer) throw new MessageReversed();
  return kept.answer;
}
