import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Takes its turn again and again while the process lives, with a pause after each; the shutdown waits for the turn that has
 * begun. For what must not hang on the queue, which may lose its timetables.
 */
export abstract class Recurring implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  protected constructor(private readonly pauseMs: number) {}

  protected abstract takeTurn(stopping: AbortSignal): Promise<void>;

  /** The turn has failed; the next one comes after this pause. */
  protected abstract onFailure(error: unknown): { readonly pauseMs: number } | void;

  onApplicationBootstrap(): void {
    this.running = this.turnAfterTurn(this.stopping.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async turnAfterTurn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let { pauseMs } = this;
      try {
        await this.takeTurn(signal);
      } catch (error) {
        pauseMs = this.onFailure(error)?.pauseMs ?? pauseMs;
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
