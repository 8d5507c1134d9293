import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import type { IssuedApiKey } from '../domain/api-key.js';
import { rotate } from '../domain/client-secret.js';
import { ApiKeyRevoked } from '../domain/refusals.js';
import { lockApiKey, readApiKey } from '../persistence/lock-api-key.js';
import { ClientSecrets } from './client-secrets.js';

@Injectable()
export class RotateApiKey {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly secrets: ClientSecrets,
  ) {}

  /** A new key, beside which the present one stays good for the overlap. @throws ApiKeyNotFound, ApiKeyRevoked, RotationUnderWay */
  execute(apiKeyId: string, overlapHours: number): Promise<IssuedApiKey> {
    return this.transaction.run(async (tx) => {
      const before = await lockApiKey(tx, apiKeyId);
      if (before.revokedAt) throw new ApiKeyRevoked();
      const now = this.clock.now();
      for (const { secretId, expiresAt } of rotate(before.secrets, overlapHours, now)) {
        await tx.execute('UPDATE organization.client_secret SET expires_at = $2 WHERE secret_id = $1', [
          secretId,
          expiresAt,
        ]);
      }
      const key = await this.secrets.issue(tx, apiKeyId, now);
      const after = await readApiKey(tx, apiKeyId);
      tx.audit({ action: 'organization.rotate-api-key', objectType: 'ApiKey', objectId: apiKeyId, before, after });
      return { ...after, key };
    });
  }
}
