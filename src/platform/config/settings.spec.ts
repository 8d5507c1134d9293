import { InvalidSettings, loadSettings, variables } from './settings.js';

const key = Buffer.alloc(32, 7).toString('base64');

describe('settings', () => {
  it('have defaults that run on a bare machine', () => {
    expect(loadSettings({})).toMatchObject({
      role: 'all',
      port: 3000,
      host: '127.0.0.1',
      demoCustomers: 20000,
      docsEnabled: true,
      databaseUrl: undefined,
      redisUrl: undefined,
      publicUrl: 'http://localhost:3000',
    });
  });

  it('names every bad variable at once, and shows no value', () => {
    const bad = {
      PORT: 'abc',
      GUIBIN_ROLE: 'boss',
      DATABASE_URL: 'mysql://secret@host/db',
      GUIBIN_INDEX_KEY: 'c2hvcnQ=',
    };
    expect(() => loadSettings(bad)).toThrow(InvalidSettings);
    const { problems } = refusalOf(bad);
    expect(problems).toHaveLength(4);
    for (const name of Object.keys(bad)) expect(problems.join('\n')).toContain(name);
    expect(problems.join('\n')).not.toMatch(/secret|c2hvcnQ|abc/);
  });

  it('demand keys from outside beside a database from outside', () => {
    const { problems } = refusalOf({ DATABASE_URL: 'postgres://u:p@h/db' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'GUIBIN_JWT_SECRET',
      'GUIBIN_DATA_KEYS',
      'GUIBIN_INDEX_KEY',
    ]);
    const settings = loadSettings({
      DATABASE_URL: 'postgres://u:p@h/db',
      GUIBIN_JWT_SECRET: 'x'.repeat(32),
      GUIBIN_DATA_KEYS: `2026:${key},2025:${key}`,
      GUIBIN_INDEX_KEY: key,
    });
    expect(settings.dataKeys?.map(({ id }) => id)).toEqual(['2026', '2025']);
  });

  it('close the console in production unless it is asked for', () => {
    expect(loadSettings({ NODE_ENV: 'production' }).docsEnabled).toBe(false);
    expect(loadSettings({ NODE_ENV: 'production', GUIBIN_DOCS: 'true' }).docsEnabled).toBe(true);
  });

  it('ask administrators for one-time codes in production unless told otherwise', () => {
    expect(loadSettings({}).adminTotp).toBe('optional');
    expect(loadSettings({ NODE_ENV: 'production' }).adminTotp).toBe('required');
    expect(loadSettings({ NODE_ENV: 'production', GUIBIN_ADMIN_TOTP: 'optional' }).adminTotp).toBe('optional');
  });

  it('take an OpenID Connect issuer only over a safe line, and only with the audience of its tokens', () => {
    const withIssuer = (OIDC_ISSUER: string) => ({ OIDC_ISSUER, OIDC_AUDIENCE: 'guibin-api' });
    expect(loadSettings(withIssuer('https://sso.example/realms/care')).oidcRolesClaim).toBe('roles');
    expect(loadSettings(withIssuer('http://localhost:8080/realms/care')).oidcUnitClaim).toBe('unit');
    for (const bad of ['http://sso.example', 'http://localhost.evil.example', 'guibin', 'file:///etc/passwd'])
      expect(refusalOf(withIssuer(bad)).problems).toEqual([expect.stringContaining('OIDC_ISSUER must be')]);
    expect(refusalOf({ OIDC_ISSUER: 'https://sso.example' }).problems).toEqual([
      'OIDC_AUDIENCE must be given with OIDC_ISSUER',
    ]);
  });

  it('describe themselves', () => {
    for (const { name, description, expected } of Object.values(variables)) {
      expect(name).toMatch(/^[A-Z_]+$/);
      expect(description.length * expected.length).toBeGreaterThan(0);
    }
  });
});

function refusalOf(environment: Record<string, string>): InvalidSettings {
  try {
    loadSettings(environment);
  } catch (error) {
    if (error instanceof InvalidSettings) return error;
    throw error;
  }
  throw new Error('The environment was accepted');
}
