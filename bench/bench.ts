/** A benchmark: our figure beside a limit that was measured in the same run on the same server. */
export interface Bench {
  readonly name: string;
  readonly describe: string;
  run(): Promise<BenchResult>;
}

export interface BenchResult {
  readonly name: string;
  /** Of `ours` and `limit`. */
  readonly unit: string;
  readonly ours: number;
  readonly limit: number;
  readonly ratio: number;
  /** What must hold; a benchmark in which something does not ends with 1. */
  readonly promised: readonly Promised[];
  readonly [detail: string]: unknown;
}

interface Promised {
  readonly what: string;
  readonly is: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export const isKept = ({ is, atLeast = -Infinity, atMost = Infinity }: Promised): boolean =>
  is >= atLeast && is <= atMost;
