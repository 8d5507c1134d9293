import { rotate, stateOf, type ClientSecret } from './client-secret.js';
import { ApiKeyRevoked, RotationUnderWay } from './refusals.js';

const now = new Date('2026-02-01T09:00:00+08:00');
const inHours = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000);
const secret = (secretId: string, given: Partial<ClientSecret> = {}): ClientSecret => ({
  secretId,
  createdAt: inHours(-1000),
  expiresAt: undefined,
  revokedAt: undefined,
  ...given,
});

describe('a key of a system', () => {
  it('is good until the moment in which it expires', () => {
    expect(stateOf(secret('a'), now)).toBe('live');
    expect(stateOf(secret('a', { expiresAt: new Date(now.getTime() + 1) }), now)).toBe('live');
    expect(stateOf(secret('a', { expiresAt: now }), now)).toBe('expired');
  });

  it('that was revoked is revoked, whatever else it was', () => {
    expect(stateOf(secret('a', { revokedAt: inHours(1), expiresAt: inHours(-1) }), now)).toBe('revoked');
  });
});

describe('rotating the key of a system', () => {
  it('lets the old one live on for the overlap', () => {
    expect(rotate([secret('old')], 24, now)).toEqual([{ secretId: 'old', expiresAt: inHours(24) }]);
  });

  it('does not lengthen the life of one that ends before', () => {
    expect(rotate([secret('old', { expiresAt: inHours(2) })], 24, now)).toEqual([
      { secretId: 'old', expiresAt: inHours(2) },
    ]);
  });

  it('is refused while two are good, and says until when', () => {
    const two = [secret('old', { expiresAt: inHours(5) }), secret('new')];
    expect(() => rotate(two, 24, now)).toThrow(RotationUnderWay);
    expect(() => rotate(two, 24, now)).toThrow(
      expect.objectContaining({ facts: expect.objectContaining({ until: inHours(5).toISOString() }) }),
    );
  });

  it('without overlap ends all of them at once', () => {
    expect(rotate([secret('old', { expiresAt: inHours(5) }), secret('lost')], 0, now)).toEqual([
      { secretId: 'old', expiresAt: now },
      { secretId: 'lost', expiresAt: now },
    ]);
  });

  it('does not wake a dead one', () => {
    const dead = secret('dead', { expiresAt: inHours(-1) });
    expect(rotate([dead, secret('old')], 1, now)).toEqual([{ secretId: 'old', expiresAt: inHours(1) }]);
    expect(() => rotate([dead, secret('gone', { revokedAt: inHours(-1) })], 0, now)).toThrow(ApiKeyRevoked);
  });
});
