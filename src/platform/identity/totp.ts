import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

// What every authenticator understands (RFC 6238): SHA-1, six digits, thirty seconds.
const SETTINGS = { issuer: 'Guibin', algorithm: 'SHA1', digits: 6, period: 30 };
/** Clocks of telephones may be one step off, in both directions. */
const WINDOW = 1;
const SECRET_BYTES = 20;

/** A new secret (base32), shown once, and the address that authenticators read from a QR code. */
export function newTotpSecret(login: string): { readonly secret: string; readonly uri: string } {
  const secret = new Secret({ size: SECRET_BYTES });
  return { secret: secret.base32, uri: new TOTP({ ...SETTINGS, label: login, secret }).toString() };
}

/**
 * The time step whose code this is, `undefined` when it is that of none around now. The caller must remember it: a code is good
 * once. (The library compares in constant time.)
 */
export function totpStepOf(code: string, secret: string, now: Date): number | undefined {
  const timestamp = now.getTime();
  const totp = new TOTP({ ...SETTINGS, secret });
  const delta = /^\d{6}$/.test(code) ? totp.validate({ token: code, timestamp, window: WINDOW }) : null;
  return delta === null ? undefined : totp.counter({ timestamp }) + delta;
}

/** A code to get in once when the authenticator is lost: eighty random bits, in groups that can be copied by hand. */
export function newRecoveryCode(): string {
  const letters = [...randomBytes(16)].map((byte) => RECOVERY_LETTERS[byte % 32]).join('');
  return letters.replace(/.{4}(?=.)/g, '$&-');
}

export const hashOfRecoveryCode = (code: string): string =>
  createHash('sha256')
    .update(code.toLowerCase().replace(/[^a-z2-9]/g, ''))
    .digest('hex');

/** Without those that are read for one another (0 o, 1 l). */
const RECOVERY_LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
