import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, type Tx } from '../../../platform/database/index.js';
import { newRefreshToken, Tokens, type AccessToken } from '../../../platform/identity/index.js';
import { refreshableUntil, sessionEndsAt, SESSIONS_ARE_KEPT_DAYS } from '../domain/session.js';

/** From where somebody signs in. */
export interface Arrival {
  readonly clientAddress: string;
  readonly requestId: string;
}

/** What a session is used with. Both tokens are shown this once; of the refresh token only the hash is stored. */
export interface SessionTokens extends AccessToken {
  readonly sessionId: string;
  /** Good for one use, which answers the next one. */
  readonly refreshToken: string;
  readonly refreshExpiresInSeconds: number;
}

export interface LiveSession {
  readonly sessionId: string;
  readonly staffId: string;
  readonly tokenVersion: number;
  readonly expiresAt: Date;
}

/** Opens sessions and hands out their tokens. */
@Injectable()
export class IssueSessionTokens {
  constructor(
    private readonly tokens: Tokens,
    private readonly clock: Clock,
  ) {}

  async open(
    tx: Tx,
    who: { readonly staffId: string; readonly tokenVersion: number; readonly secondFactor: boolean },
    { clientAddress }: Pick<Arrival, 'clientAddress'>,
  ): Promise<SessionTokens> {
    const now = this.clock.now();
    await this.forget(tx, who.staffId, now);
    const session = { ...who, sessionId: newId(), expiresAt: sessionEndsAt(now) };
    await tx.query(
      `INSERT INTO organization.session
         (session_id, staff_id, token_version, second_factor, client_address, created_at, last_used_at, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6, $6, $7)`,
      [session.sessionId, who.staffId, who.tokenVersion, who.secondFactor, clientAddress, now, session.expiresAt],
    );
    return this.issue(tx, session);
  }

  /** Tokens for a session that lives. */
  async issue(tx: Tx, session: LiveSession): Promise<SessionTokens> {
    const now = this.clock.now();
    const access = await this.tokens.sign(session, session.expiresAt);
    const { token: refreshToken, hash } = newRefreshToken();
    const expiresAt = refreshableUntil(access.expiresAt, session.expiresAt);
    await tx.query(
      `INSERT INTO organization.refresh_token (token_hash, session_id, issued_at, expires_at) VALUES ($1, $2, $3, $4)`,
      [hash, session.sessionId, now, expiresAt],
    );
    const refreshExpiresInSeconds = Math.floor((expiresAt.getTime() - now.getTime()) / 1000);
    return { ...access, sessionId: session.sessionId, refreshToken, refreshExpiresInSeconds };
  }

  /** What the person left behind: so no job is needed, and nobody's rows pile up. */
  private async forget(tx: Tx, staffId: string, now: Date): Promise<void> {
    await tx.query(
      `DELETE FROM organization.refresh_token t USING organization.session e
       WHERE t.session_id = e.session_id AND e.staff_id = $1 AND e.expires_at < $2`,
      [staffId, now],
    );
    await tx.query(`DELETE FROM organization.session WHERE staff_id = $1 AND expires_at < $2`, [
      staffId,
      new Date(now.getTime() - SESSIONS_ARE_KEPT_DAYS * 86_400_000),
    ]);
  }
}
