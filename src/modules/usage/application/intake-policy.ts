import { Injectable } from '@nestjs/common';
import { Settings } from '../../../platform/config/index.js';
import { acting } from '../../../platform/database/index.js';
import { DEFAULT_LIMITS, type IntakeLimits } from '../domain/judgement.js';
import { TooManyFiles } from '../domain/refusals.js';

/** Each file holds a connection and up to two batches of rows. */
const FILES_AT_ONCE = 4;
/** CSV of numbers packs 4 to 6 times; far beyond that it is no CSV of numbers. */
const MAX_INFLATION = 20;

/** What the intake takes: how late, how wrong, how large, how much at once. */
@Injectable()
export class IntakePolicy {
  readonly limits: IntakeLimits = DEFAULT_LIMITS;
  readonly maxInflatedBytes: number;
  #running = 0;

  constructor(settings: Settings) {
    this.maxInflatedBytes = settings.maxUploadBytes * MAX_INFLATION;
  }

  /** @throws TooManyFiles */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= FILES_AT_ONCE) throw new TooManyFiles();
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
    }
  }
}

/** For which provinces whoever sends is allowed to send: `undefined` means all. */
export function provincesOfSender(): readonly string[] | undefined {
  const sender = acting()?.actor;
  return sender && !sender.scope.everybody ? sender.scope.provinces : undefined;
}
