import {
  AnyField, BooleanField, EnumField, IdField, InstantField, KeepsUnknownAttributes, ListField, ObjectField, TextField,
} from '../../../platform/http/index.js'; // prettier-ignore
import { EVENT_TYPES } from '../domain/codes.js';
import { USAGE_STATUSES } from '../domain/usage-status.js';

@KeepsUnknownAttributes()
export class UsageCharacteristic {
  @TextField({ example: 'durationSec' }) name!: string;
  @AnyField({ description: 'A text, whole number or boolean', example: 61 }) value!: unknown;
  @TextField({ optional: true, example: 'integer' }) valueType?: string;
}

@KeepsUnknownAttributes()
class Money {
  @TextField({ optional: true, example: 'CNY' }) unit?: string;
  @AnyField({ description: 'In yuan, a whole number of fen', example: 0.2 }) value!: unknown;
}

@KeepsUnknownAttributes()
export class RatedProductUsage {
  @ObjectField(() => Money) taxIncludedRatingAmount!: Money;
  @ObjectField(() => Money, { optional: true }) taxExcludedRatingAmount?: Money;
  @BooleanField({ optional: true, readOnly: true }) isBilled?: boolean;
}

@KeepsUnknownAttributes()
export class UsageParty {
  @IdField() id!: string;
  @TextField({ optional: true, example: 'customer' }) role?: string;
  @TextField({ optional: true, example: 'Customer' }) '@referredType'?: string;
}

@KeepsUnknownAttributes()
export class UsageSpecificationRef {
  @TextField({ maxLength: 128, example: 'USG-VOICE_MO' }) id!: string;
  @TextField({ optional: true }) href?: string;
  @TextField({ optional: true, example: 'VOICE_MO' }) name?: string;
  @TextField({ optional: true, example: 'UsageSpecification' }) '@referredType'?: string;
}

export class UsageView {
  @TextField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Usage' }) '@type'!: string;
  @TextField({ optional: true }) description?: string | undefined;
  @InstantField({ optional: true, description: 'Absent while the record waits' }) usageDate?: Date | undefined;
  @EnumField({ values: EVENT_TYPES, optional: true, description: 'Absent while the record waits' })
  usageType?: string | undefined;
  @EnumField({ values: USAGE_STATUSES }) status!: string;
  @ListField(() => UsageCharacteristic) usageCharacteristic!: readonly UsageCharacteristic[];
  @ListField(() => RatedProductUsage, { optional: true, description: 'With customers.amounts only' })
  ratedProductUsage?: readonly RatedProductUsage[] | undefined;
  @ListField(() => UsageParty, { optional: true, description: 'Absent while the record is nobody’s' })
  relatedParty?: readonly UsageParty[] | undefined;
  @ObjectField(() => UsageSpecificationRef, { optional: true }) usageSpecification?: UsageSpecificationRef | undefined;
}

const CHARACTERISTICS =
  'The fields of a USG record by name: recordId and counterpartyClass at least, msisdn unless relatedParty names the customer; ' +
  'source for staff. The number must be a customer’s (customerDisclosure shows one), the record at most 62 days old. ' +
  'Whatever else is named is kept with the record';

@KeepsUnknownAttributes()
export class CreateUsage {
  @TextField({ optional: true }) description?: string;
  @InstantField() usageDate!: Date;
  @EnumField({ values: EVENT_TYPES }) usageType!: string;
  @EnumField({
    values: USAGE_STATUSES,
    optional: true,
    description: 'received, guided or rated; what it is afterwards follows from the record',
    example: 'received',
  })
  status?: string;
  @ListField(() => UsageCharacteristic, {
    min: 1,
    max: 40,
    description: CHARACTERISTICS,
    example: [
      { name: 'recordId', value: 'U-20250115-1' },
      { name: 'msisdn', value: '13800138000' },
      { name: 'counterpartyClass', value: 'ON_NET' },
      { name: 'durationSec', value: 61 },
    ],
  })
  usageCharacteristic!: UsageCharacteristic[];
  @ListField(() => RatedProductUsage, {
    optional: true,
    max: 20,
    description: 'Summed up to feeFen and taxFen',
    example: [{ taxIncludedRatingAmount: { unit: 'CNY', value: 0.2 } }],
  })
  ratedProductUsage?: RatedProductUsage[];
  @ListField(() => UsageParty, { optional: true, max: 20, description: 'The customer, with @referredType Customer' })
  relatedParty?: UsageParty[];
  @ObjectField(() => UsageSpecificationRef, {
    optional: true,
    description: 'The characteristics are held against it. Without one it is that of the usageType',
  })
  usageSpecification?: UsageSpecificationRef;
}

@KeepsUnknownAttributes()
export class PatchUsage {
  @TextField({ optional: true, nullable: true }) description?: string | null;
  @InstantField({ optional: true }) usageDate?: Date;
  @EnumField({ values: EVENT_TYPES, optional: true }) usageType?: string;
  @EnumField({ values: USAGE_STATUSES, optional: true, description: 'As it is; it cannot be set' }) status?: string;
  @ListField(() => UsageCharacteristic, {
    optional: true,
    max: 40,
    description: 'Those that are named change, the others stay; null empties one',
    example: [{ name: 'durationSec', value: 122 }],
  })
  usageCharacteristic?: UsageCharacteristic[];
  @ListField(() => RatedProductUsage, { optional: true, max: 20 }) ratedProductUsage?: RatedProductUsage[];
  @ListField(() => UsageParty, { optional: true, max: 20, description: 'As it is; it cannot be changed' })
  relatedParty?: UsageParty[];
  @ObjectField(() => UsageSpecificationRef, { optional: true }) usageSpecification?: UsageSpecificationRef;
}
