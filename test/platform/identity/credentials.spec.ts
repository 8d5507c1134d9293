import { SignJWT } from 'jose';
import type { Clock } from '../../../src/platform/clock/index.js';
import { loadSettings } from '../../../src/platform/config/index.js';
import {
  hashOfApiKey,
  hashPassword,
  InvalidCredentials,
  newApiKey,
  Tokens,
  verifyPassword,
} from '../../../src/platform/identity/index.js';
import { TestClock } from '../../support/clock.js';

const secret = 's'.repeat(40);
const tokensWith = (jwtSecret: string, clock: Clock) =>
  new Tokens(Object.assign(loadSettings({}), { jwtSecret }), clock);

describe('access tokens', () => {
  const clock = new TestClock('2026-02-01T08:00:00+08:00');
  const tokens = tokensWith(secret, clock);
  const subject = { staffId: 's1', tokenVersion: 3, sessionId: 'e1' };
  const forge = (alg: string, claims: object, key: string) =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg })
      .setIssuedAt()
      .setExpirationTime('2h')
      .sign(new TextEncoder().encode(key));

  it('tell who it was signed for, for an hour', async () => {
    const { token, expiresAt } = await tokens.sign(subject);
    expect(await tokens.verify(token)).toEqual(subject);
    expect(expiresAt.toISOString()).toBe('2026-02-01T01:00:00.000Z');
    const later = tokensWith(secret, new TestClock('2026-02-01T09:00:01+08:00'));
    await expect(later.verify(token)).rejects.toThrow(InvalidCredentials);
  });

  it('are refused when altered, foreign, or without what we put in', async () => {
    const { token } = await tokens.sign(subject);
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${token.split('.')[1]}.`;
    const bad = [
      none,
      `${token}x`,
      await forge('HS512', { iss: 'guibin', sub: 's1', ver: 1, sid: 'e1' }, secret.repeat(2)),
      await forge('HS256', { iss: 'other', sub: 's1', ver: 1, sid: 'e1' }, secret),
      await forge('HS256', { iss: 'guibin', ver: 1, sid: 'e1' }, secret),
      await forge('HS256', { iss: 'guibin', sub: 's1', sid: 'e1' }, secret),
      await forge('HS256', { iss: 'guibin', sub: 's1', ver: 1 }, secret),
      await forge(
        'HS256',
        { iss: 'guibin', sub: 's1', ver: 1, sid: 'e1' },
        'another key of forty characters, at least',
      ),
      'nonsense',
    ];
    for (const token of bad) await expect(tokens.verify(token)).rejects.toThrow(InvalidCredentials);
  });
});

describe('passwords and API keys', () => {
  it('a password is stored as argon2id and found again', async () => {
    const hash = await hashPassword('贵宾-2026');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword('贵宾-2026', hash)).toBe(true);
    expect(await verifyPassword('贵宾-2025', hash)).toBe(false);
  });

  it('a login that nobody has takes as long as one that somebody has', async () => {
    const hash = await hashPassword('x');
    const took = async (hash: string | undefined): Promise<number> => {
      const from = performance.now();
      expect(await verifyPassword('y', hash)).toBe(false);
      return performance.now() - from;
    };
    // In turn, and the fastest of each: what else the machine does only ever adds.
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let i = 0; i < 8; i++) {
      known.push(await took(hash));
      unknown.push(await took(undefined));
    }
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 3);
  });

  it('an API key is stored as its digest only', () => {
    const { key, hash } = newApiKey();
    expect(key).toMatch(/^gbk_[\w-]{43}$/);
    expect(hash).toBe(hashOfApiKey(key));
    expect(newApiKey().key).not.toBe(key);
  });
});
