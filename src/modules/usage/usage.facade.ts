import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { LoadFile, type FileAnswer } from './application/load-file.js';

/** The front door of usage. Its figures are read through the published views {@link MONTH_FACT} and {@link BILL}. */
@Injectable()
export class UsageFacade {
  constructor(private readonly files: LoadFile) {}

  /**
   * Takes in one BOSS file (gzip or plain), as the API does. A file that was loaded before has no effect.
   * @throws UnknownFileName, TooManyFiles
   */
  loadFile(name: string, body: Readable): Promise<FileAnswer> {
    return this.files.execute(name, body);
  }
}
