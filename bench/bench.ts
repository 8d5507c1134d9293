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
  readonly [detail: string]: unknown;
}
