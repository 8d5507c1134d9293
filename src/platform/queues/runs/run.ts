import { Refusal } from '../../errors/index.js';

export const RUN_STATUSES = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

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
  static readonly code = 'run.unknown-kind';
  static readonly kind = 'rejected';
  constructor(expected: readonly string[]) {
    super(UnknownRunKind.code, UnknownRunKind.kind, 'There is no such kind of run', { field: 'kind', expected });
  }
}

export class RunNotFound extends Refusal {
  static readonly code = 'run.not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(RunNotFound.code, RunNotFound.kind, 'There is no such run');
  }
}

/** The same kind and key, but another day or other parameters: that would be another run. */
export class RunKeyTaken extends Refusal {
  static readonly code = 'run.key-taken';
  static readonly kind = 'conflict';
  constructor(runId: string) {
    super(RunKeyTaken.code, RunKeyTaken.kind, 'This key belongs to a run as of another day or with other parameters', {
      field: 'key',
      runId,
    });
  }
}

/** It would decide from facts that are not there yet, and stand in the way of every run until that day. */
export class RunInTheFuture extends Refusal {
  static readonly code = 'run.in-the-future';
  static readonly kind = 'rejected';
  constructor(today: string) {
    super(RunInTheFuture.code, RunInTheFuture.kind, 'A run decides as of today or of an earlier day', {
      field: 'asOf',
      expected: `a day up to ${today}`,
    });
  }
}

/** No run of this kind can have this key. */
export class RunKeyRefused extends Refusal {
  static readonly code = 'run.key-refused';
  static readonly kind = 'rejected';
  constructor(expected: string) {
    super(RunKeyRefused.code, RunKeyRefused.kind, `This kind of run takes ${expected}`, { field: 'key', expected });
  }
}

/** The kind takes no parameters, or not these. */
export class RunParametersRefused extends Refusal {
  static readonly code = 'run.parameters-refused';
  static readonly kind = 'rejected';
  constructor(expected: string) {
    super(RunParametersRefused.code, RunParametersRefused.kind, `This kind of run takes ${expected}`, {
      field: 'parameters',
      expected,
    });
  }
}

export class RunNotResumable extends Refusal {
  static readonly code = 'run.not-resumable';
  static readonly kind = 'conflict';
  constructor(status: RunStatus) {
    super(RunNotResumable.code, RunNotResumable.kind, 'Only a failed or cancelled run goes on', { status });
  }
}

export class RunNotCancellable extends Refusal {
  static readonly code = 'run.not-cancellable';
  static readonly kind = 'conflict';
  constructor(status: RunStatus) {
    super(RunNotCancellable.code, RunNotCancellable.kind, 'Only a pending or running run can be cancelled', { status });
  }
}
