import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, Operation } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import {
  AccountClosed,
  AccountFrozen,
  BelowThreshold,
  BudgetUsedUp,
  HoldEnded,
  InsufficientPoints,
  KeyPersonNeeded,
  RealNameNeeded,
} from '../../points/index.js';
import { CardCannotRedeem, InvalidCardNumber, UnreadableTrack } from '../../tiering/index.js';
import { AnswerPosMessage } from '../application/answer-pos-message.js';
import { textOf } from '../domain/pos-message.js';
import {
  AmountTooHigh,
  MessageKeyReused,
  MessageReversed,
  OriginalOfAnotherKind,
  OriginalOfAnotherMerchant,
  OriginalUnknown,
  OriginalWentOn,
  PosFieldMissing,
  TerminalDateOutOfRange,
  TerminalTakesNothing,
  UnknownCard,
  UnknownTerminal,
  VoidTooLate,
} from '../domain/refusals.js';
import { PosMessageBody, PosMessageView } from './merchants.dto.js';
import { posMessages } from './merchants.resources.js';

@ApiTags('Merchants (商家联盟)')
@Controller(posMessages.path)
export class PosMessagesController {
  constructor(private readonly answering: AnswerPosMessage) {}

  // The number of a card in an address would be in every log between here and the terminal.
  @Post()
  @HttpCode(200)
  @Operation({
    summary: 'Take a message of a terminal (积分自由行POS报文)',
    description:
      'Terminal, batch, trace and day make a message the same: sent again it is answered with what was answered, and a refused one can be ' +
      'sent again. Points are half of the discounted fen, rounded up; the discount of the authorisation stays that of the sale. ' +
      'A reversal bears the key of its original and is answered the same whether it comes before it or after, once or more often.',
    permission: 'merchants.charge',
    returns: PosMessageView,
    refusals: [
      ...[
        PosFieldMissing,
        TerminalDateOutOfRange,
        UnknownTerminal,
        TerminalTakesNothing,
        MessageKeyReused,
        MessageReversed,
      ],
      ...[InvalidCardNumber, UnreadableTrack, UnknownCard, CardCannotRedeem],
      ...[CustomerNotFound, InsufficientPoints, BelowThreshold, AccountFrozen, RealNameNeeded, KeyPersonNeeded],
      ...[AccountClosed, HoldEnded, BudgetUsedUp],
      ...[
        OriginalUnknown,
        OriginalOfAnotherKind,
        OriginalOfAnotherMerchant,
        OriginalWentOn,
        VoidTooLate,
        AmountTooHigh,
      ],
    ],
  })
  async take(
    @Body() { cardNumber, track, ...message }: PosMessageBody,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<PosMessageView> {
    const card = cardNumber !== undefined ? { cardNumber } : track !== undefined ? { track } : undefined;
    const answer = await this.answering.execute({ ...message, card }, actorId);
    return { id: textOf(answer), '@type': posMessages.type, ...answer };
  }
}
