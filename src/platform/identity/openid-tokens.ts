import { Injectable } from '@nestjs/common';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey, RemoteJWKSet } from 'jose';
import { Clock } from '../clock/index.js';
import { Settings } from '../config/index.js';
import { Refusal } from '../errors/index.js';
import { InvalidCredentials } from './tokens.js';

/** Who somebody is at the OpenID Connect issuer. */
export interface ExternalIdentity {
  /** Issuer and subject: subjects of two issuers are two people. */
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly unitCode: string;
}

export class IssuerUnavailable extends Refusal {
  static readonly code = 'access.issuer-unavailable';
  static readonly kind = 'unavailable';
  constructor() {
    const message = 'The keys of the OpenID Connect issuer cannot be read at the moment';
    super(IssuerUnavailable.code, IssuerUnavailable.kind, message, { retryAfterSeconds: 10 });
  }
}

/** Signatures that only the issuer can make. With HS256 among them, its public key would do as a shared secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'];
/** Headers by which a token would bring its own key. */
const BRINGS_A_KEY = ['jwk', 'jku', 'x5u', 'x5c'];
const TIMEOUT_MS = 5_000;
/** However long the issuer lets its tokens live. */
const OLDEST = '24h';
const CLOCKS_DIFFER_SECONDS = 30;

/** Access tokens of the operator's own OpenID Connect issuer (OIDC_ISSUER), verified with the keys that it publishes. */
@Injectable()
export class OpenIdTokens {
  private readonly issuer: string | undefined;
  private keys: Promise<RemoteJWKSet> | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {
    this.issuer = settings.oidcIssuer;
  }

  /** Whether the token says to be of the issuer. Believed only as far as to choose who verifies it. */
  claims(token: string): boolean {
    if (this.issuer === undefined) return false;
    try {
      return decodeJwt(token).iss === this.issuer;
    } catch {
      return false;
    }
  }

  /** @throws InvalidCredentials for a token that is foreign, altered, expired or not meant for us; IssuerUnavailable */
  async verify(token: string): Promise<ExternalIdentity> {
    const { issuer, settings } = this;
    if (issuer === undefined || settings.oidcAudience === undefined) throw new InvalidCredentials();
    try {
      const header = decodeProtectedHeader(token);
      if (BRINGS_A_KEY.some((name) => name in header)) throw new InvalidCredentials();
      const { payload } = await jwtVerify(token, this.publishedKey, {
        algorithms: ALGORITHMS,
        issuer,
        audience: settings.oidcAudience,
        requiredClaims: ['sub', 'exp', 'iat'],
        maxTokenAge: OLDEST,
        clockTolerance: CLOCKS_DIFFER_SECONDS,
        currentDate: this.clock.now(),
      });
      return this.identityOf(issuer, payload);
    } catch (error) {
      if (error instanceof IssuerUnavailable) throw error;
      throw new InvalidCredentials();
    }
  }

  private readonly publishedKey: JWTVerifyGetKey = async (header, token) => {
    const keys = await (this.keys ??= this.discover());
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new IssuerUnavailable();
    }
  };

  /** Once; when it fails, the next token tries again. The library then keeps the keys, and asks again for one it does not know. */
  private async discover(): Promise<RemoteJWKSet> {
    try {
      const { issuer = '' } = this;
      const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const found = (await response.json()) as { readonly issuer?: unknown; readonly jwks_uri?: unknown };
      const address = new URL(String(found.jwks_uri));
      // Keys that come over a worse line than we were told to trust are nobody's.
      if (found.issuer !== issuer || address.protocol !== new URL(issuer).protocol) throw new IssuerUnavailable();
      return createRemoteJWKSet(address, { timeoutDuration: TIMEOUT_MS });
    } catch {
      this.keys = undefined;
      throw new IssuerUnavailable();
    }
  }

  private identityOf(issuer: string, payload: JWTPayload): ExternalIdentity {
    const { oidcRolesClaim, oidcUnitClaim } = this.settings;
    const subject = textOf(payload.sub, 255);
    if (subject === undefined) throw new InvalidCredentials();
    const roles = payload[oidcRolesClaim];
    return {
      subject: `${issuer} ${subject}`,
      name: textOf(payload['name'], 100) ?? textOf(payload['preferred_username'], 100) ?? 'Without a name',
      roles: (Array.isArray(roles) ? roles : String(roles ?? '').split(' ')).flatMap((role) => textOf(role, 64) ?? []),
      unitCode: textOf(payload[oidcUnitClaim], 64) ?? '',
    };
  }
}

/** A claim that can be stored; issuers put anything into claims. */
function textOf(claim: unknown, maxLength: number): string | undefined {
  if (typeof claim !== 'string' || /\p{Cc}/u.test(claim)) return undefined;
  return claim.length > 0 && claim.length <= maxLength ? claim : undefined;
}
