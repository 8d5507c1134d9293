import {
  AnyField, BooleanField, EnumField, InstantField, IntegerField, KeepsUnknownAttributes, ListField, ObjectField, TextField,
} from '../../../platform/http/index.js'; // prettier-ignore
import {
  LIFECYCLE, RANGE_INTERVALS, VALUE_TYPES, type RangeInterval, type ValueType,
} from '../domain/usage-specification.js'; // prettier-ignore

@KeepsUnknownAttributes()
class ValidFor {
  @InstantField({ optional: true }) startDateTime?: Date;
  @InstantField({ optional: true }) endDateTime?: Date;
}

@KeepsUnknownAttributes()
class CharacteristicValueSpecification {
  @AnyField({ optional: true, description: 'An allowed value' }) value?: unknown;
  @IntegerField({ optional: true, example: 0 }) valueFrom?: number;
  @IntegerField({ optional: true, example: 86400 }) valueTo?: number;
  @EnumField({ values: RANGE_INTERVALS, optional: true, description: 'Which ends belong to it; both by default' })
  rangeInterval?: RangeInterval;
  @TextField({ optional: true, maxLength: 200, description: 'POSIX' }) regex?: string;
  @TextField({ optional: true, example: 's' }) unitOfMeasure?: string;
}

@KeepsUnknownAttributes()
class CharacteristicSpecification {
  @TextField({ maxLength: 64, example: 'cellId' }) name!: string;
  @TextField({ optional: true }) description?: string;
  @EnumField({ values: VALUE_TYPES, optional: true }) valueType?: ValueType;
  @IntegerField({ optional: true, min: 0, max: 1, description: '1: every usage says it' }) minCardinality?: number;
  @IntegerField({ optional: true, min: 1, max: 1 }) maxCardinality?: number;
  @TextField({ optional: true, maxLength: 200, description: 'POSIX', example: '^460[0-9-]+$' }) regex?: string;
  @ListField(() => CharacteristicValueSpecification, { optional: true, max: 200 })
  characteristicValueSpecification?: CharacteristicValueSpecification[];
}

export class UsageSpecificationView {
  @TextField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'UsageSpecification' }) '@type'!: string;
  @TextField({ example: 'VOICE_MO' }) name!: string;
  @TextField({ optional: true }) description?: string | undefined;
  @TextField({ optional: true, example: '1' }) version?: string | undefined;
  @EnumField({ values: LIFECYCLE }) lifecycleStatus!: string;
  @TextField({ optional: true, readOnly: true }) lastUpdate?: string | undefined;
  @ObjectField(() => ValidFor, { optional: true }) validFor?: object | undefined;
  @ListField(() => CharacteristicSpecification, { optional: true })
  specCharacteristic?: readonly object[] | undefined;
}

@KeepsUnknownAttributes()
export class CreateUsageSpecification {
  @TextField({ maxLength: 200, example: 'Cell usage' }) name!: string;
  @TextField({ optional: true }) description?: string;
  @TextField({ optional: true, maxLength: 64, example: '1' }) version?: string;
  @EnumField({ values: LIFECYCLE, optional: true, description: 'Active by default' }) lifecycleStatus?: string;
  @BooleanField({ optional: true }) isBundle?: boolean;
  @ObjectField(() => ValidFor, { optional: true }) validFor?: ValidFor;
  @ListField(() => CharacteristicSpecification, { optional: true, max: 100 })
  specCharacteristic?: CharacteristicSpecification[];
}

@KeepsUnknownAttributes()
export class PatchUsageSpecification {
  @TextField({ optional: true, maxLength: 200 }) name?: string;
  @TextField({ optional: true, nullable: true }) description?: string | null;
  @TextField({ optional: true, maxLength: 64 }) version?: string;
  @EnumField({ values: LIFECYCLE, optional: true, example: 'Retired' }) lifecycleStatus?: string;
  @BooleanField({ optional: true, nullable: true }) isBundle?: boolean | null;
  @ObjectField(() => ValidFor, { optional: true, nullable: true }) validFor?: ValidFor | null;
  @ListField(() => CharacteristicSpecification, { optional: true, max: 100 })
  specCharacteristic?: CharacteristicSpecification[];
}
