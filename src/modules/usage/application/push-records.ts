import { Injectable } from '@nestjs/common';
import { acting } from '../../../platform/database/index.js';
import type { Kind } from '../domain/codes.js';
import type { IntakeLane } from '../domain/intake.js';
import { Lines } from '../domain/lines.js';
import { lineOfRecord } from '../domain/record-line.js';
import { Rejection } from '../domain/rejection.js';
import { GatherPushes, type AlsoStore } from './gather-pushes.js';
import { provincesOfSender } from './intake-policy.js';
import { IntakeMetrics } from './intake-metrics.js';
import { refused, type RecordOutcome } from './load-lines.js';
import { RecordRate } from './record-rate.js';

export type { AlsoStore, RecordOutcome };

/** A record as JSON: the contract's field names, values as text, number or boolean. */
export type PushedRecord = Readonly<Record<string, unknown>>;

export interface PushOptions {
  readonly lane?: IntakeLane | undefined;
  /** When history was true, epoch milliseconds: lateness is judged against it. Default: now. */
  readonly asOf?: number | undefined;
  /** The number of the batch in the source's unbroken sequence of this kind. */
  readonly batchSequence?: number | undefined;
}

/** Lines `D|…` without line end, and, by its place among all, what is wrong with each of those that cannot be one. */
export interface PushedLines {
  readonly lines: Lines;
  readonly faults: ReadonlyMap<number, Rejection>;
}

/** Records as lines. */
export function linesOf(kind: Kind, records: readonly PushedRecord[]): PushedLines {
  const lines = new Lines(records.length);
  const faults = new Map<number, Rejection>();
  for (const [at, record] of records.entries()) {
    const line = lineOfRecord(kind, record);
    if (line instanceof Rejection) faults.set(at, line);
    else lines.add(line, 0, line.length);
  }
  return { lines, faults };
}

/** Takes records one by one or in small batches, with an answer for each. */
@Injectable()
export class PushRecords {
  constructor(
    private readonly gather: GatherPushes,
    private readonly rate: RecordRate,
    private readonly metrics: IntakeMetrics,
  ) {}

  /**
   * One outcome per record, in their order. What is refused is refused alone.
   * @param alsoStore what is stored with them, or not at all: it learns the outcomes of the records that could be read.
   * @throws TooManyRecords, NotYourRecords, DayClosed
   */
  execute(
    kind: Kind,
    source: string,
    records: readonly PushedRecord[],
    alsoStore?: AlsoStore,
    options: PushOptions = {},
  ): Promise<readonly RecordOutcome[]> {
    return this.lines(kind, source, linesOf(kind, records), options, alsoStore);
  }

  /** The same for lines of the file contract. */
  async lines(
    kind: Kind,
    source: string,
    { lines, faults }: PushedLines,
    { lane = 'normal', asOf, batchSequence }: PushOptions = {},
    alsoStore?: AlsoStore,
  ): Promise<readonly RecordOutcome[]> {
    await this.rate.admit(source, lines.count + faults.size);
    const provinces = provincesOfSender();
    const push = {
      kind, source, lane, asOf, provinces, batchSequence, alsoStore, lines, request: acting(),
    }; // prettier-ignore
    const stored = lines.count > 0 || batchSequence !== undefined ? await this.gather.store(push) : [];
    let next = 0;
    const outcomes = Array.from({ length: lines.count + faults.size }, (_, at) => {
      const fault = faults.get(at);
      const outcome = fault ? refused(fault) : stored[next++];
      if (!outcome) throw new Error('A line without an outcome');
      return outcome;
    });
    this.metrics.push(kind, outcomes);
    return outcomes;
  }
}
