import { Injectable } from '@nestjs/common';
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose';
import { hkdfSync } from 'node:crypto';
import { Clock } from '../clock/index.js';
import { Settings } from '../config/index.js';
import { InvalidCredentials } from './tokens.js';

export interface CustomerTokenSubject {
  readonly customerId: string;
  readonly sessionId: string;
}

const TYPE = 'customer+jwt';
const CLAIMS = { issuer: 'guibin', audience: 'guibin-online-hall' } as const;

/**
 * Access tokens of customers. They can never pass as the staff's, nor the other way round: the key is another one, derived for
 * them alone, and so are type and audience.
 */
@Injectable()
export class CustomerTokens {
  private readonly key: Uint8Array;

  constructor(
    settings: Settings,
    private readonly clock: Clock,
  ) {
    if (!settings.jwtSecret) throw new Error('There is no key to sign access tokens with');
    this.key = new Uint8Array(hkdfSync('sha256', settings.jwtSecret, '', 'access tokens of customers', 32));
  }

  sign(subject: CustomerTokenSubject, provedAt: Date, expiresAt: Date): Promise<string> {
    return new SignJWT({ sid: subject.sessionId, auth_time: secondsOf(provedAt) })
      .setProtectedHeader({ alg: 'HS256', typ: TYPE })
      .setIssuer(CLAIMS.issuer)
      .setAudience(CLAIMS.audience)
      .setSubject(subject.customerId)
      .setIssuedAt(secondsOf(this.clock.now()))
      .setExpirationTime(secondsOf(expiresAt))
      .sign(this.key);
  }

  /** @throws InvalidCredentials for a token that is foreign, altered or expired. */
  async verify(token: string): Promise<CustomerTokenSubject> {
    const options = {
      ...CLAIMS,
      algorithms: ['HS256'],
      typ: TYPE,
      requiredClaims: ['sub', 'exp'],
      currentDate: this.clock.now(),
    };
    const { payload } = await jwtVerify(token, this.key, options).catch(() => {
      throw new InvalidCredentials();
    });
    if (payload.sub === undefined || typeof payload['sid'] !== 'string') throw new InvalidCredentials();
    return { customerId: payload.sub, sessionId: payload['sid'] };
  }
}

/** What a token says to be. Believed only as far as to choose who verifies it. */
export function claimsToBeCustomers(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === TYPE;
  } catch {
    return false;
  }
}

const secondsOf = (instant: Date): number => Math.floor(instant.getTime() / 1000);
