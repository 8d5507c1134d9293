import {
  AnyObjectField,
  DateField,
  defineResource,
  EnumField,
  headOf,
  IdField,
  InstantField,
  IntegerField,
  ObjectField,
  TextField,
} from '../../http/index.js';
import { type Progress, type Run, RUN_STATUSES, type RunStatus } from './run.js';

export const runs = defineResource({
  type: 'Run',
  path: '/care-api/operations/v1/run',
  attributes: {
    id: { type: 'id', column: 'r.run_id', filter: true },
    kind: { type: 'text', column: 'r.kind', filter: true, sort: true },
    key: { type: 'text', column: 'r.run_key', filter: true },
    asOf: { type: 'date', column: 'r.as_of', filter: true, sort: true },
    status: { type: 'enum', column: 'r.status', values: RUN_STATUSES, filter: true, sort: true },
    createdAt: { type: 'instant', column: 'r.created_at', filter: true, sort: true },
  },
  defaultSort: '-createdAt',
});

const KIND = { example: 'tiering.review', maxLength: 100, description: 'Kind of the run (任务类型)' };
const KEY = {
  example: '2026-02-01',
  maxLength: 200,
  description: 'Makes it this run: the same kind and key again is the same run. Default: the day',
};

export class StartRunRequest {
  @TextField(KIND) kind!: string;
  @TextField({ ...KEY, optional: true }) key?: string;
  @DateField({ example: '2026-02-01', description: 'Business day as of which it decides (基准日)' }) asOf!: string;
  @AnyObjectField({ optional: true, example: {}, description: 'What the kind asks for, if anything' })
  parameters?: Record<string, unknown>;
}

export class ProgressView {
  @IntegerField() slicesTotal!: number;
  @IntegerField() slicesDone!: number;
  @IntegerField() customersTotal!: number;
  @IntegerField() customersDone!: number;
  @IntegerField({ min: 0, max: 100 }) percent!: number;
  @IntegerField({ optional: true }) customersPerSecond?: number | undefined;
  @IntegerField({ optional: true }) secondsLeft?: number | undefined;
}

export class RunView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ readOnly: true, example: 'Run' }) '@type'!: string;
  @TextField(KIND) kind!: string;
  @TextField(KEY) key!: string;
  @DateField() asOf!: string;
  @AnyObjectField({ description: 'As given at the start' }) parameters!: object;
  @TextField({ optional: true, description: 'Version of the rules it applies (规则版本)' }) ruleVersion?:
    string | undefined;
  @EnumField({ values: RUN_STATUSES }) status!: RunStatus;
  @ObjectField(() => ProgressView, { description: 'How far it is (进度)' }) progress!: Progress;
  @AnyObjectField({ description: 'What it counted, by name, once it is completed' }) counts!: object;
  @TextField({ optional: true, description: 'Of the facts it decided: equal facts, equal checksum' })
  checksum?: string | undefined;
  @AnyObjectField({ optional: true }) summary?: object | undefined;
  @TextField({ optional: true, description: 'What stopped a failed run' }) error?: string | undefined;
  @InstantField() createdAt!: Date;
  @InstantField({ optional: true }) startedAt?: Date | undefined;
  @InstantField({ optional: true }) finishedAt?: Date | undefined;
}

export const viewOf = (run: Run): RunView => ({
  ...headOf(runs, run.runId),
  kind: run.kind,
  key: run.key,
  asOf: run.asOf,
  parameters: run.parameters,
  ruleVersion: run.ruleVersion,
  status: run.status,
  progress: run.progress,
  counts: run.counts,
  checksum: run.checksum,
  summary: run.summary,
  error: run.error,
  createdAt: run.createdAt,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
});
