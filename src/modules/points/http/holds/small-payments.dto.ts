import { EnumField, IdField, InstantField, IntegerField, TextField } from '../../../../platform/http/index.js';

const CHANNELS = ['HOTLINE', 'HALL', 'WEB', 'APP', 'SMS', 'POS', 'PARTNER'] as const;

export class CreateSmallPayment {
  @IntegerField({ min: 1, max: 10_000_000, description: 'What is paid, in fen', example: 1250 })
  amountFen!: number;

  @EnumField({ values: CHANNELS, description: 'Where the customer asked' })
  channel!: string;
}

export class CreateSmallPaymentReversal {
  @EnumField({ values: CHANNELS, description: 'Where the customer asked' })
  channel!: string;
}

export class SmallPaymentView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'SmallPayment' }) '@type'!: string;
  @IdField() customerId!: string;
  @IntegerField({ example: 1250 }) amountFen!: number;
  @IntegerField({ description: 'Half of the fen, rounded up', example: 625 }) points!: number;
  @IntegerField({ description: 'Of the points, in fen: an odd fen more than the amount', example: 1250 })
  valueInFen!: number;
  @TextField({ optional: true, example: 'HALL' }) channel?: string | undefined;
  @EnumField({ values: ['completed', 'reversed'] }) status!: string;
  @IntegerField({ description: 'Points that could be used after it', example: 3000 }) availableAfter!: number;
  @InstantField() paidAt!: Date;
  @InstantField({ optional: true }) reversedAt?: Date;
}
