import type { Tx } from '../../../platform/database/index.js';
import type { ApiKey } from '../domain/api-key.js';
import { ApiKeyNotFound } from '../domain/refusals.js';
import { API_KEY, apiKeyOf, type ApiKeyRow } from '../persistence/api-key-rows.js';

/** The system with its keys, which nobody else changes until the transaction ends. @throws ApiKeyNotFound */
export async function lockApiKey(tx: Tx, apiKeyId: string): Promise<ApiKey> {
  // Locked by its own statement: a statement that waits for a lock still sees the other tables as they were before.
  await tx.query('SELECT FROM organization.api_key WHERE api_key_id = $1 FOR UPDATE', [apiKeyId]);
  return readApiKey(tx, apiKeyId);
}

/** @throws ApiKeyNotFound */
export async function readApiKey(tx: Tx, apiKeyId: string): Promise<ApiKey> {
  const [row] = await tx.query<ApiKeyRow>(`SELECT ${API_KEY} FROM organization.api_key k WHERE k.api_key_id = $1`, [
    apiKeyId,
  ]);
  if (!row) throw new ApiKeyNotFound();
  return apiKeyOf(row);
}
