import {
  BooleanField, DateField, IdField, InstantField, IntegerField, ListField, MonthField, ObjectField, TextField,
} from '../../../platform/http/index.js'; // prettier-ignore

export class MonthFactQuery {
  @IdField() customerId!: string;
  @MonthField({ example: '2025-01' }) month!: string;
}

class MonthFigureView {
  @TextField({ example: 'voice_mo_sec', description: 'Money in fen, volumes in KB, times in seconds' }) name!: string;
  @IntegerField({ optional: true, description: 'Amounts with customers.amounts only' }) kept?: number | undefined;
  @IntegerField({ optional: true, description: 'Added up again from the records' }) recomputed?: number | undefined;
  @BooleanField({ description: 'Both are the same' }) isExplained!: boolean;
}

class MonthInputsView {
  @IntegerField({ description: 'Records that count', example: 42 }) count!: number;
  @TextField({ description: 'Exclusive or of their content hashes', example: '00c0ffee00c0ffee' }) xor!: string;
  @InstantField({ optional: true }) lastRecordedAt?: Date | undefined;
}

class MonthInputView {
  @TextField({ example: 'USG' }) kind!: string;
  @TextField({ example: 'BOSS' }) source!: string;
  @TextField({ example: 'U202501-00000012' }) recordId!: string;
  @IntegerField({ example: 1 }) version!: number;
  @InstantField() recordedAt!: Date;
  @IdField({ description: 'The file or push that it came with' }) intakeId!: string;
}

export class MonthFactView {
  @TextField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'MonthFact' }) '@type'!: string;
  @IdField() customerId!: string;
  @DateField({ example: '2025-01-01', description: 'The first day' }) month!: string;
  @BooleanField({
    description: 'Every figure, the number of the records and which they are: all is what the records say',
  })
  isExplained!: boolean;
  @ListField(() => MonthFigureView) figures!: readonly MonthFigureView[];
  @ObjectField(() => MonthInputsView, { description: 'As they were kept when the figures were made' })
  inputs!: MonthInputsView;
  @ObjectField(() => MonthInputsView, { description: 'As the records are now' }) recomputedInputs!: MonthInputsView;
  @ListField(() => MonthInputView, { description: 'The first thousand of the records, by kind, source and id' })
  records!: readonly MonthInputView[];
}
