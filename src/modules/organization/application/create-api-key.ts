import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { newApiKey } from '../../../platform/identity/index.js';
import type { ApiKeyScope, IssuedApiKey } from '../domain/api-key.js';
import { ApiKeyNameTaken } from '../domain/refusals.js';
import { ApiKeyEntity } from '../persistence/api-key.entity.js';
import { apiKeyOf } from '../persistence/views.js';
import { requireRoles } from './staff-roles.js';

export interface NewApiKey extends ApiKeyScope {
  readonly name: string;
  readonly role: string;
}

@Injectable()
export class CreateApiKey {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws UnknownRole, ApiKeyNameTaken */
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
    await requireRoles(tx, [wanted.role], true);
    const { key, hash } = newApiKey();
    const row = {
      apiKeyId: newId(),
      name: wanted.name,
      keyHash: hash,
      role: wanted.role,
      source: wanted.source ?? null,
      kinds: [...wanted.kinds],
      provinces: [...wanted.provinces],
      createdAt: this.clock.now(),
      revokedAt: null,
    };
    const inserted = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(ApiKeyEntity)
      .values(row)
      .orIgnore()
      .returning('api_key_id')
      .execute();
    if ((inserted.raw as unknown[]).length === 0) throw new ApiKeyNameTaken();
    return { ...apiKeyOf(row), key };
  }
}
