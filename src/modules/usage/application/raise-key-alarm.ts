import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { IntakeAlarms } from '../persistence/intake-alarms.js';

/** A revoked key of a source is still in use: it was not told, or somebody has found the key (DOMAIN §4.3.28). */
@Injectable()
export class RaiseKeyAlarm {
  constructor(private readonly alarms: IntakeAlarms) {}

  async execute(
    tx: Tx,
    { apiKeyId, name, source }: { readonly apiKeyId: string; readonly name: string; readonly source?: string },
  ): Promise<void> {
    if (source === undefined) return; // not one of billing's
    await this.alarms.raise(tx, { kind: 'KEY_REFUSED', source, key: `key/${apiKeyId}`, detail: { apiKeyId, name } });
  }
}
