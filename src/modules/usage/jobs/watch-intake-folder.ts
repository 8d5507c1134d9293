import { Injectable, Logger } from '@nestjs/common';
import { Recurring } from '../../../platform/clock/recurring.js';
import { errorWithoutData } from '../../../platform/errors/index.js';
import { Jobs } from '../../../platform/queues/index.js';
import { FindDroppedFiles } from '../application/find-dropped-files.js';
import { LoadDroppedFileNow } from './load-dropped-file.job.js';

const LOOK_EVERY_MS = 2_000;
const AT_ONCE = 100;

/** Finds dropped files again and again: the folder knows what is to be done, a job is a hint only. */
@Injectable()
export class WatchIntakeFolder extends Recurring {
  private readonly logger = new Logger(WatchIntakeFolder.name);

  constructor(
    private readonly dropped: FindDroppedFiles,
    private readonly jobs: Jobs,
  ) {
    super(LOOK_EVERY_MS);
  }

  protected async takeTurn(): Promise<void> {
    const names = await this.dropped.execute();
    await this.jobs.addMany(
      LoadDroppedFileNow,
      names.slice(0, AT_ONCE).map((name) => ({ payload: { name }, jobId: name })),
    );
  }

  protected onFailure(error: unknown): void {
    this.logger.error(`Will look into the intake folder again: ${errorWithoutData(error)}`);
  }
}
