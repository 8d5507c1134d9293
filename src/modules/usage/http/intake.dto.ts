import {
  EnumField, IdField, InstantField, IntegerField, KeepsUnknownAttributes, ListField, ObjectField, TextField, DateField, BooleanField,
} from '../../../platform/http/index.js'; // prettier-ignore
import { KINDS } from '../domain/codes.js';
import { ENCODINGS } from '../domain/feed.js';
import { LANES } from '../domain/intake.js';

/** Records of one push. */
export const MAX_BATCH = 1000;

class FileCountsView {
  @IntegerField({ example: 1000 }) received!: number;
  @IntegerField({ example: 990 }) loaded!: number;
  @IntegerField({ example: 5 }) duplicate!: number;
  @IntegerField({ example: 3 }) rejected!: number;
  @IntegerField({ example: 2, description: 'Wait for their customer or for the record they change' }) held!: number;
}

class FileProblemView {
  @TextField({ example: 'E_COUNT' }) code!: string;
  @TextField({ example: 'the trailer counts 10 records, the file has 9' }) text!: string;
}

export class FileView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'IntakeFile' }) '@type'!: string;
  @TextField({ example: 'USG_BOSS_440000_20250201_000001_01.csv.gz' }) name!: string;
  @EnumField({ values: KINDS }) kind!: string;
  @TextField({ example: 'BOSS' }) source!: string;
  @TextField({ example: '440000' }) province!: string;
  @DateField({ example: '2025-02-01' }) businessDate!: string;
  @IntegerField({ example: 1 }) sequence!: number;
  @EnumField({ values: ['OK', 'PARTIAL', 'BAD'], description: 'BAD: nothing of the file was loaded' }) state!: string;
  @EnumField({ values: LANES, description: 'backfill: history; no customer is told of it' }) lane!: string;
  @TextField({ example: '01', description: 'Format of the file contract' }) formatVersion!: string;
  @EnumField({ values: ENCODINGS, description: 'As what the file was read' }) encoding!: string;
  @ObjectField(() => FileCountsView) counts!: FileCountsView;
  @ObjectField(() => FileProblemView, {
    optional: true,
    description: 'Why the whole file was refused, or that it was loaded before',
  })
  problem?: FileProblemView | undefined;
  @InstantField({ optional: true, description: 'When BOSS made the file' }) createdAt?: Date | undefined;
  @InstantField() receivedAt!: Date;
  @InstantField() finishedAt!: Date;
  @InstantField({ optional: true, description: 'Loaded, and no file before it is missing; absent: it waits for one' })
  closedAt?: Date | undefined;
}

export class FileAnswerView extends FileView {
  @BooleanField({ description: 'The file was loaded before; this is the answer it got then' }) isRepeat!: boolean;
}

export const SOURCE_FORM = /^[A-Z0-9]{2,12}$/;

/** Its records are read as records of a file are, each on its own. */
@KeepsUnknownAttributes()
export class RecordBatchHead {
  @EnumField({ values: KINDS, description: 'SUB subscriptions, USG usage, BIL bills, PAY payments, ARR arrears' })
  kind!: (typeof KINDS)[number];
  @TextField({
    pattern: SOURCE_FORM,
    patternMeans: 'a source code of 2 to 12 capital letters and digits',
    example: 'BOSS',
  })
  source!: string;
}

class RecordResultView {
  @EnumField({ values: ['ACCEPTED', 'DUPLICATE', 'REJECTED', 'HELD'] }) outcome!: string;
  @TextField({ optional: true, example: 'E_AMOUNT' }) code?: string | undefined;
  @TextField({ optional: true, example: 'feeFen' }) field?: string | undefined;
  @TextField({ optional: true }) message?: string | undefined;
  @TextField({ optional: true, example: 'UNKNOWN_CUSTOMER' }) reason?: string | undefined;
}

export class RecordBatchAnswer {
  @TextField({ example: 'RecordBatchAnswer' }) '@type'!: string;
  @ListField(() => RecordResultView, { description: 'One per record, in their order' })
  results!: readonly RecordResultView[];
}
