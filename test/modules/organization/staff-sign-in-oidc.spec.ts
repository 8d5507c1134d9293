import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type GenerateKeyPairResult, type JWK } from 'jose';
import { newId } from '../../../src/platform/database/index.js';
import { startSignIn, type SignInWorld } from './staff-sign-in-world.js';

interface Signer {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: GenerateKeyPairResult['privateKey'];
  readonly publicKey: GenerateKeyPairResult['publicKey'];
}

const newSigner = async (alg: string): Promise<Signer> => ({
  kid: `${alg}-${newId()}`,
  alg,
  ...(await generateKeyPair(alg, { extractable: true })),
});
const jwkOf = async ({ kid, alg, publicKey }: Signer): Promise<JWK> => ({
  ...(await exportJWK(publicKey)),
  kid,
  alg,
  use: 'sig',
});

/** An OpenID Connect issuer as small as one can be: a discovery document and keys. */
async function startIssuer() {
  const answers = new Map<string, () => object | undefined>();
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const body = answers.get(request.url ?? '')?.();
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const published: JWK[] = [];
  answers.set('/.well-known/openid-configuration', () => ({ issuer: url, jwks_uri: `${url}/keys` }));
  answers.set('/keys', () => ({ keys: published }));
  return {
    url,
    asked,
    answers,
    publish: async (...signers: readonly Signer[]) => {
      for (const signer of signers) published.push(await jwkOf(signer));
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

describe('[AUD-05] signing in at the OpenID Connect issuer of the operator', () => {
  let world: SignInWorld;
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  let rsa: Signer;
  let administrator: string;
  const AUDIENCE = 'guibin-api';

  beforeAll(async () => {
    issuer = await startIssuer();
    rsa = await newSigner('RS256');
    await issuer.publish(rsa);
    world = await startSignIn({
      oidcIssuer: issuer.url,
      oidcAudience: AUDIENCE,
      oidcRolesClaim: 'roles',
      oidcUnitClaim: 'unit',
      jwtSecret: SECRET,
    });
    administrator = (await world.signIn((await world.member('administrator')).login)).body.accessToken;
    const [root] = (await world.ask('GET', '/unit?kind=group', administrator)).body;
    for (const [kind, code] of [
      ['province', '440000'],
      ['hall', 'twice'],
      ['branch', 'twice'],
    ] as const)
      await world.post('/unit', { parentId: root.id, kind, code, name: code }, administrator);
  });
  afterAll(async () => {
    await world.close();
    await issuer.close();
  });

  const SECRET = 'x'.repeat(40);
  const seconds = (): number => Math.floor(world.clock.now().getTime() / 1000);
  const claims = (changes: object = {}): Record<string, unknown> => ({
    iss: issuer.url,
    aud: AUDIENCE,
    sub: 'wang-fang',
    name: 'Wang Fang',
    roles: ['hotline-agent'],
    unit: '440000',
    iat: seconds() - 5,
    exp: seconds() + 300,
    ...changes,
  });
  const sign = (payload: object, { kid, alg, privateKey }: Signer, header: object = {}): Promise<string> =>
    new SignJWT({ ...payload }).setProtectedHeader({ alg, kid, ...header }).sign(privateKey);
  const tokenOf = (changes: object = {}, signer = rsa): Promise<string> => sign(claims(changes), signer);
  const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const codeOf = ({ status, body }: { status: number; body: { code?: string } | undefined }) => [status, body?.code];
  const staffOf = (subject: string) =>
    world.db.query<{
      staff_id: string;
      login: string;
      display_name: string;
      roles: string[];
      code: string;
      version: number;
    }>(
      `SELECT s.staff_id, s.login, s.display_name, s.roles, u.code, s.version
       FROM organization.staff s JOIN organization.unit u USING (unit_id) WHERE external_subject = $1`,
      [`${issuer.url} ${subject}`],
    );

  it('lets people in with the roles and the unit that the issuer names', async () => {
    const token = await tokenOf();
    expect((await world.ask('GET', '/unit', token)).status).toBe(200);
    expect((await world.ask('GET', '/apiKey', token)).status).toBe(403);
    expect(await staffOf('wang-fang')).toEqual([
      expect.objectContaining({ display_name: 'Wang Fang', roles: ['hotline-agent'], code: '440000', version: 1 }),
    ]);
    await world.ask('GET', '/unit', await tokenOf({ roles: 'hotline-agent' }));
    expect((await staffOf('wang-fang'))[0]?.version).toBe(1);
  });

  it('follows what the issuer says later', async () => {
    const sub = newId();
    await world.ask('GET', '/unit', await tokenOf({ sub }));
    const token = await tokenOf({ sub, name: '王芳', roles: ['viewer', 'analyst', 'boss', 'emperor'], unit: 'GROUP' });
    expect((await world.ask('GET', '/unit', token)).status).toBe(200);
    expect(await staffOf(sub)).toEqual([
      expect.objectContaining({ display_name: '王芳', roles: ['analyst', 'viewer'], code: 'GROUP', version: 2 }),
    ]);
  });

  it('makes one row of somebody who comes twenty times at once', async () => {
    const sub = newId();
    const token = await tokenOf({ sub });
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.ask('GET', '/unit', token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await staffOf(sub)).toHaveLength(1);
  });

  it.each([
    ['no role', { roles: [] }, 'access.no-known-role'],
    ['roles of systems only', { roles: ['boss', 'pbx', 'customer'] }, 'access.no-known-role'],
    ['roles that nobody knows', { roles: ['emperor', '*', ''] }, 'access.no-known-role'],
    ['roles of no shape', { roles: { hotline: true } }, 'access.no-known-role'],
    ['roles with a NUL', { roles: ['a\0b', 7, null] }, 'access.no-known-role'],
    ['no unit', { unit: undefined }, 'access.unknown-unit'],
    ['a unit that nobody knows', { unit: '999999' }, 'access.unknown-unit'],
    ['a unit of no shape', { unit: ['440000'] }, 'access.unknown-unit'],
    ['a code that two units have', { unit: 'twice' }, 'access.unknown-unit'],
  ])('refuses, registers and does not keep somebody with %s', async (_what, changes, code) => {
    const sub = newId();
    expect(codeOf(await world.ask('GET', '/unit', await tokenOf({ sub, ...changes })))).toEqual([403, code]);
    expect(await staffOf(sub)).toEqual([]);
    expect((await world.refusals()).at(-1)).toBe(code);
  });

  it('keeps out whom an administrator here deactivated, whatever the issuer says', async () => {
    const sub = newId();
    await world.ask('GET', '/unit', await tokenOf({ sub }));
    const [{ staff_id } = { staff_id: '' }] = await staffOf(sub);
    await world.ask('PATCH', `/staff/${staff_id}`, administrator, { status: 'deactivated' });
    for (const roles of [['hotline-agent'], ['viewer']])
      expect(codeOf(await world.ask('GET', '/unit', await tokenOf({ sub, roles })))).toEqual([
        401,
        'access.invalid-credentials',
      ]);
    expect((await staffOf(sub))[0]?.roles).toEqual(['hotline-agent']);
  });

  it('gives such people no password, no session and no authenticator here', async () => {
    const sub = newId();
    const token = await tokenOf({ sub });
    await world.ask('GET', '/unit', token);
    const [{ staff_id, login } = { staff_id: '', login: '' }] = await staffOf(sub);
    for (const password of ['', 'x', 'null', 'undefined'])
      expect((await world.signIn(login, { password })).status).not.toBe(200);
    expect(codeOf(await world.post('/me/totp', { password: 'x' }, token))).toEqual([403, 'access.permission-missing']);
    expect(
      codeOf(await world.ask('PATCH', `/staff/${staff_id}`, administrator, { password: 'a long phrase for nobody' })),
    ).toEqual([409, 'organization.signs-in-elsewhere']);
  });

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('takes keys of %s, and asks for them once', async (alg) => {
    const fresh = await startIssuer();
    const signer = await newSigner(alg);
    await fresh.publish(rsa, signer);
    const other = await startSignIn({ oidcIssuer: fresh.url, oidcAudience: AUDIENCE });
    const token = await sign(claims({ iss: fresh.url, unit: 'GROUP' }), signer);
    expect((await other.ask('GET', '/unit', token)).status).toBe(200);
    expect((await other.ask('GET', '/unit', token)).status).toBe(200);
    expect(fresh.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
    await other.close();
    await fresh.close();
  });

  describe('is not fooled by', () => {
    const refused = async (token: string): Promise<void> =>
      expect(codeOf(await world.ask('GET', '/unit', token))).toEqual([401, 'access.invalid-credentials']);
    const secretOf = (text: string): Uint8Array => new TextEncoder().encode(text);

    it('a token without signature', async () => {
      for (const alg of ['none', 'None', 'NONE', '']) {
        await refused(`${encoded({ alg })}.${encoded(claims())}.`);
        await refused(`${encoded({ alg, kid: rsa.kid })}.${encoded(claims())}.${(await tokenOf()).split('.')[2]}`);
      }
    });

    it('the public key as a shared secret', async () => {
      const pem = await exportSPKI(rsa.publicKey);
      const jwk = JSON.stringify(await jwkOf(rsa));
      const { n = '' } = await jwkOf(rsa);
      for (const secret of [
        secretOf(pem),
        secretOf(pem.trim()),
        secretOf(`${pem.trim()}\n`),
        secretOf(jwk),
        Buffer.from(n, 'base64url'),
      ])
        for (const alg of ['HS256', 'HS384', 'HS512'])
          await refused(await new SignJWT(claims()).setProtectedHeader({ alg, kid: rsa.kid }).sign(secret));
    });

    it('our own key in the name of the issuer, and the key of the issuer in our own', async () => {
      await refused(await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(secretOf(SECRET)));
      const { staffId } = await world.member('administrator');
      const own = { iss: 'guibin', sub: staffId, ver: 1, sid: newId(), iat: seconds(), exp: seconds() + 300 };
      await refused(await sign(own, rsa));
      await refused(
        await new SignJWT({ ...own, iss: [issuer.url, 'guibin'] as never })
          .setProtectedHeader({ alg: 'HS256' })
          .sign(secretOf(SECRET)),
      );
    });

    it('a key that the issuer never published, however it is named', async () => {
      const stranger = await newSigner('RS256');
      await refused(await sign(claims(), stranger));
      await refused(await sign(claims(), { ...stranger, kid: rsa.kid }));
      for (const kid of ['', '../../keys', "' OR 1=1", 'x'.repeat(4000)])
        await refused(await sign(claims(), { ...stranger, kid }));
      await refused(await new SignJWT(claims()).setProtectedHeader({ alg: 'RS256' }).sign(stranger.privateKey));
    });

    it('a token that brings its own key, even one that the issuer signed', async () => {
      const stranger = await newSigner('RS256');
      const jwk = await jwkOf(stranger);
      const elsewhere = await startIssuer();
      await elsewhere.publish(stranger);
      for (const header of [
        { jwk },
        { jku: `${elsewhere.url}/keys` },
        { x5u: `${elsewhere.url}/keys` },
        { x5c: ['AAAA'] },
      ]) {
        await refused(await sign(claims(), stranger, header));
        await refused(await sign(claims(), { ...stranger, kid: rsa.kid }, header));
        await refused(await sign(claims(), rsa, header));
      }
      expect(elsewhere.asked).toEqual([]);
      await elsewhere.close();
    });

    it('an algorithm that the key is not for, or that is not asked for', async () => {
      const key = { kid: rsa.kid, publicKey: rsa.publicKey };
      const { privateKey } = await generateKeyPair('RS384', { extractable: true });
      await refused(await sign(claims(), { ...key, alg: 'RS384', privateKey }));
      const ec = await newSigner('ES256');
      await refused(await sign(claims(), { ...ec, kid: rsa.kid }));
    });

    it.each([
      ['for somebody else', () => ({ aud: 'another-application' })],
      ['for nobody', () => ({ aud: undefined })],
      ['of another issuer', () => ({ iss: `${issuer.url}/` })],
      ['that is over', () => ({ exp: seconds() - 31 })],
      ['without end', () => ({ exp: undefined })],
      ['not yet begun', () => ({ nbf: seconds() + 31 })],
      ['of tomorrow', () => ({ iat: seconds() + 31 })],
      ['that never says when it was made', () => ({ iat: undefined })],
      ['of last year that still lives', () => ({ iat: seconds() - 366 * 86_400 })],
      ['of nobody', () => ({ sub: undefined })],
      ['of an empty subject', () => ({ sub: '' })],
      ['of a subject with a NUL', () => ({ sub: 'a\0b' })],
      ['of an endless subject', () => ({ sub: 'x'.repeat(256) })],
      ['of a subject that is a list', () => ({ sub: ['wang-fang'] })],
    ])('a token %s', async (_what, changes) => refused(await tokenOf(changes())));

    it('an altered token', async () => {
      const [head = '', , signature = ''] = (await tokenOf()).split('.');
      await refused(`${head}.${encoded(claims({ roles: ['administrator'] }))}.${signature}`);
    });
  });

  it('says that the issuer is away when it is, and recovers with it', async () => {
    const shaky = await startIssuer();
    await shaky.publish(rsa);
    const other = await startSignIn({ oidcIssuer: shaky.url, oidcAudience: AUDIENCE });
    const token = await tokenOf({ iss: shaky.url, unit: 'GROUP' });
    const discovery = '/.well-known/openid-configuration';
    const right = shaky.answers.get(discovery) ?? (() => undefined);
    for (const wrong of [
      () => undefined,
      () => ({ issuer: 'https://evil.example', jwks_uri: `${shaky.url}/keys` }),
      () => ({ issuer: shaky.url, jwks_uri: 'file:///etc/passwd' }),
      () => ({ issuer: shaky.url }),
    ]) {
      shaky.answers.set(discovery, wrong);
      expect(codeOf(await other.ask('GET', '/unit', token))).toEqual([503, 'access.issuer-unavailable']);
    }
    expect(shaky.asked).not.toContain('/keys');
    shaky.answers.set(discovery, right);
    expect((await other.ask('GET', '/unit', token)).status).toBe(200);
    await other.close();
    await shaky.close();
  });

  it('knows no issuer unless one is set', async () => {
    const closed = await startSignIn();
    expect(codeOf(await closed.ask('GET', '/unit', await tokenOf({ unit: 'GROUP' })))).toEqual([
      401,
      'access.invalid-credentials',
    ]);
    await closed.close();
  });
});
