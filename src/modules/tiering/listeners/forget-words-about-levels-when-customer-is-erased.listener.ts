import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type SetWiseListener } from '../../../platform/events/index.js';
import { CustomerErased } from '../../customers/index.js';
import { forgetWordsAboutLevels } from '../application/forget-words-about-levels.js';

@ListensTo(CustomerErased)
@Injectable()
export class ForgetWordsAboutLevelsWhenCustomerIsErased implements SetWiseListener<{ customerId: string }> {
  async handleAll(tx: Tx, events: readonly Delivered<{ customerId: string }>[]): Promise<void> {
    await forgetWordsAboutLevels(
      tx,
      events.map(({ payload }) => payload.customerId),
    );
  }
}
