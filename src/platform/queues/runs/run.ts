import { Refusal } from '../../errors/index.js';

export type RunStatus = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';

/** Named whole numbers, summed over slices. */
export type Counts = Readonly<Record<string, number>>;

export interface Progress {
  readonly slicesTotal: number;
  readonly slicesDone: number;
  readonly customersTotal: number;
  readonly customersDone: number;
  /** 0–100. */
  readonly percent: number;
  /** Over the time since the run was (re)started; absent before the first slice. */
  readonly customersPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

export interface Run<Parameters extends object = object> {
  readonly runId: string;
  readonly kind: string;
  /** Together with `kind` what makes it this run: starting it again is the same run. */
  readonly key: string;
  /** Business day (`YYYY-MM-DD`, Asia/Shanghai) as of which it decides. */
  readonly asOf: string;
  readonly parameters: Parameters;
  readonly ruleVersion: string | undefined;
  readonly status: RunStatus;
  readonly counts: Counts;
  readonly checksum: string | undefined;
  readonly summary: Readonly<Record<string, unknown>> | undefined;
  /** What stopped a failed run: kinds of errors and codes, never values. */
  readonly error: string | undefined;
  readonly progress: Progress;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
}

export class UnknownRunKind extends Refusal {
  constructor(kind: string) {
    super('run.unknown-kind', 'rejected', 'There is no such kind of run', { field: 'kind', actual: kind });
  }
}

export class RunNotFound extends Refusal {
  constructor() {
    super('run.not-found', 'not-found', 'There is no such run');
  }
}

/** The same kind and key, but another day or other parameters: that would be another run. */
export class RunKeyTaken extends Refusal {
  constructor(runId: string) {
    super('run.key-taken', 'conflict', 'A run of this kind and key exists with other parameters', { runId });
  }
}

export class RunNotResumable extends Refusal {
  constructor(status: RunStatus) {
    super('run.not-resumable', 'conflict', 'Only a failed or cancelled run can be resumed', { status });
  }
}

export class RunNotCancellable extends Refusal {
  constructor(status: RunStatus) {
    super('run.not-cancellable', 'conflict', 'Only a pending or running run can be cancelled', { status });
  }
}
