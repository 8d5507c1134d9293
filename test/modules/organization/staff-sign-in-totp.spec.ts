import { jest } from '@jest/globals';
import { TOTP, URI } from 'otpauth';
import { PASSWORD, startSignIn, type SignInWorld } from './staff-sign-in-world.js';

describe('[AUD-05] one-time codes beside the password', () => {
  let world: SignInWorld;
  beforeAll(async () => {
    world = await startSignIn({ adminTotp: 'required' });
  });
  afterAll(() => world.close());
  beforeEach(() => world.clock.set('2026-02-01T09:00:05+08:00'));

  const STEP = 30;
  const codeOf = ({ status, body }: { status: number; body: { code?: string } | undefined }) => [status, body?.code];
  const NEEDED = [401, 'access.one-time-code-needed'];
  /** What the authenticator shows so many steps from now. */
  const shown = (secret: string, steps = 0): string =>
    new TOTP({ secret }).generate({ timestamp: world.clock.now().getTime() + steps * STEP * 1000 });
  const enrolled = async (who: string | { login: string; staffId: string } = 'hotline-agent') => {
    const { login, staffId } = typeof who === 'string' ? await world.member(who) : who;
    const { accessToken } = (await world.signIn(login)).body;
    const { secret, otpauthUri } = (await world.post('/me/totp', { password: PASSWORD }, accessToken)).body;
    const confirmed = await world.post('/me/totp/confirm', { code: shown(secret) }, accessToken);
    const recoveryCodes: readonly string[] = confirmed.body.recoveryCodes;
    world.clock.pass(STEP);
    return { login, staffId, secret, otpauthUri, recoveryCodes, accessToken };
  };

  it('are enrolled with what any authenticator reads, and asked for from their confirmation on', async () => {
    const { login } = await world.member();
    const [here, there] = [(await world.signIn(login)).body, (await world.signIn(login)).body];
    const { body } = await world.post('/me/totp', { password: PASSWORD }, here.accessToken);
    const uri = URI.parse(body.otpauthUri);
    expect(uri).toMatchObject({ issuer: 'Guibin', label: login, algorithm: 'SHA1', digits: 6, period: 30 });
    expect(uri.secret.base32).toBe(body.secret);
    expect((await world.signIn(login)).status).toBe(200);

    expect(codeOf(await world.post('/me/totp/confirm', { code: shown(body.secret, 5) }, here.accessToken))).toEqual([
      422,
      'organization.one-time-code-refused',
    ]);
    const confirmed = await world.post('/me/totp/confirm', { code: shown(body.secret) }, here.accessToken);
    expect(confirmed.body.recoveryCodes).toHaveLength(10);
    expect([await world.isLetIn(here.accessToken), await world.isLetIn(there.accessToken)]).toEqual([true, false]);

    world.clock.pass(STEP);
    expect(codeOf(await world.signIn(login))).toEqual(NEEDED);
    const opened = await world.signIn(login, { oneTimeCode: shown(body.secret) });
    expect(opened.status).toBe(200);
    const [session] = (await world.ask('GET', '/session', opened.body.accessToken)).body;
    expect(session.secondFactor).toBe(true);
  });

  it('leave nobody signed in without, however many sign in while they are confirmed', async () => {
    for (let round = 0; round < 4; round++) {
      const { login, staffId } = await world.member();
      const { accessToken } = (await world.signIn(login)).body;
      const { secret } = (await world.post('/me/totp', { password: PASSWORD }, accessToken)).body;
      const [confirmed] = await Promise.all([
        world.post('/me/totp/confirm', { code: shown(secret) }, accessToken),
        ...Array.from({ length: 5 }, () => world.signIn(login)),
      ]);
      expect(confirmed.status).toBe(200);
      expect(
        await world.db.query(
          `SELECT second_factor FROM organization.session WHERE staff_id = $1 AND ended_at IS NULL`,
          [staffId],
        ),
      ).toEqual([{ second_factor: true }]);
    }
  });

  it('are asked for only from who knows the password', async () => {
    const { login, secret } = await enrolled();
    const refused = [401, 'access.invalid-credentials'];
    const wrong = { password: 'not this one' };
    expect(codeOf(await world.signIn(login, wrong))).toEqual(refused);
    expect(codeOf(await world.signIn(login, { ...wrong, oneTimeCode: shown(secret) }))).toEqual(refused);
    // The code was not used up by the wrong password.
    expect((await world.signIn(login, { oneTimeCode: shown(secret) })).status).toBe(200);
  });

  it('are good one step early and one step late, and no more', async () => {
    const { login, secret } = await enrolled();
    world.clock.pass(10 * STEP);
    for (const steps of [-2, 2])
      expect(codeOf(await world.signIn(login, { oneTimeCode: shown(secret, steps) }))).toEqual(NEEDED);
    for (const steps of [-1, 0, 1])
      expect((await world.signIn(login, { oneTimeCode: shown(secret, steps) })).status).toBe(200);
  });

  it('are good once: the code of the confirmation, the same, and an older one are refused', async () => {
    const { login, secret } = await enrolled();
    expect(codeOf(await world.signIn(login, { oneTimeCode: shown(secret, -1) }))).toEqual(NEEDED);
    const oneTimeCode = shown(secret);
    expect((await world.signIn(login, { oneTimeCode })).status).toBe(200);
    const again = await world.signIn(login, { oneTimeCode });
    expect([...codeOf(again), again.body.detail]).toEqual([...NEEDED, { field: 'oneTimeCode', actual: 'wrong' }]);
    expect(again.text).not.toContain(oneTimeCode);
    expect((await world.signIn(login, { oneTimeCode: shown(secret, 1) })).status).toBe(200);
    expect(codeOf(await world.signIn(login, { oneTimeCode: shown(secret, 0) }))).toEqual(NEEDED);
  });

  it('let one in when eight send the same code at once', async () => {
    for (let round = 0; round < 3; round++) {
      const { login, secret } = await enrolled();
      const oneTimeCode = shown(secret);
      const answers = await Promise.all(Array.from({ length: 8 }, () => world.signIn(login, { oneTimeCode })));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      world.clock.set('2026-02-01T09:00:05+08:00');
    }
  });

  it('cannot be guessed: wrong and missing ones count and lock, whoever looks', async () => {
    const { login, secret } = await enrolled();
    const guesses = Array.from({ length: 30 }, (_, i) => String(i).padStart(6, '0')).filter(
      (guess) => ![-1, 0, 1].some((steps) => shown(secret, steps) === guess),
    );
    const answers = await Promise.all(
      guesses.map((oneTimeCode, i) => world.signIn(login, i % 3 === 0 ? {} : { oneTimeCode })),
    );
    expect(answers.filter((answer) => codeOf(answer)[1] === NEEDED[1])).toHaveLength(10);
    expect(codeOf(await world.signIn(login, { oneTimeCode: shown(secret) }))).toEqual([
      401,
      'access.invalid-credentials',
    ]);
    world.clock.pass(15 * 60);
    expect((await world.signIn(login, { oneTimeCode: shown(secret) })).status).toBe(200);
  });

  it('cannot be guessed for ever by asking for another enrolment in between', async () => {
    const { login, accessToken } = await enrolled();
    for (let i = 0; i < 8; i++) await world.signIn(login, { oneTimeCode: 'not this one' });
    expect((await world.post('/me/totp', { password: PASSWORD }, accessToken)).status).toBe(409);
    expect(codeOf(await world.signIn(login, { oneTimeCode: 'not this one' }))).toEqual(NEEDED);
    expect(codeOf(await world.signIn(login, { oneTimeCode: 'not this one' }))).toEqual([
      401,
      'access.invalid-credentials',
    ]);
  });

  it.each([
    '',
    '12345',
    '1234567',
    '٠١٢٣٤٥',
    '１２３４５６',
    ' 123456',
    '1e5',
    '-00001',
    'aaaa-aaaa-aaaa-aaaa',
    '%',
    "' OR 1=1",
  ])('are not %j', async (oneTimeCode) => {
    const { login } = await enrolled();
    const { status } = await world.signIn(login, { oneTimeCode });
    expect(status).toBe(oneTimeCode === '' ? 400 : 401);
  });

  describe('recovery codes', () => {
    it('let in once each, however they are typed, also when raced', async () => {
      const { login, recoveryCodes } = await enrolled();
      const [first = '', second = ''] = recoveryCodes;
      expect(new Set(recoveryCodes).size).toBe(10);
      expect(first).toMatch(/^([a-km-z2-9]{4}-){3}[a-km-z2-9]{4}$/);
      expect((await world.signIn(login, { oneTimeCode: first.toUpperCase().replaceAll('-', ' ') })).status).toBe(200);
      expect(codeOf(await world.signIn(login, { oneTimeCode: first }))).toEqual(NEEDED);
      const raced = await Promise.all(Array.from({ length: 8 }, () => world.signIn(login, { oneTimeCode: second })));
      expect(raced.filter(({ status }) => status === 200)).toHaveLength(1);
    });

    it('of one person are nothing for another', async () => {
      const [one, other] = [await enrolled(), await enrolled()];
      expect(codeOf(await world.signIn(one.login, { oneTimeCode: other.recoveryCodes[0] ?? '' }))).toEqual(NEEDED);
    });
  });

  it('store neither secret nor recovery code, and log none', async () => {
    const said: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0),
    );
    const [one, other] = [await enrolled(), await enrolled()];
    const oneTimeCode = shown(one.secret);
    await world.signIn(one.login, { oneTimeCode: '000000', password: 'not this one' });
    // A secret that somebody copied to his own row does not open, which nobody expects: it is logged.
    await world.db.query(
      `UPDATE organization.totp SET secret = (SELECT secret FROM organization.totp WHERE staff_id = $2) WHERE staff_id = $1`,
      [one.staffId, other.staffId],
    );
    const failed = await world.signIn(one.login, { oneTimeCode });
    for (const spy of spies) spy.mockRestore();
    expect([failed.status, said.join('').includes('session failed')]).toEqual([500, true]);

    const stored = await world.db.query<{ row: string }>(
      `SELECT row_to_json(t)::text AS row FROM organization.totp t UNION ALL
       SELECT row_to_json(r)::text FROM organization.recovery_code r UNION ALL
       SELECT row_to_json(a)::text FROM organization.access_register a`,
    );
    const text = [failed.text, ...said, ...stored.map(({ row }) => row)].join('\n');
    const inHex = Buffer.from(one.secret).toString('hex');
    for (const secret of [one.secret, inHex, ...one.recoveryCodes, PASSWORD, 'not this one'])
      expect(text).not.toContain(secret);
    expect([failed.text, ...said].join('\n')).not.toMatch(new RegExp(`\\b${oneTimeCode}\\b`));
  });

  it('are enrolled by who knows the password, and not over an authenticator that works', async () => {
    const { login } = await world.member();
    const { accessToken } = (await world.signIn(login)).body;
    expect(codeOf(await world.post('/me/totp', { password: 'not this one' }, accessToken))).toEqual([
      403,
      'access.wrong-password',
    ]);
    expect(codeOf(await world.post('/me/totp/confirm', { code: '123456' }, accessToken))).toEqual([
      409,
      'organization.no-second-factor',
    ]);
    const person = await enrolled();
    expect(codeOf(await world.post('/me/totp', { password: PASSWORD }, person.accessToken))).toEqual([
      409,
      'organization.second-factor-exists',
    ]);
    expect(codeOf(await world.post('/me/totp/confirm', { code: shown(person.secret) }, person.accessToken))).toEqual([
      409,
      'organization.second-factor-exists',
    ]);
  });

  describe('where administrators need them', () => {
    const SECOND = [403, 'access.second-factor-needed'];

    it('let one without do nothing but enrol, and everything afterwards', async () => {
      const { login, staffId } = await world.member('administrator');
      const { accessToken } = (await world.signIn(login)).body;
      for (const [method, path] of [
        ['GET', '/unit'],
        ['GET', '/staff'],
        ['POST', '/staff'],
        ['PATCH', `/staff/${staffId}`],
        ['GET', '/apiKey'],
      ] as const)
        expect([
          path,
          ...codeOf(await world.ask(method, path, accessToken, method === 'GET' ? undefined : {})),
        ]).toEqual([path, ...SECOND]);
      expect((await world.ask('GET', '/session', accessToken)).status).toBe(200);
      expect(await world.refusals()).toContain('access.second-factor-needed');

      const { secret } = (await world.post('/me/totp', { password: PASSWORD }, accessToken)).body;
      expect(codeOf(await world.ask('GET', '/unit', accessToken))).toEqual(SECOND);
      await world.post('/me/totp/confirm', { code: shown(secret) }, accessToken);
      expect((await world.ask('GET', '/staff', accessToken)).status).toBe(200);
    });

    it('cannot be slipped past by a refresh, nor by a role that comes later', async () => {
      const { login } = await world.member('administrator');
      const { refreshToken } = (await world.signIn(login)).body;
      expect(codeOf(await world.ask('GET', '/unit', (await world.refresh(refreshToken)).body.accessToken))).toEqual(
        SECOND,
      );
      const agent = await world.member();
      const session = (await world.signIn(agent.login)).body;
      expect((await world.ask('GET', '/unit', session.accessToken)).status).toBe(200);
      await world.db.query(`UPDATE organization.staff SET roles = '{administrator}' WHERE staff_id = $1`, [
        agent.staffId,
      ]);
      expect(codeOf(await world.ask('GET', '/unit', session.accessToken))).toEqual(SECOND);
    });

    it('are removed within the own part of the organization only', async () => {
      const [south, north] = [
        await enrolled(await world.memberOfProvince('440000', 'administrator')),
        await enrolled(await world.memberOfProvince('110000', 'administrator')),
      ];
      const colleague = await enrolled(await world.memberOfProvince('440000'));
      const { accessToken } = (await world.signIn(south.login, { oneTimeCode: shown(south.secret) })).body;
      const remove = (staffId: string) => world.post(`/staff/${staffId}/removeTotp`, { reason: 'Lost' }, accessToken);
      expect((await remove(north.staffId)).status).toBe(404);
      expect((await world.signIn(north.login)).status).toBe(401);
      expect((await remove(colleague.staffId)).status).toBe(204);
      expect((await world.signIn(colleague.login)).status).toBe(200);
    });

    it('are removed by another administrator only, with a reason that is registered', async () => {
      const [boss, lost] = [await enrolled('administrator'), await enrolled('administrator')];
      const { accessToken } = (await world.signIn(boss.login, { oneTimeCode: shown(boss.secret) })).body;
      const before = (await world.signIn(lost.login, { oneTimeCode: shown(lost.secret) })).body;
      const remove = (staffId: string, body: object = { reason: '手机丢失，已当面核实身份' }) =>
        world.post(`/staff/${staffId}/removeTotp`, body, accessToken);
      expect(codeOf(await remove(boss.staffId))).toEqual([403, 'organization.own-second-factor']);
      expect((await remove(lost.staffId, {})).status).toBe(400);
      expect((await remove(lost.staffId.replace(/.$/, (end) => (end === '0' ? '1' : '0')))).status).toBe(404);
      expect((await remove(lost.staffId)).status).toBe(204);
      expect(codeOf(await remove(lost.staffId))).toEqual([409, 'organization.no-second-factor']);

      expect(await world.isLetIn(before.accessToken)).toBe(false);
      const after = (await world.signIn(lost.login)).body;
      expect(codeOf(await world.ask('GET', '/unit', after.accessToken))).toEqual(SECOND);
      const lines = await world.db.query(
        `SELECT purpose, object_id FROM organization.access_register WHERE action = 'account.totp-remove' AND object_id = $1`,
        [lost.staffId],
      );
      expect(lines).toEqual([{ purpose: '手机丢失，已当面核实身份', object_id: lost.staffId }]);

      const agent = await world.member();
      const outsider = (await world.signIn(agent.login)).body;
      expect(
        (await world.post(`/staff/${boss.staffId}/removeTotp`, { reason: 'x' }, outsider.accessToken)).status,
      ).toBe(403);
    });
  });
});
