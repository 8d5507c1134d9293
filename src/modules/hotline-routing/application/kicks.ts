import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { onItsOwn } from '../../../platform/database/index.js';
import { errorWithoutData, framesOf } from '../../../platform/errors/index.js';
import { MatchContacts } from './match-contacts.js';

interface Lane {
  running: Promise<void> | undefined;
  next: Promise<void> | undefined;
}

/**
 * "Somebody waits or is idle now: look again." Of the kicks of one domain in this process at most one runs and one waits: the
 * one that waits sees all that was committed before it begins, so it serves everybody who comes meanwhile.
 */
@Injectable()
export class Kicks implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Kicks.name);
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly matching: MatchContacts) {}

  /** Call it after the commit. Resolves when a match that began after the call has ended; never rejects. */
  kick(domain: string): Promise<void> {
    const lane = this.lanes.get(domain) ?? { running: undefined, next: undefined };
    this.lanes.set(domain, lane);
    return (lane.next ??= onItsOwn(() => this.runAfter(lane, domain)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.next ?? lane.running));
  }

  private async runAfter(lane: Lane, domain: string): Promise<void> {
    await lane.running;
    lane.running = lane.next;
    lane.next = undefined;
    try {
      await this.matching.execute(domain);
    } catch (error) {
      // What is to be matched is in the tables: the sweep comes within a second.
      this.logger.warn(`A match was interrupted: ${errorWithoutData(error)}\n${framesOf(error)}`);
    }
  }
}
