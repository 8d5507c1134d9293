import { Injectable } from '@nestjs/common';
import { jwtVerify, SignJWT } from 'jose';
import { Clock } from '../clock/index.js';
import { Settings } from '../config/index.js';
import { Refusal } from '../errors/index.js';

export interface TokenSubject {
  readonly staffId: string;
  /** Raised in the staff row to make every token issued before worthless. */
  readonly tokenVersion: number;
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
const LIFETIME_SECONDS = 12 * 3600; // One long shift.

/** Access tokens of the staff: JWT, HS256, short enough not to need a refresh. */
@Injectable()
export class Tokens {
  private readonly key: Uint8Array;

  constructor(
    settings: Settings,
    private readonly clock: Clock,
  ) {
    if (!settings.jwtSecret) throw new Error('There is no key to sign access tokens with');
    this.key = new TextEncoder().encode(settings.jwtSecret);
  }

  async sign(subject: TokenSubject): Promise<AccessToken> {
    const issuedAt = Math.floor(this.clock.now().getTime() / 1000);
    const expiresAt = issuedAt + LIFETIME_SECONDS;
    const token = await new SignJWT({ ver: subject.tokenVersion })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer(ISSUER)
      .setSubject(subject.staffId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
      .sign(this.key);
    return { token, expiresAt: new Date(expiresAt * 1000), expiresInSeconds: LIFETIME_SECONDS };
  }

  /** @throws InvalidCredentials for a token that is foreign, altered or expired. */
  async verify(token: string): Promise<TokenSubject> {
    const options = {
      algorithms: ['HS256'],
      issuer: ISSUER,
      requiredClaims: ['sub', 'exp'],
      currentDate: this.clock.now(),
    };
    const { payload } = await jwtVerify(token, this.key, options).catch(() => {
      throw new InvalidCredentials();
    });
    if (payload.sub === undefined || typeof payload['ver'] !== 'number') throw new InvalidCredentials();
    return { staffId: payload.sub, tokenVersion: payload['ver'] };
  }
}
