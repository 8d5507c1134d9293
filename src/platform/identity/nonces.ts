import { Injectable } from '@nestjs/common';
import { Database } from '../database/index.js';

/** The nonces of signed requests. One row per nonce, so of two requests that race, in however many processes, one is the first. */
@Injectable()
export class Nonces {
  constructor(private readonly database: Database) {}

  /** Whether this is the first use. Kept until `expiresAt`, when its signature is too old to be used again. */
  async useOnce(clientId: string, nonce: string, expiresAt: Date): Promise<boolean> {
    const used = await this.database.query(
      `INSERT INTO platform.request_nonce (client_id, nonce, expires_at) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING RETURNING nonce`,
      [clientId, nonce, expiresAt],
    );
    return used.length === 1;
  }

  async purge(expiredBefore: Date): Promise<void> {
    await this.database.query('DELETE FROM platform.request_nonce WHERE expires_at < $1', [expiredBefore]);
  }
}
