import { Injectable, Logger } from '@nestjs/common';
import { Recurring } from '../../../platform/clock/recurring.js';
import { errorWithoutData } from '../../../platform/errors/index.js';
import { DeliverBatches } from '../application/deliver-batches.js';
import { FillFeeds } from '../application/fill-feeds.js';

const PAUSE_MS = 500;
const AFTER_FAILURE_MS = 2_000;

/** Fills the feeds all the time. */
@Injectable()
export class FillFeedsSteadily extends Recurring {
  private readonly logger = new Logger(FillFeedsSteadily.name);

  constructor(private readonly fill: FillFeeds) {
    super(PAUSE_MS);
  }

  protected async takeTurn(stopping: AbortSignal): Promise<void> {
    await this.fill.execute(stopping);
  }

  protected onFailure(error: unknown): { readonly pauseMs: number } {
    this.logger.error(`Feeds were not filled: ${errorWithoutData(error)}`);
    return { pauseMs: AFTER_FAILURE_MS };
  }
}

/** Sends what is due all the time. A turn of its own: slow subscribers hold up no number. */
@Injectable()
export class DeliverBatchesSteadily extends Recurring {
  private readonly logger = new Logger(DeliverBatchesSteadily.name);

  constructor(private readonly deliver: DeliverBatches) {
    super(PAUSE_MS);
  }

  protected async takeTurn(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted && (await this.deliver.execute()) > 0);
  }

  protected onFailure(error: unknown): { readonly pauseMs: number } {
    this.logger.error(`Batches were not delivered: ${errorWithoutData(error)}`);
    return { pauseMs: AFTER_FAILURE_MS };
  }
}
