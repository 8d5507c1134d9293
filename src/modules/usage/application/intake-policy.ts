import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../../platform/config/index.js';
import { acting } from '../../../platform/database/index.js';
import type { IntakeLane } from '../domain/intake.js';
import { DEFAULT_LIMITS, type IntakeLimits } from '../domain/judgement.js';
import { TooManyFiles } from '../domain/refusals.js';
import { SourceRegister } from '../persistence/source-register.js';

/** Each file holds a connection and up to two batches of rows. */
const FILES_AT_ONCE = 4;
/** History never takes the last places. */
const BACKFILLS_AT_ONCE = 1;
const PLACES_KEPT_FROM_BACKFILL = 1;
/** A backfill holds locks while it stands aside, so it does not do so for ever. */
const STANDS_ASIDE_MS = 500;
const LOOKS_EVERY_MS = 25;
/** CSV of numbers packs 4 to 6 times; far beyond that it is no CSV of numbers. */
const MAX_INFLATION = 20;

/** What the intake takes: how late, how wrong, how large, how much at once. */
@Injectable()
export class IntakePolicy {
  readonly limits: IntakeLimits = DEFAULT_LIMITS;
  readonly maxInflatedBytes: number;
  readonly #running = { normal: 0, backfill: 0 };
  readonly #runningOf = new Map<string, number>();
  #pushesUnderWay = 0;

  constructor(
    settings: Settings,
    private readonly sources: SourceRegister,
  ) {
    this.maxInflatedBytes = settings.maxUploadBytes * MAX_INFLATION;
  }

  get filesUnderWay(): Readonly<Record<IntakeLane, number>> {
    return this.#running;
  }

  /** @throws TooManyFiles */
  async inTurn<T>(source: string, lane: IntakeLane, work: () => Promise<T>): Promise<T> {
    if (!this.#hasPlaceFor(lane)) throw new TooManyFiles();
    const ofSource = this.#runningOf.get(source) ?? 0;
    this.#running[lane]++;
    this.#runningOf.set(source, ofSource + 1);
    try {
      const registered = await this.sources.find(source);
      if (ofSource >= (registered?.filesAtOnce ?? FILES_AT_ONCE)) throw new TooManyFiles();
      return await work();
    } finally {
      this.#running[lane]--;
      this.#runningOf.set(source, (this.#runningOf.get(source) ?? 1) - 1);
    }
  }

  /** Records that are pushed online go before history, too. */
  async asPush<T>(work: () => Promise<T>): Promise<T> {
    this.#pushesUnderWay++;
    try {
      return await work();
    } finally {
      this.#pushesUnderWay--;
    }
  }

  /** Lets what is new go first: a backfill waits a while as long as there is any. */
  async giveWay(lane: IntakeLane): Promise<void> {
    if (lane === 'normal') return;
    for (let waited = 0; waited < STANDS_ASIDE_MS && this.#hasNews; waited += LOOKS_EVERY_MS) {
      await sleep(LOOKS_EVERY_MS);
    }
  }

  #hasPlaceFor(lane: IntakeLane): boolean {
    const { normal, backfill } = this.#running;
    const free = FILES_AT_ONCE - normal - backfill;
    return lane === 'normal' ? free > 0 : backfill < BACKFILLS_AT_ONCE && free > PLACES_KEPT_FROM_BACKFILL;
  }

  get #hasNews(): boolean {
    return this.#running.normal + this.#pushesUnderWay > 0;
  }
}

/** For which provinces whoever sends is allowed to send: `undefined` means all. */
export function provincesOfSender(): readonly string[] | undefined {
  const sender = acting()?.actor;
  return sender && !sender.scope.everybody ? sender.scope.provinces : undefined;
}
