import { decodeJwt, SignJWT } from 'jose';
import { newId } from '../../../src/platform/database/index.js';
import { AREA, PASSWORD, startSignIn, type SignInWorld } from './staff-sign-in-world.js';

describe('[AUD-05] the sign-in of the staff', () => {
  let world: SignInWorld;
  const START = '2026-02-01T09:00:00+08:00';

  beforeAll(async () => {
    world = await startSignIn({ accessTokenSeconds: 900 });
  });
  afterAll(() => world.close());
  beforeEach(() => world.clock.set(START));

  const opened = async (login: string): Promise<{ accessToken: string; refreshToken: string }> =>
    (await world.signIn(login)).body;
  const codeOf = ({ status, body }: { status: number; body: { code?: string } | undefined }) => [status, body?.code];
  const REFUSED = [401, 'access.invalid-credentials'];
  const REUSED = [401, 'access.refresh-token-reused'];

  it('answers an access token for as long as the setting says, and a refresh token for longer', async () => {
    const { login, staffId } = await world.member();
    const { body } = await world.signIn(login);
    expect(body).toEqual({
      accessToken: expect.stringMatching(/^ey/),
      access_token: body.accessToken,
      tokenType: 'Bearer',
      token_type: 'Bearer',
      expiresIn: 900,
      expires_in: 900,
      refreshToken: expect.stringMatching(/^gbr_[\w-]{43}$/),
      refresh_token: body.refreshToken,
      refreshExpiresIn: 900 + 3600,
    });
    expect(decodeJwt(body.accessToken)).toMatchObject({ sub: staffId, sid: expect.any(String) });
    const lines = await world.db.query(
      `SELECT action, actor_id, session_id, client_address FROM organization.access_register WHERE actor_id = $1`,
      [staffId],
    );
    expect(lines).toEqual([
      expect.objectContaining({ action: 'session.open', session_id: decodeJwt(body.accessToken)['sid'] }),
    ]);
  });

  it('shows people where they are signed in, and nobody else', async () => {
    const { login } = await world.member();
    const first = await opened(login);
    world.clock.pass(60);
    const second = await opened(login);
    const { body } = await world.ask('GET', '/session', second.accessToken);
    expect(body).toEqual([
      expect.objectContaining({
        isThisOne: true,
        clientAddress: expect.stringContaining('127.0.0.1'),
        secondFactor: false,
      }),
      expect.objectContaining({ isThisOne: false, id: decodeJwt(first.accessToken)['sid'] }),
    ]);
    expect((await world.call({ url: `${AREA}/session` })).status).toBe(401);
  });

  describe('a refresh token', () => {
    it('continues the session, once, and is replaced', async () => {
      const { login } = await world.member();
      const before = await opened(login);
      world.clock.pass(800);
      const after = (await world.refresh(before.refreshToken)).body;
      expect(after.refreshToken).not.toBe(before.refreshToken);
      expect(decodeJwt(after.accessToken)['sid']).toBe(decodeJwt(before.accessToken)['sid']);
      world.clock.pass(200);
      expect(await world.isLetIn(before.accessToken)).toBe(false);
      expect(await world.isLetIn(after.accessToken)).toBe(true);
    });

    it('ends the session of the thief and of the owner when it comes a second time', async () => {
      const { login, staffId } = await world.member();
      const other = await opened(login);
      const stolen = await opened(login);
      const thief = (await world.refresh(stolen.refreshToken)).body;
      expect(await world.isLetIn(thief.accessToken)).toBe(true);
      expect(codeOf(await world.refresh(stolen.refreshToken))).toEqual(REUSED);
      expect(await world.isLetIn(thief.accessToken)).toBe(false);
      expect(await world.isLetIn(stolen.accessToken)).toBe(false);
      expect(codeOf(await world.refresh(thief.refreshToken))).toEqual(REFUSED);
      expect(await world.isLetIn(other.accessToken)).toBe(true);
      expect(
        await world.db.query(
          `SELECT end_reason FROM organization.session WHERE staff_id = $1 AND ended_at IS NOT NULL`,
          [staffId],
        ),
      ).toEqual([{ end_reason: 'refresh-token-reused' }]);
      expect(await world.refusals()).toContain('access.refresh-token-reused');
    });

    it('has one winner when twenty use it at once, and then nobody', async () => {
      for (let round = 0; round < 3; round++) {
        const { login } = await world.member();
        const { refreshToken } = await opened(login);
        const answers = await Promise.all(Array.from({ length: 20 }, () => world.refresh(refreshToken)));
        const winners = answers.filter(({ status }) => status === 200);
        expect(winners).toHaveLength(1);
        expect(answers.filter((answer) => codeOf(answer)[1] === REUSED[1])).toHaveLength(19);
        expect(await world.isLetIn(winners[0]?.body.accessToken)).toBe(false);
        expect(codeOf(await world.refresh(winners[0]?.body.refreshToken))).toEqual(REFUSED);
      }
    });

    it('is too old an hour after its access token', async () => {
      const { login } = await world.member();
      const [inTime, late] = [await opened(login), await opened(login)];
      world.clock.pass(900 + 3600 - 1);
      expect((await world.refresh(inTime.refreshToken)).status).toBe(200);
      world.clock.pass(1);
      expect(codeOf(await world.refresh(late.refreshToken))).toEqual(REFUSED);
      const signedIn = (await world.ask('GET', '/session', (await opened(login)).accessToken)).body;
      expect(signedIn).toHaveLength(2);
    });

    it('carries nobody beyond twelve hours', async () => {
      const { login } = await world.member();
      let tokens = (await world.signIn(login)).body;
      for (let minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
        world.clock.pass(600);
        tokens = (await world.refresh(tokens.refreshToken)).body;
      }
      expect([tokens.expiresIn, tokens.refreshExpiresIn]).toEqual([600, 600]);
      world.clock.pass(599);
      expect(await world.isLetIn(tokens.accessToken)).toBe(true);
      world.clock.pass(1);
      expect(await world.isLetIn(tokens.accessToken)).toBe(false);
      expect(codeOf(await world.refresh(tokens.refreshToken))).toEqual(REFUSED);
    });

    it('must be one that we made', async () => {
      const { login } = await world.member();
      const { accessToken, refreshToken } = await opened(login);
      for (const forged of ['x', accessToken.slice(0, 128), `${refreshToken}x`, refreshToken.toLowerCase(), '贵宾'])
        expect(codeOf(await world.refresh(forged))).toEqual(REFUSED);
      for (const bad of ['', 'x'.repeat(129), 'a\0b', 7, null, [refreshToken], { $ne: 1 }])
        expect((await world.post('/session/refresh', { refreshToken: bad })).status).toBe(400);
      expect((await world.refresh(refreshToken)).status).toBe(200);
    });
  });

  describe('signing out', () => {
    it('ends this session at once, and no other', async () => {
      const { login } = await world.member();
      const [here, there] = [await opened(login), await opened(login)];
      expect((await world.ask('DELETE', '/session', here.accessToken)).status).toBe(204);
      expect(await world.isLetIn(here.accessToken)).toBe(false);
      expect(codeOf(await world.refresh(here.refreshToken))).toEqual(REFUSED);
      expect(await world.isLetIn(there.accessToken)).toBe(true);
    });

    it('ends everything everywhere', async () => {
      const { login } = await world.member();
      const everywhere = [await opened(login), await opened(login), await opened(login)];
      expect((await world.post('/session/signOutEverywhere', {}, everywhere[0]?.accessToken)).status).toBe(204);
      for (const { accessToken, refreshToken } of everywhere) {
        expect(await world.isLetIn(accessToken)).toBe(false);
        expect(codeOf(await world.refresh(refreshToken))).toEqual(REFUSED);
      }
      expect(await world.isLetIn((await opened(login)).accessToken)).toBe(true);
    });

    it('wins over a refresh that runs at the same time', async () => {
      for (let round = 0; round < 5; round++) {
        const { login } = await world.member();
        const { accessToken, refreshToken } = await opened(login);
        const [refreshed] = await Promise.all([
          world.refresh(refreshToken),
          world.ask('DELETE', '/session', accessToken),
        ]);
        if (refreshed.status === 200) {
          expect(await world.isLetIn(refreshed.body.accessToken)).toBe(false);
          expect(codeOf(await world.refresh(refreshed.body.refreshToken))).toEqual(REFUSED);
        }
      }
    });
  });

  it('refuses tokens that are expired, altered, foreign, or of another session', async () => {
    const [mine, other] = [await world.member(), await world.member()];
    const { accessToken } = await opened(mine.login);
    const claims = decodeJwt(accessToken);
    const sign = (changes: object, key = 'x'.repeat(40), alg = 'HS256'): Promise<string> =>
      new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
    expect(await world.isLetIn(await sign({}))).toBe(true);
    const [head = '', body = '', signature = ''] = accessToken.split('.');
    const tampered = Buffer.from(JSON.stringify({ ...claims, sub: other.staffId })).toString('base64url');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const bad = {
      altered: `${head}.${tampered}.${signature}`,
      unsigned: `${none}.${body}.`,
      'unsigned but for a signature': `${none}.${body}.${signature}`,
      'of a foreign key': await sign({}, 'y'.repeat(40)),
      'of another algorithm': await sign({}, 'x'.repeat(64), 'HS512'),
      expired: await sign({ exp: Math.floor(world.clock.now().getTime() / 1000) - 1 }),
      'without end': await sign({ exp: undefined }),
      'of somebody else, in my session': await sign({ sub: other.staffId }),
      'of a session that never was': await sign({ sid: newId() }),
      'of a session of no shape': await sign({ sid: "' OR true --" }),
      'of no session': await sign({ sid: undefined }),
      'of an older version': await sign({ ver: 0 }),
      'of a version of another type': await sign({ ver: '1' }),
      'of another issuer': await sign({ iss: 'elsewhere' }),
      nonsense: 'a.b.c',
    };
    for (const [what, token] of Object.entries(bad)) expect([what, await world.isLetIn(token)]).toEqual([what, false]);
  });

  it('ends with the employment, and with a password that an administrator sets', async () => {
    const administrator = await opened((await world.member('administrator')).login);
    for (const change of [{ status: 'deactivated' }, { password: 'another long phrase of theirs' }]) {
      const { login, staffId } = await world.member();
      const { accessToken, refreshToken } = await opened(login);
      expect((await world.ask('PATCH', `/staff/${staffId}`, administrator.accessToken, change)).status).toBe(200);
      expect(await world.isLetIn(accessToken)).toBe(false);
      expect(codeOf(await world.refresh(refreshToken))).toEqual(REFUSED);
      expect(codeOf(await world.signIn(login))).toEqual(REFUSED);
    }
  });

  it('ends with a version that is raised, by whatever and whether or not it ended the sessions', async () => {
    const { login, staffId } = await world.member();
    const { accessToken, refreshToken } = await opened(login);
    await world.db.query(`UPDATE organization.staff SET token_version = token_version + 1 WHERE staff_id = $1`, [
      staffId,
    ]);
    expect(await world.isLetIn(accessToken)).toBe(false);
    expect(codeOf(await world.refresh(refreshToken))).toEqual(REFUSED);
  });

  describe('the own password', () => {
    const change = (token: string, oldPassword: string, newPassword: string) =>
      world.ask('PUT', '/me/password', token, { oldPassword, newPassword });

    it('is changed by who knows the old one; all other sessions end', async () => {
      const { login } = await world.member();
      const [here, there] = [await opened(login), await opened(login)];
      const changed = await change(here.accessToken, PASSWORD, 'quite another phrase of mine');
      expect(changed.status).toBe(200);
      for (const { accessToken, refreshToken } of [here, there]) {
        expect(await world.isLetIn(accessToken)).toBe(false);
        expect(codeOf(await world.refresh(refreshToken))).toEqual(REFUSED);
      }
      expect(await world.isLetIn(changed.body.accessToken)).toBe(true);
      expect((await world.refresh(changed.body.refreshToken)).status).toBe(200);
      expect(codeOf(await world.signIn(login))).toEqual(REFUSED);
      expect((await world.signIn(login, { password: 'quite another phrase of mine' })).status).toBe(200);
    });

    it('cannot be found out with a stolen session: wrong ones count and lock', async () => {
      const { login } = await world.member();
      const { accessToken } = await opened(login);
      const guesses = await Promise.all(
        Array.from({ length: 15 }, () => change(accessToken, 'not this one', 'quite another phrase of mine')),
      );
      for (const guess of guesses) expect(codeOf(guess)).toEqual([403, 'access.wrong-password']);
      expect(codeOf(await change(accessToken, PASSWORD, 'quite another phrase of mine'))).toEqual([
        403,
        'access.wrong-password',
      ]);
      expect(codeOf(await world.signIn(login))).toEqual(REFUSED);
      world.clock.pass(15 * 60);
      expect((await world.signIn(login)).status).toBe(200);
    });

    it('must be a good one, and a new one', async () => {
      const { login } = await world.member();
      const { accessToken } = await opened(login);
      for (const [bad, actual] of [
        ['elevenchars', 'short'],
        ['password123456', 'common'],
        [`my ${login} is this`, 'personal'],
        [PASSWORD, 'the old one'],
      ] as const) {
        const answer = await change(accessToken, PASSWORD, bad);
        expect(codeOf(answer)).toEqual([422, 'organization.password-refused']);
        expect(answer.body.detail).toMatchObject({ field: 'newPassword', actual, expected: expect.any(String) });
        expect(answer.text).not.toContain(bad);
      }
      expect(await world.isLetIn(accessToken)).toBe(true);
    });

    it('changed twice at once is changed once', async () => {
      const { login } = await world.member();
      const { accessToken } = await opened(login);
      const wanted = ['the first phrase of two', 'the second phrase of two', 'the third phrase of two'];
      const answers = await Promise.all(wanted.map((password) => change(accessToken, PASSWORD, password)));
      expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
      const works = await Promise.all(wanted.map((password) => world.signIn(login, { password })));
      expect(works.map(({ status }) => status === 200)).toEqual(answers.map(({ status }) => status === 200));
    });

    it('opens no session by the old one while it is changed', async () => {
      for (let round = 0; round < 3; round++) {
        const { login } = await world.member();
        const { accessToken } = await opened(login);
        const [changed, ...old] = await Promise.all([
          change(accessToken, PASSWORD, 'quite another phrase of mine'),
          ...Array.from({ length: 4 }, () => world.signIn(login)),
        ]);
        expect(changed.status).toBe(200);
        for (const { status, body } of old) {
          if (status !== 200) continue;
          expect(await world.isLetIn(body.accessToken)).toBe(false);
          expect(codeOf(await world.refresh(body.refreshToken))).toEqual(REFUSED);
        }
      }
    });
  });

  it('is looked after by people of a province as by everybody', async () => {
    const { login } = await world.memberOfProvince('440000');
    const [here, there] = [await opened(login), await opened(login)];
    expect((await world.ask('GET', '/session', here.accessToken)).body).toHaveLength(2);
    const phrases = { oldPassword: PASSWORD, newPassword: 'quite another phrase of mine' };
    const { body } = await world.ask('PUT', '/me/password', here.accessToken, phrases);
    expect([await world.isLetIn(there.accessToken), await world.isLetIn(body.accessToken)]).toEqual([false, true]);
    expect((await world.ask('DELETE', '/session', body.accessToken)).status).toBe(204);
    expect(await world.isLetIn(body.accessToken)).toBe(false);
  });

  it('locks a login that forty guess at once, and answers all of them alike', async () => {
    const { login, staffId } = await world.member();
    const guesses = await Promise.all(
      Array.from({ length: 40 }, (_, i) => world.signIn(login, { password: `guess number ${i}` })),
    );
    expect(new Set(guesses.map(({ text }) => text)).size).toBe(1);
    expect(codeOf(await world.signIn(login))).toEqual(REFUSED);
    const [row] = await world.db.query(`SELECT failed_attempts FROM organization.staff WHERE staff_id = $1`, [staffId]);
    expect(row).toEqual({ failed_attempts: 10 });
  });

  it('refuses new people with passwords that everybody uses', async () => {
    const { accessToken } = await opened((await world.member('administrator')).login);
    const [unit] = (await world.ask('GET', '/unit?kind=group', accessToken)).body;
    const body = { login: 'wang.fang', displayName: 'Wang Fang', roles: ['viewer'], unitId: unit.id };
    const refused = await world.post('/staff', { ...body, password: 'Wangfang-is-here' }, accessToken);
    expect([...codeOf(refused), refused.body.detail.field]).toEqual([422, 'organization.password-refused', 'password']);
    expect((await world.post('/staff', { ...body, password: PASSWORD }, accessToken)).status).toBe(201);
  });

  it('keeps no token and no password, and forgets sessions of last year', async () => {
    const { login, staffId } = await world.member();
    const { accessToken, refreshToken } = await opened(login);
    await world.refresh(refreshToken);
    const stored = await world.db.query(
      `SELECT row_to_json(t)::text FROM organization.refresh_token t UNION ALL
       SELECT row_to_json(e)::text FROM organization.session e UNION ALL
       SELECT row_to_json(s)::text FROM organization.staff s UNION ALL
       SELECT row_to_json(r)::text FROM organization.access_register r`,
    );
    const text = JSON.stringify(stored);
    for (const secret of [refreshToken, refreshToken.slice(4), accessToken, PASSWORD])
      expect(text).not.toContain(secret);
    world.clock.pass(184 * 86_400);
    await opened(login);
    const left = await world.db.query(
      `SELECT (SELECT count(*) FROM organization.session WHERE staff_id = $1) AS sessions,
         (SELECT count(*) FROM organization.refresh_token JOIN organization.session USING (session_id) WHERE staff_id = $1) AS tokens`,
      [staffId],
    );
    expect(left).toEqual([{ sessions: 1, tokens: 1 }]);
  });
});
