import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { lockApiKey } from '../persistence/lock-api-key.js';

@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** From now on nobody gets in with any of its keys; revoking again changes nothing. @throws ApiKeyNotFound */
  execute(apiKeyId: string): Promise<void> {
    return this.transaction.run(async (tx) => {
      await lockApiKey(tx, apiKeyId);
      tx.audit({ action: 'organization.revoke-api-key', objectType: 'ApiKey', objectId: apiKeyId });
      await tx.execute('UPDATE organization.api_key SET revoked_at = $2 WHERE api_key_id = $1 AND revoked_at IS NULL', [
        apiKeyId,
        this.clock.now(),
      ]);
    });
  }
}
