import { Module } from '@nestjs/common';
import { PointsModule } from '../points/index.js';
import { TieringModule } from '../tiering/index.js';
import { AnswerPosMessage } from './application/answer-pos-message.js';
import { ChangeMerchants } from './application/change-merchants.js';
import { ChargeCard } from './application/charge-card.js';
import { ForgetPosMessages } from './application/forget-pos-messages.js';
import { GoOnFromSale } from './application/go-on-from-sale.js';
import { MerchantsInCopy } from './application/merchants-in-copy.js';
import { FindMerchants } from './application/merchants.query.js';
import { ReverseMessageUseCase } from './application/reverse-message.js';
import { MerchantsController } from './http/merchants.controller.js';
import { PosMessagesController } from './http/pos-messages.controller.js';

@Module({
  imports: [TieringModule, PointsModule],
  controllers: [MerchantsController, PosMessagesController],
  providers: [
    AnswerPosMessage,
    ChangeMerchants,
    ChargeCard,
    FindMerchants,
    ForgetPosMessages,
    GoOnFromSale,
    MerchantsInCopy,
    ReverseMessageUseCase,
  ],
})
export class MerchantsModule {}
