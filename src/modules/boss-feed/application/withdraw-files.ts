import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { lockFilesAbout, prepareAnew, withdraw } from '../persistence/file-rows.js';
import { nextVersion } from './reissue-file.js';

/**
 * Somebody was erased: no file that names them is handed out any more. Their items lost the account with the archive; a file that
 * nobody has acknowledged yet comes again without it, so that no number of the sequence is missing.
 */
@Injectable()
export class WithdrawFiles {
  constructor(private readonly clock: Clock) {}

  async execute(tx: Tx, customerIds: readonly string[]): Promise<void> {
    for (const file of await lockFilesAbout(tx, customerIds)) {
      if (file.state === 'preparing') {
        await prepareAnew(tx, file);
      } else {
        await withdraw(tx, file);
        if (file.acknowledgedAt === undefined) await nextVersion(tx, file, this.clock.now());
      }
    }
  }
}
