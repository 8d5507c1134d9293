import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { ApiKeyNotFound } from '../domain/refusals.js';
import { ApiKeyEntity } from '../persistence/api-key.entity.js';

@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** From now on nobody gets in with it; revoking again changes nothing. @throws ApiKeyNotFound */
  execute(apiKeyId: string): Promise<void> {
    return this.transaction.run(async (tx) => {
      const key = await tx.manager.findOne(ApiKeyEntity, { where: { apiKeyId }, lock: { mode: 'pessimistic_write' } });
      if (!key) throw new ApiKeyNotFound();
      key.revokedAt ??= this.clock.now();
      await tx.manager.save(key);
    });
  }
}
