import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../platform/database/index.js';
import { assertAddresses, type ApiKey, type ClientTerms } from '../domain/api-key.js';
import { lockApiKey } from '../persistence/lock-api-key.js';

@Injectable()
export class ChangeClientTerms {
  constructor(private readonly transaction: Transaction) {}

  /** How the system must come from now on. @throws ApiKeyNotFound, InvalidAddress */
  execute(apiKeyId: string, change: (present: ApiKey) => ClientTerms): Promise<ApiKey> {
    return this.transaction.run(async (tx) => {
      const before = await lockApiKey(tx, apiKeyId);
      const { mustSign, addresses, requestsPerMinute } = change(before);
      assertAddresses(addresses);
      await tx.execute(
        `UPDATE organization.api_key SET must_sign = $2, addresses = $3, requests_per_minute = $4 WHERE api_key_id = $1`,
        [apiKeyId, mustSign, addresses, requestsPerMinute ?? null],
      );
      const after = { ...before, mustSign, addresses, requestsPerMinute };
      tx.audit({ action: 'organization.change-api-key', objectType: 'ApiKey', objectId: apiKeyId, before, after });
      return after;
    });
  }
}
