import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AllottedNumbers } from '../../customers/index.js';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { newId, Transaction, type Acting, type Tx } from '../../../platform/database/index.js';
import type { Kind } from '../domain/codes.js';
import type { IntakeLane } from '../domain/intake.js';
import type { Lines } from '../domain/lines.js';
import { TooManyRecords } from '../domain/refusals.js';
import { SourceRegister } from '../persistence/source-register.js';
import { IntakeMetrics } from './intake-metrics.js';
import { IntakePolicy } from './intake-policy.js';
import { LoadLines, type RecordOutcome } from './load-lines.js';
import { ReleaseHeldRecords } from './release-held-records.js';

export type AlsoStore = (tx: Tx, outcomes: readonly RecordOutcome[]) => Promise<void>;

/** What one request pushes. */
export interface Push {
  readonly kind: Kind;
  readonly source: string;
  readonly lane: IntakeLane;
  /** Of the sender; `undefined`: all. */
  readonly provinces: readonly string[] | undefined;
  /** Epoch milliseconds against which lateness is judged; `undefined`: now. */
  readonly asOf: number | undefined;
  readonly lines: Lines;
  /** Its number in the source's unbroken sequence of batches of this kind. */
  readonly batchSequence: number | undefined;
  readonly request: Acting | undefined;
  /** What is stored with them, or not at all. */
  readonly alsoStore: AlsoStore | undefined;
}

interface Waiting {
  readonly push: Push;
  readonly resolve: (outcomes: readonly RecordOutcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Larger groups would answer the first one later and store no faster. */
const RECORDS_OF_GROUP = 20_000;
/** Each group holds a connection. */
const GROUPS_AT_ONCE = 4;
/** While the database stores one, the next is read. Snapshots take turns anyway, and history is in no hurry. */
const GROUPS_OF_FEED_AT_ONCE = 2;
/** In all groups together; beyond it senders are asked to come back. Some 20 MB. */
const MOST_WAITING_RECORDS = 60_000;
const LOCK_TIMEOUT_MS = 500;
const TRIES = 8;
const PAUSE_MS = 50;
const COME_BACK_SECONDS = 2;

/**
 * Stores what is pushed at the same time in one transaction: pushes of one source, kind, lane and sender's provinces that come
 * while others are being stored wait and are stored together. A transaction for each would let nobody push faster than the
 * disk turns.
 *
 * A group waits half a second for a lock at most, less than the database takes to look for deadlocks: so it is the group that
 * gives up and tries again, never the file that it met.
 */
@Injectable()
export class GatherPushes {
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #underWay: string[] = [];
  #waitingRecords = 0;

  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly numbers: AllottedNumbers,
    private readonly policy: IntakePolicy,
    private readonly loadLines: LoadLines,
    private readonly sources: SourceRegister,
    private readonly metrics: IntakeMetrics,
    private readonly release: ReleaseHeldRecords,
  ) {}

  /**
   * One outcome per line, in their order, once they are stored.
   * @throws TooManyRecords, NotYourRecords, DayClosed
   */
  async store(push: Push): Promise<readonly RecordOutcome[]> {
    if (this.#waitingRecords > 0 && this.#waitingRecords + push.lines.count > MOST_WAITING_RECORDS) {
      this.metrics.comeLater('queue full');
      throw new TooManyRecords(COME_BACK_SECONDS);
    }
    this.#count(push.lines.count);
    const key = [push.lane, push.source, push.kind, push.asOf ?? '', push.provinces?.join() ?? '*'].join('/');
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(key) ?? [];
      waiting.push({ push, resolve, reject });
      this.#waiting.set(key, waiting);
      this.#storeNext();
    });
  }

  #storeNext(): void {
    while (this.#underWay.length < GROUPS_AT_ONCE) {
      const key = this.#nextKey();
      if (key === undefined) return;
      const group = this.#takeGroup(key);
      this.#underWay.push(key);
      void this.#answer(group).finally(() => {
        this.#underWay.splice(this.#underWay.indexOf(key), 1);
        this.#count(-recordsOf(group));
        this.#storeNext();
      });
    }
  }

  /** History waits until nothing new does. */
  #nextKey(): string | undefined {
    const keys = [...this.#waiting].flatMap(([key, [first]]) => {
      const isAlone = first?.push.kind === 'SUB' || isBackfill(key);
      const underWay = this.#underWay.filter((other) => other === key).length;
      return underWay < (isAlone ? 1 : GROUPS_OF_FEED_AT_ONCE) ? [key] : [];
    });
    return keys.find((key) => !isBackfill(key)) ?? keys[0];
  }

  #takeGroup(key: string): readonly Waiting[] {
    const waiting = this.#waiting.get(key) ?? [];
    let records = 0;
    let pushes = 0;
    for (const { push } of waiting) {
      records += push.lines.count;
      if (pushes > 0 && records > RECORDS_OF_GROUP) break;
      pushes++;
    }
    const group = waiting.splice(0, pushes);
    if (waiting.length === 0) this.#waiting.delete(key);
    return group;
  }

  async #answer(group: readonly Waiting[]): Promise<void> {
    const [first] = group;
    if (!first) return;
    const pushes = group.map(({ push }) => push);
    try {
      const { lane } = first.push;
      const work = (): Promise<(readonly RecordOutcome[])[]> => this.#storeAgainAndAgain(pushes);
      await this.policy.giveWay(lane);
      const outcomes = await (lane === 'normal' ? this.policy.asPush(work) : work());
      for (const [at, { resolve }] of group.entries()) resolve(outcomes[at] ?? []);
    } catch (error) {
      // What is wrong with one of them is no reason to refuse the others.
      if (group.length > 1 && !(error instanceof TooManyRecords)) for (const one of group) await this.#answer([one]);
      else for (const { reject } of group) reject(error);
    }
  }

  async #storeAgainAndAgain(pushes: readonly Push[]): Promise<(readonly RecordOutcome[])[]> {
    for (let turn = 1; ; turn++) {
      try {
        const outcomes = await this.#storeTogether(pushes);
        const [push] = pushes;
        if (outcomes.some((each) => each.some(({ outcome }) => outcome === 'ACCEPTED')))
          await this.release.execute(push);
        return outcomes;
      } catch (error) {
        if (!metALock(error)) throw error;
        if (turn === TRIES) {
          this.metrics.comeLater('locked');
          throw new TooManyRecords(COME_BACK_SECONDS);
        }
        await sleep(PAUSE_MS * (turn + Math.random()));
      }
    }
  }

  async #storeTogether(pushes: readonly Push[]): Promise<(readonly RecordOutcome[])[]> {
    const [first] = pushes;
    if (!first) return [];
    const { kind, source, lane, provinces, asOf } = first;
    const receivedAt = this.clock.now();
    const now = receivedAt.getTime();
    const ranges = await this.numbers.current();
    const today = businessDate(receivedAt);
    const isAllotted = (national: string): boolean => ranges.isAllotted(national, today);
    const intake = { intakeId: newId(), kind, source, lane, receivedAt, provinces };
    const judge = { limits: this.policy.limits, createdAt: asOf ?? now, now, isAllotted };
    const requests = pushes.flatMap(({ request }) => request ?? []);
    const batches = pushes.flatMap(({ batchSequence }) => batchSequence ?? []).sort((a, b) => a - b);
    return this.transaction.runForRequests(requests, async (tx) => {
      await tx.execute(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT_MS}ms'`);
      const all = await this.loadLines.execute(
        tx,
        intake,
        judge,
        pushes.map(({ lines }) => lines),
      );
      const outcomes: (readonly RecordOutcome[])[] = [];
      let from = 0;
      for (const push of pushes) {
        const own = all.slice(from, (from += push.lines.count));
        await push.alsoStore?.(tx, own);
        outcomes.push(own);
      }
      if (batches.length > 0) await this.sources.batchesCame(tx, source, kind, batches, receivedAt);
      await this.sources.recordsPushed(tx, source, kind, receivedAt);
      return outcomes;
    });
  }

  #count(records: number): void {
    this.#waitingRecords += records;
    this.metrics.waitingRecords?.set(this.#waitingRecords);
  }
}

const isBackfill = (key: string): boolean => key.startsWith('backfill/');

const recordsOf = (group: readonly Waiting[]): number => group.reduce((sum, { push }) => sum + push.lines.count, 0);

/** SQLSTATE: a lock was not to be had in time, or a deadlock was found. */
const metALock = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01');
