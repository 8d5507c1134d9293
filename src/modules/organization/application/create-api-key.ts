import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { assertAddresses, type ApiKeyScope, type ClientTerms, type IssuedApiKey } from '../domain/api-key.js';
import { ApiKeyNameTaken } from '../domain/refusals.js';
import { ApiKeyEntity } from '../persistence/api-key.entity.js';
import { readApiKey } from '../persistence/lock-api-key.js';
import { ClientSecrets } from './client-secrets.js';
import { requireRoles } from './staff-roles.js';

export interface NewApiKey extends ApiKeyScope, Partial<ClientTerms> {
  readonly name: string;
  readonly role: string;
}

@Injectable()
export class CreateApiKey {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly secrets: ClientSecrets,
  ) {}

  /** @throws UnknownRole, ApiKeyNameTaken, InvalidAddress */
  execute(wanted: NewApiKey): Promise<IssuedApiKey> {
    return this.transaction.run((tx) => this.issue(tx, wanted));
  }

  /** Revokes the live key of this name, if any, and issues another. @throws UnknownRole */
  replace(wanted: NewApiKey): Promise<IssuedApiKey> {
    return this.transaction.run(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('organization.api_key'), hashtext($1))`, [wanted.name]);
      await tx.manager.update(
        ApiKeyEntity,
        { name: wanted.name, revokedAt: IsNull() },
        { revokedAt: this.clock.now() },
      );
      return this.issue(tx, wanted);
    });
  }

  private async issue(tx: Tx, wanted: NewApiKey): Promise<IssuedApiKey> {
    assertAddresses(wanted.addresses ?? []);
    await requireRoles(tx, [wanted.role], true);
    const apiKeyId = newId();
    const createdAt = this.clock.now();
    const inserted = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(ApiKeyEntity)
      .values({
        apiKeyId,
        name: wanted.name,
        role: wanted.role,
        source: wanted.source ?? null,
        kinds: [...wanted.kinds],
        provinces: [...wanted.provinces],
        mustSign: wanted.mustSign ?? false,
        addresses: [...(wanted.addresses ?? [])],
        requestsPerMinute: wanted.requestsPerMinute ?? null,
        createdAt,
        revokedAt: null,
      })
      .orIgnore()
      .returning('api_key_id')
      .execute();
    if ((inserted.raw as unknown[]).length === 0) throw new ApiKeyNameTaken();
    const key = await this.secrets.issue(tx, apiKeyId, createdAt);
    const issued = await readApiKey(tx, apiKeyId);
    tx.audit({ action: 'organization.create-api-key', objectType: 'ApiKey', objectId: apiKeyId, after: issued });
    return { ...issued, key };
  }
}
