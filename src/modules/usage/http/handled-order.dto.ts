import {
  AnyObjectField, EnumField, IdField, InstantField, IntegerField, ListField, ObjectField, TextField,
} from '../../../platform/http/index.js'; // prettier-ignore
import { RESOLUTIONS, type Resolution } from '../application/settle-order.js';
import { ORDER_TYPES, SIM_KINDS, SUBSCRIPTION_STATUSES, VERDICTS, type OrderType } from '../domain/handled-order.js';

const CODE = { pattern: /^[A-Za-z0-9._-]{1,64}$/, patternMeans: 'up to 64 letters, digits, . _ -' };

class ExpectationBody {
  @EnumField({ values: SUBSCRIPTION_STATUSES, optional: true }) status?: (typeof SUBSCRIPTION_STATUSES)[number];
  @TextField({ ...CODE, optional: true, example: 'T128' }) tariffCode?: string;
  @IntegerField({ optional: true, min: 0, example: 12_800, description: 'Net monthly fee of the package, in fen' })
  packageFeeFen?: number;
  @EnumField({ values: SIM_KINDS, optional: true }) simKind?: (typeof SIM_KINDS)[number];
}

export class ReportOrder {
  @TextField({
    pattern: /^[A-Z0-9]{2,12}$/,
    patternMeans: 'a source code of 2 to 12 capital letters and digits',
    example: 'HALL',
  })
  source!: string;
  @TextField({ ...CODE, example: 'O-20260201-000017', description: 'Unique within its source' }) orderNo!: string;
  @EnumField({ values: ORDER_TYPES }) orderType!: OrderType;
  @TextField({ example: '13800000001', description: 'The number that it is about' }) msisdn!: string;
  @TextField({ pattern: /^[A-Za-z0-9]{2,6}$/, patternMeans: 'a province code', example: '440000' }) province!: string;
  @InstantField() handledAt!: Date;
  @InstantField({ optional: true, description: 'From when it should be true; default: handledAt' })
  effectiveFrom?: Date;
  @InstantField({
    optional: true,
    description: 'Until when BOSS should have told; default: 48 hours after effectiveFrom',
  })
  deadline?: Date;
  @ObjectField(() => ExpectationBody, {
    optional: true,
    description:
      'What should be true: tariffCode of TARIFF_CHANGE, packageFeeFen of ADD_ON; the others imply their status',
  })
  expected?: ExpectationBody;
}

class Ref {
  @IdField() id!: string;
}

class OrderDifferenceView {
  @TextField({ example: 'tariffCode' }) field!: string;
  @TextField({ optional: true, example: 'T128' }) expected?: string | undefined;
  @TextField({ optional: true, description: 'Absent when BOSS says nothing of it', example: 'T59' })
  actual?: string | undefined;
}

export class HandledOrderView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'HandledOrder' }) '@type'!: string;
  @TextField({ example: 'HALL' }) source!: string;
  @TextField({ example: 'O-20260201-000017' }) orderNo!: string;
  @EnumField({ values: ORDER_TYPES }) orderType!: string;
  @TextField({ example: '440000' }) province!: string;
  @ObjectField(() => Ref, { optional: true, description: 'Absent while BOSS does not know the number' })
  customer?: Ref | undefined;
  @InstantField() handledAt!: Date;
  @InstantField() effectiveFrom!: Date;
  @InstantField() deadline!: Date;
  @AnyObjectField({ example: { tariffCode: 'T128' } }) expected!: object;
  @InstantField() reportedAt!: Date;
  @EnumField({ values: VERDICTS, description: 'MISSING: BOSS has not told of the number since' }) verdict!: string;
  @ListField(() => OrderDifferenceView) differences!: OrderDifferenceView[];
  @InstantField({ optional: true, description: 'Of the last comparison that changed something' })
  comparedAt?: Date | undefined;
  @InstantField({ optional: true }) differsSince?: Date | undefined;
  @ObjectField(() => Ref, { optional: true, description: 'Who looks after it' }) owner?: Ref | undefined;
  @EnumField({ values: RESOLUTIONS, optional: true }) resolution?: string | undefined;
  @InstantField({ optional: true }) resolvedAt?: Date | undefined;
  @TextField({ optional: true }) resolvedBy?: string | undefined;
}

export class PatchOrder {
  @ObjectField(() => Ref, { optional: true, nullable: true, description: 'null: nobody looks after it' })
  owner?: Ref | null;
  @EnumField({ values: RESOLUTIONS, optional: true }) resolution?: Resolution;
}
