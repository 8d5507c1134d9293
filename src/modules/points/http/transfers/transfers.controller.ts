import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  EnumField,
  headOf,
  IdempotencyKey,
  IdField,
  InstantField,
  IntegerField,
  Operation,
  ResourceIdPipe,
  TextField,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { PayeeRegister } from '../../application/transfers/payee-register.js';
import { TransferPointsUseCase } from '../../application/transfers/transfer-points.js';
import { FindPointsTransfers } from '../../application/transfers/transfers.query.js';
import { WATCH_REASONS, WatchTransfers, type WatchReason } from '../../application/transfers/watch-transfers.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import { KeyReused } from '../../domain/ledger/refusals.js';
import { KeyPersonNeeded } from '../../domain/groups/refusals-of-groups.js';
import {
  FamilyNeedsDocument,
  PayeeCannotReceive,
  PayeeNotActive,
  PayeeNotPossible,
  PayeeNotRegistered,
  TooManyPayees,
  TransferLimitReached,
  TransferNotFound,
} from '../../domain/transfers/refusals-of-transfers.js';
import {
  MAX_PAYEES,
  PER_MONTH,
  RELATIONS,
  REVIEWED_ABOVE,
  type Payee,
  type Relation,
  type Transfer,
} from '../../domain/transfers/transfer.js';
import { CHANNELS } from '../ledger/channels.js';
import { CustomerId, lookAt, OF_CUSTOMER, SPENDING_REFUSALS } from '../ledger/of-customer.js';
import { accounts } from '../ledger/points.resources.js';

const transfers = { type: 'PointsTransfer', path: '/care-api/points/v1/transfer' } as const;

class CreatePayee {
  @IdField({ description: 'The customer who may receive points' })
  payeeId!: string;

  @EnumField({
    values: RELATIONS,
    description:
      'The same identity document (同证件), or family (亲属), which the staff registers who saw the documents',
  })
  relation!: Relation;
}

class PayeeView {
  @IdField({ readOnly: true, description: 'Of the payee' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsPayee' }) '@type'!: string;
  @EnumField({ values: RELATIONS }) relation!: string;
  @InstantField() registeredAt!: Date;
  @InstantField({ description: 'From then on points can be given to the payee' }) activeFrom!: Date;
}

class CreatePointsTransfer {
  @IdField({ description: 'The customer who gives' })
  customerId!: string;

  @IdField({ description: 'One of the registered payees' })
  payeeId!: string;

  @IntegerField({ min: 1, max: PER_MONTH, example: 500 })
  points!: number;

  @EnumField({ values: CHANNELS, description: 'Where the customer asked' })
  channel!: string;
}

class PointsTransferView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsTransfer' }) '@type'!: string;
  @IdField() customerId!: string;
  @IdField() payeeId!: string;
  @IntegerField({ example: 500 }) points!: number;
  @IntegerField({ description: 'In fen: 2 per point, always', example: 1000 }) valueInFen!: number;
  @EnumField({
    values: ['held', 'done', 'refused', 'withdrawn', 'lapsed'],
    description: 'held: a second person looks at it first, and the points are held meanwhile',
  })
  status!: string;
  @TextField({ example: 'APP' }) channel!: string;
  @InstantField() askedAt!: Date;
  @InstantField({ optional: true }) endedAt?: Date | undefined;
}

class TransferWatchBody {
  @EnumField({ values: WATCH_REASONS })
  reasonCode!: WatchReason;
}

@ApiTags('Points: transfers (积分转让)')
@Controller('/care-api/points/v1')
export class PointsTransfersController {
  constructor(
    private readonly payees: PayeeRegister,
    private readonly transferring: TransferPointsUseCase,
    private readonly find: FindPointsTransfers,
    private readonly watching: WatchTransfers,
    private readonly register: AccessRegister,
  ) {}

  @Get('account/:customerId/payee')
  @Operation({
    summary: 'To whom a customer may give points (积分受让人查询)',
    permission: 'points.read',
    selfService: true,
    concerns: OF_CUSTOMER,
    returns: [PayeeView],
    refusals: [CustomerNotFound],
  })
  async listPayees(@CustomerId() customerId: string, @CurrentActor() actor: Actor): Promise<PayeeView[]> {
    const found = await this.payees.list(customerId);
    await this.register.record(lookAt(actor, 'points.payees', customerId, ...found.map(({ payeeId }) => payeeId)));
    return found.map(payeeViewOf);
  }

  @Post('account/:customerId/payee')
  @Operation({
    summary: 'Register a payee (积分受让人登记)',
    description:
      `Up to ${MAX_PAYEES}, in the network of the same province, of the same identity or family. A new payee, or one whose relation ` +
      'is changed, can be given points after 30 days. Registered again as the same, nothing changes.',
    permission: 'points.transfer',
    selfService: true,
    freshCode: true,
    concerns: OF_CUSTOMER,
    creates: PayeeView,
    refusals: [CustomerNotFound, KeyPersonNeeded, FamilyNeedsDocument, PayeeNotPossible, TooManyPayees],
  })
  async registerPayee(
    @CustomerId() customerId: string,
    @Body() { payeeId, relation }: CreatePayee,
    @CurrentActor() actor: Actor,
  ): Promise<PayeeView> {
    return payeeViewOf(await this.payees.register({ customerId, payeeId, relation }, actor));
  }

  @Delete('account/:customerId/payee/:payeeId')
  @Operation({
    summary: 'Remove a payee (撤销积分受让人)',
    description: 'Registered once more, it waits 30 days again.',
    permission: 'points.transfer',
    selfService: true,
    concerns: OF_CUSTOMER,
    noContent: true,
    refusals: [CustomerNotFound, PayeeNotRegistered],
  })
  removePayee(@CustomerId() customerId: string, @Param('payeeId', ResourceIdPipe) payeeId: string): Promise<void> {
    return this.payees.remove(customerId, payeeId);
  }

  @Post('transfer')
  @Operation({
    summary: 'Give points to a payee (积分转让)',
    description:
      'Promotion points first, then what expires first; they keep their class and their last day. Up to ' +
      `${PER_MONTH.toLocaleString('en')} points given and as many received in a calendar month. More than ` +
      `${REVIEWED_ABOVE.toLocaleString('en')} at once, and what somebody watches, is held until a second person has looked. ` +
      'The Idempotency-Key is also kept with the transfer, so that a repetition is harmless for ever.',
    permission: 'points.transfer',
    selfService: true,
    freshCode: true,
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    creates: PointsTransferView,
    idempotent: true,
    refusals: [
      ...SPENDING_REFUSALS,
      ...[PayeeNotRegistered, PayeeNotActive, PayeeCannotReceive, TransferLimitReached, KeyReused],
    ],
  })
  async transfer(
    @Body() { customerId, payeeId, points, channel }: CreatePointsTransfer,
    @IdempotencyKey() key: string | undefined,
    @CurrentActor() actor: Actor,
  ): Promise<PointsTransferView> {
    return viewOf(await this.transferring.execute({ customerId, payeeId, points, channel, key }, actor));
  }

  @Get('transfer/:id')
  @Operation({
    summary: 'One transfer of points (积分转让详情)',
    permission: 'points.read',
    selfService: true,
    concerns: { pointsTransfer: 'params.id', unknown: TransferNotFound },
    returns: PointsTransferView,
    refusals: [TransferNotFound],
  })
  async one(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<PointsTransferView> {
    const found = await this.find.one(id);
    await this.register.record(lookAt(actor, 'points.transfer', found.customerId, found.payeeId));
    return viewOf(found);
  }

  @Put('account/:customerId/transferWatch')
  @HttpCode(204)
  @Operation({
    summary: 'Look at the transfers of a customer first (积分转让核查)',
    description: 'From now on a second person looks at every transfer from and to this customer.',
    permission: 'points.watch',
    concerns: OF_CUSTOMER,
    noContent: true,
    refusals: [CustomerNotFound],
  })
  watch(
    @CustomerId() customerId: string,
    @Body() { reasonCode }: TransferWatchBody,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<void> {
    return this.watching.begin(customerId, reasonCode, actorId);
  }

  @Delete('account/:customerId/transferWatch')
  @Operation({
    summary: 'Let transfers of a customer pass again (解除积分转让核查)',
    permission: 'points.watch',
    concerns: OF_CUSTOMER,
    noContent: true,
    refusals: [CustomerNotFound],
  })
  stopWatching(@CustomerId() customerId: string): Promise<void> {
    return this.watching.end(customerId);
  }
}

const payeeViewOf = ({ customerId, payeeId, relation, registeredAt, activeFrom }: Payee): PayeeView => ({
  ...headOf({ type: 'PointsPayee', path: `${accounts.path}/${customerId}/payee` }, payeeId),
  ...{ relation, registeredAt, activeFrom },
});

const viewOf = ({
  transferId,
  customerId,
  payeeId,
  points,
  status,
  channel,
  askedAt,
  endedAt,
}: Transfer): PointsTransferView => ({
  ...headOf(transfers, transferId),
  ...{ customerId, payeeId, points, valueInFen: valueInFen(points), status: status.toLowerCase(), channel, askedAt },
  endedAt: endedAt ?? undefined,
});
