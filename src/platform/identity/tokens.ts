import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { jwtVerify, SignJWT } from 'jose';
import { Clock } from '../clock/index.js';
import { Settings } from '../config/index.js';
import { Refusal } from '../errors/index.js';

export interface TokenSubject {
  readonly staffId: string;
  /** Raised in the staff row to make every token issued before worthless. */
  readonly tokenVersion: number;
  /** The sign-in that the token belongs to: ended, it is worthless, too. */
  readonly sessionId: string;
}

export interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
  readonly expiresInSeconds: number;
}

export class InvalidCredentials extends Refusal {
  static readonly code = 'access.invalid-credentials';
  static readonly kind = 'unauthenticated';
  constructor(message = 'The token or API key is not valid (any more); sign in again') {
    super(InvalidCredentials.code, InvalidCredentials.kind, message);
  }
}

const ISSUER = 'guibin';

/** Access tokens of the staff: JWT, HS256. */
@Injectable()
export class Tokens {
  private readonly key: Uint8Array;
  private readonly lifetimeSeconds: number;

  constructor(
    settings: Settings,
    private readonly clock: Clock,
  ) {
    if (!settings.jwtSecret) throw new Error('There is no key to sign access tokens with');
    this.key = new TextEncoder().encode(settings.jwtSecret);
    this.lifetimeSeconds = settings.accessTokenSeconds;
  }

  /** Lives for `GUIBIN_ACCESS_TOKEN_SECONDS`, but not longer than its session. */
  async sign(subject: TokenSubject, sessionEndsAt?: Date): Promise<AccessToken> {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1000);
    const lastSecond = sessionEndsAt ? Math.floor(sessionEndsAt.getTime() / 1000) : Infinity;
    const expiresAt = Math.min(issuedAt + this.lifetimeSeconds, lastSecond);
    const token = await new SignJWT({ ver: subject.tokenVersion, sid: subject.sessionId })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(ISSUER)
      .setSubject(subject.staffId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(this.key);
    return { token, expiresAt: new Date(expiresAt * 1000), expiresInSeconds: expiresAt - issuedAt };
  }

  /** @throws InvalidCredentials for a token that is foreign, altered or expired. */
  async verify(token: string): Promise<TokenSubject> {
    const options = {
      algorithms: ['HS256'],
      issuer: ISSUER,
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: this.clock.now(),
    };
    const { payload } = await jwtVerify(token, this.key, options).catch(() => {
      throw new InvalidCredentials();
    });
    const { sub, ver, sid } = payload;
    if (sub === undefined || typeof ver !== 'number' || typeof sid !== 'string') throw new InvalidCredentials();
    return { staffId: sub, tokenVersion: ver, sessionId: sid };
  }
}

/** A new refresh token, shown once, and the hash under which it is stored. */
export function newRefreshToken(): { readonly token: string; readonly hash: string } {
  const token = `gbr_${randomBytes(32).toString('base64url')}`;
  return { token, hash: hashOfRefreshToken(token) };
}

// A plain digest suffices: 256 random bits cannot be guessed. Looked up by hash, no secret is compared byte by byte.
export const hashOfRefreshToken = (token: string): string => createHash('sha256').update(token).digest('hex');
