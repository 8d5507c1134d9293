import { Injectable } from '@nestjs/common';
import { IntakeFolder } from '../persistence/intake-folder.js';
import { IntakeMetrics } from './intake-metrics.js';

@Injectable()
export class FindDroppedFiles {
  constructor(
    private readonly folder: IntakeFolder,
    private readonly metrics: IntakeMetrics,
  ) {}

  /** Names of the whole files that wait in the drop folder, in the order in which they should be loaded. */
  async execute(): Promise<readonly string[]> {
    const names = await this.folder.wholeFiles();
    this.metrics.waitingFiles?.set(names.length);
    return names;
  }
}
