import { Injectable } from '@nestjs/common';
import { newId, type Tx } from '../../../platform/database/index.js';
import { newApiKey } from '../../../platform/identity/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';

/** The keys themselves: found by their hash when they are sent, opened when they have signed. */
@Injectable()
export class ClientSecrets {
  constructor(private readonly personalData: PersonalData) {}

  /** A new key of the system, shown this once. */
  async issue(tx: Tx, apiKeyId: string, createdAt: Date): Promise<string> {
    const { key, hash } = newApiKey();
    const secretId = newId();
    await tx.execute(
      `INSERT INTO organization.client_secret (secret_id, api_key_id, key_hash, sealed_key, created_at)
       VALUES ($1, $2, $3, $4, $5)`,
      [secretId, apiKeyId, hash, this.personalData.seal(key, contextOf(secretId)), createdAt],
    );
    return key;
  }

  open(secretId: string, sealedKey: Buffer): string {
    return this.personalData.open(sealedKey, contextOf(secretId));
  }
}

const contextOf = (secretId: string): string => `client_secret.sealed_key:${secretId}`;
