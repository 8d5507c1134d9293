import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { hashOfRefreshToken, InvalidCredentials } from '../../../platform/identity/index.js';
import { RefreshTokenReused } from '../domain/refusals.js';
import { endSessions } from '../persistence/session-rows.js';
import { IssueSessionTokens, type LiveSession, type SessionTokens } from './issue-session-tokens.js';

/**
 * Continues a session. A refresh token is good for one use; presented again it ends the session, since one of the two who hold it
 * stole it and nobody can tell which. There is no grace for a client that lost the answer or asked twice at once: within it the
 * thief would be served like the owner, and the owner can sign in again.
 */
@Injectable()
export class RefreshSession {
  constructor(
    private readonly transaction: Transaction,
    private readonly tokens: IssueSessionTokens,
    private readonly clock: Clock,
  ) {}

  /** @throws RefreshTokenReused; InvalidCredentials for one that is foreign or too old, or whose session has ended */
  async execute(refreshToken: string): Promise<SessionTokens> {
    const hash = hashOfRefreshToken(refreshToken);
    const outcome = await this.transaction.run((tx) => this.useUp(tx, hash));
    // Thrown out here, so that the end of the session is stored.
    if (outcome === 'reused') throw new RefreshTokenReused();
    if (outcome === 'unknown') throw new InvalidCredentials();
    return outcome;
  }

  private async useUp(tx: Tx, hash: string): Promise<SessionTokens | 'reused' | 'unknown'> {
    const now = this.clock.now();
    const used = await tx.execute(
      `UPDATE organization.refresh_token SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL`,
      [hash, now],
    );
    if (used === 0) return this.endSessionOf(tx, hash, now);
    const [session] = await tx.query<LiveSession>(
      `UPDATE organization.session e SET last_used_at = $2
       FROM organization.refresh_token t, organization.staff s
       WHERE t.token_hash = $1 AND e.session_id = t.session_id AND s.staff_id = e.staff_id
         AND e.ended_at IS NULL AND e.expires_at > $2 AND t.expires_at > $2
         AND s.status = 'active' AND s.token_version = e.token_version
       RETURNING e.session_id AS "sessionId", e.staff_id AS "staffId", e.token_version AS "tokenVersion",
         e.expires_at AS "expiresAt"`,
      [hash, now],
    );
    return session ? this.tokens.issue(tx, session) : 'unknown';
  }

  private async endSessionOf(tx: Tx, hash: string, at: Date): Promise<'reused' | 'unknown'> {
    const [session] = await tx.query<{ staffId: string; sessionId: string }>(
      `SELECT e.staff_id AS "staffId", e.session_id AS "sessionId"
       FROM organization.refresh_token t JOIN organization.session e USING (session_id) WHERE t.token_hash = $1`,
      [hash],
    );
    if (!session) return 'unknown';
    await endSessions(tx, { staffId: session.staffId, only: session.sessionId, reason: 'refresh-token-reused', at });
    return 'reused';
  }
}
