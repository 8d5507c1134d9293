import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, type Listener, ListensTo } from '../../../platform/events/index.js';
import { RevokedKeyUsed } from '../../organization/index.js';
import { RaiseKeyAlarm } from '../application/raise-key-alarm.js';

type Payload = NonNullable<(typeof RevokedKeyUsed)['payload']>;

@Injectable()
@ListensTo(RevokedKeyUsed)
export class RaiseAlarmWhenRevokedKeyIsUsed implements Listener<Payload> {
  constructor(private readonly raise: RaiseKeyAlarm) {}

  handle(tx: Tx, { payload }: Delivered<Payload>): Promise<void> {
    return this.raise.execute(tx, payload);
  }
}
