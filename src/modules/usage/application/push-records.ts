import { Injectable } from '@nestjs/common';
import { AllottedNumbers } from '../../customers/index.js';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { asSystem, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import type { Kind } from '../domain/codes.js';
import type { Intake } from '../domain/intake.js';
import { lineOfRecord } from '../domain/record-line.js';
import { Rejection } from '../domain/rejection.js';
import { IntakePolicy, provincesOfSender } from './intake-policy.js';
import { LoadLines, refused, type RecordOutcome } from './load-lines.js';
import { ReleaseHeldRecords } from './release-held-records.js';

export type { RecordOutcome };

/** A record as JSON: the contract's field names, values as text, number or boolean. */
export type PushedRecord = Readonly<Record<string, unknown>>;

export type AlsoStore = (tx: Tx, outcomes: readonly RecordOutcome[]) => Promise<void>;
const nothing: AlsoStore = () => Promise.resolve();

/** Takes records one by one or in small batches, with an answer for each. */
@Injectable()
export class PushRecords {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly numbers: AllottedNumbers,
    private readonly policy: IntakePolicy,
    private readonly loadLines: LoadLines,
    private readonly release: ReleaseHeldRecords,
  ) {}

  /**
   * One outcome per record, in their order. What is refused is refused alone.
   * @param alsoStore what is stored with them, or not at all: it learns the outcomes of the records that could be read.
   */
  async execute(
    kind: Kind,
    source: string,
    records: readonly PushedRecord[],
    alsoStore: AlsoStore = nothing,
  ): Promise<readonly RecordOutcome[]> {
    const lines = records.map((record) => lineOfRecord(kind, record));
    const readable = lines.filter((line): line is Buffer => !(line instanceof Rejection));
    const stored = readable.length === 0 ? [] : await asSystem(() => this.store(kind, source, readable, alsoStore)); // Billing's records belong to whomever they name.
    let at = 0;
    return lines.map((line) => {
      const outcome = line instanceof Rejection ? refused(line) : stored[at++];
      if (!outcome) throw new Error('A line without an outcome');
      return outcome;
    });
  }

  private async store(
    kind: Kind,
    source: string,
    lines: readonly Buffer[],
    alsoStore: AlsoStore,
  ): Promise<readonly RecordOutcome[]> {
    const receivedAt = this.clock.now();
    const now = receivedAt.getTime();
    const provinces = provincesOfSender();
    const intake: Intake = { intakeId: newId(), kind, source, lane: 'normal', receivedAt, provinces };
    const ranges = await this.numbers.current();
    const today = businessDate(receivedAt);
    const isAllotted = (national: string): boolean => ranges.isAllotted(national, today);
    const judge = { limits: this.policy.limits, createdAt: now, now, isAllotted };
    const outcomes = await this.transaction.run(async (tx) => {
      const all = await this.loadLines.execute(tx, intake, judge, lines);
      await alsoStore(tx, all);
      return all;
    });
    if (outcomes.some(({ outcome }) => outcome === 'ACCEPTED')) await this.release.execute();
    return outcomes;
  }
}
