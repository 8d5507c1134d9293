import {
  AnyField,
  EnumField,
  IdField,
  InstantField,
  KeepsUnknownAttributes,
  ListField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import { EVENT_TYPES } from '../domain/codes.js';
import { USAGE_STATUSES } from '../application/find-usage.query.js';

class UsageCharacteristic {
  @TextField({ example: 'durationSec' }) name!: string;
  @AnyField({ description: 'A text, whole number or boolean', example: 61 }) value!: unknown;
  @TextField({ optional: true, example: 'integer' }) valueType?: string;
}

class Money {
  @TextField({ example: 'CNY' }) unit!: string;
  @AnyField({ description: 'In yuan', example: 0.2 }) value!: unknown;
}

class RatedProductUsage {
  @ObjectField(() => Money) taxIncludedRatingAmount!: Money;
  @ObjectField(() => Money, { optional: true }) taxExcludedRatingAmount?: Money;
}

class RelatedParty {
  @IdField() id!: string;
  @TextField({ example: 'customer' }) role!: string;
  @TextField({ example: 'Customer' }) '@referredType'!: string;
}

export class UsageView {
  @TextField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Usage' }) '@type'!: string;
  @InstantField() usageDate!: Date;
  @EnumField({ values: EVENT_TYPES }) usageType!: string;
  @EnumField({ values: USAGE_STATUSES }) status!: string;
  @ListField(() => UsageCharacteristic) usageCharacteristic!: readonly UsageCharacteristic[];
  @ListField(() => RatedProductUsage, { optional: true, description: 'With customers.amounts only' })
  ratedProductUsage?: readonly RatedProductUsage[];
  @ListField(() => RelatedParty) relatedParty!: readonly RelatedParty[];
}

@KeepsUnknownAttributes()
export class CreateUsage {
  @InstantField() usageDate!: Date;
  @EnumField({ values: EVENT_TYPES }) usageType!: string;
  @ListField(() => UsageCharacteristic, {
    min: 1,
    max: 40,
    description:
      'The fields of a USG record by name: recordId, msisdn and counterpartyClass at least; source for staff. ' +
      'The number must be a customer’s (customerDisclosure shows one), the record at most 62 days old',
    example: [
      { name: 'recordId', value: 'U-20250115-1' },
      { name: 'msisdn', value: '13800138000' },
      { name: 'counterpartyClass', value: 'ON_NET' },
      { name: 'durationSec', value: 61 },
      { name: 'feeFen', value: 20 },
    ],
  })
  usageCharacteristic!: UsageCharacteristic[];
}
