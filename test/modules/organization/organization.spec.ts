import { newId } from '../../../src/platform/database/index.js';
import { hashOfApiKey, InvalidCredentials, KeyRevoked } from '../../../src/platform/identity/index.js';
import {
  ApiKeyNameTaken,
  CodeTaken,
  LastAdministrator,
  LoginTaken,
  NotBelow,
  StaleVersion,
  UnitNotFound,
  UnknownRole,
} from '../../../src/modules/organization/domain/refusals.js';
import { ROOT_UNIT_ID } from '../../../src/modules/organization/domain/unit.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { organizationOn } from './support.js';

describe('the organization', () => {
  let db: TestDatabase;
  let on: Awaited<ReturnType<typeof organizationOn>>;

  beforeAll(async () => {
    db = await createTestDatabase();
    on = await organizationOn(db);
  });
  afterAll(() => db.drop());

  const START = new Date('2026-02-01T09:00:00+08:00');
  beforeEach(() => {
    on.clock.at = START;
  });
  const aMember = (changes: Partial<Parameters<typeof on.createStaff.execute>[0]> = {}) =>
    on.createStaff.execute({
      login: `agent-${newId()}`,
      displayName: 'An agent',
      password: 'correct horse battery',
      unitId: ROOT_UNIT_ID,
      roles: ['hotline-agent'],
      ...changes,
    });
  const actorOf = async (token: string) => {
    const { staffId, tokenVersion, sessionId } = await on.tokens.verify(token);
    return on.actors.actorOfStaff(staffId, tokenVersion, sessionId);
  };

  it('has entities that agree with its migrations', async () => {
    const { upQueries } = await on.source.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  describe('first start', () => {
    it('makes exactly one administrator, however many processes start at once, and only once', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => on.facade.ensureFirstAdministrator()));
      const [made, ...others] = answers.filter((answer) => answer !== undefined);
      expect(others).toEqual([]);
      expect(made?.password.length).toBeGreaterThanOrEqual(20);
      expect(await db.query('SELECT login FROM organization.staff')).toEqual([{ login: 'admin' }]);
      expect(await on.facade.ensureFirstAdministrator()).toBeUndefined();

      const { token } = await on.session.execute('Admin', made?.password ?? '');
      expect(await actorOf(token)).toMatchObject({
        kind: 'staff',
        role: 'administrator',
        permissions: expect.arrayContaining(['session.own', 'organization.manage', 'organization.keys']),
      });
      const stored = await db.query<{ password_hash: string }>('SELECT password_hash FROM organization.staff');
      expect(stored[0]?.password_hash).toMatch(/^\$argon2id\$/);
    });

    it('does not let the last administrator leave or lose the role, not even two of them at once', async () => {
      const admins = await on.facade.listStaff({ role: 'administrator' });
      const first = admins[0]?.staffId ?? '';
      await expect(on.changeStaff.execute(first, { status: 'deactivated' })).rejects.toThrow(LastAdministrator);
      await expect(on.changeStaff.execute(first, { roles: ['viewer'] })).rejects.toThrow(LastAdministrator);
      const { staffId: second } = await aMember({ roles: ['administrator'] });
      const leaving = await Promise.allSettled(
        [first, second].map((id) => on.changeStaff.execute(id, { status: 'deactivated' })),
      );
      expect(leaving.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    });
  });

  describe('[AUD-05] signing in', () => {
    it('answers a token that ends with the password, the roles or the employment', async () => {
      const { staffId, login } = await aMember();
      const changes = [{ password: 'another good one' }, { roles: ['viewer'] }, { status: 'deactivated' as const }];
      for (const change of changes) {
        const { token } = await on.session
          .execute(login, 'correct horse battery')
          .catch(() => on.session.execute(login, 'another good one'));
        expect(await actorOf(token)).toMatchObject({ id: staffId });
        await on.changeStaff.execute(staffId, change);
        expect(await actorOf(token)).toBeUndefined();
      }
      await expect(on.session.execute(login, 'another good one')).rejects.toThrow(InvalidCredentials);
    });

    it('refuses a wrong password and an unknown login with the same words', async () => {
      const { login } = await aMember();
      const refusals = await Promise.all(
        [on.session.execute(login, 'wrong'), on.session.execute('nobody', 'wrong')].map((attempt) =>
          attempt.catch((error: unknown) => error),
        ),
      );
      expect(refusals[0]).toBeInstanceOf(InvalidCredentials);
      expect({ ...(refusals[0] as object), text: String(refusals[0]) }).toEqual({
        ...(refusals[1] as object),
        text: String(refusals[1]),
      });
    });

    it('locks the login for 15 minutes after ten wrong passwords, even for the right one', async () => {
      const { login } = await aMember();
      for (let i = 0; i < 10; i++) await expect(on.session.execute(login, 'wrong')).rejects.toThrow(InvalidCredentials);
      await expect(on.session.execute(login, 'correct horse battery')).rejects.toThrow(InvalidCredentials);
      on.clock.at = new Date(START.getTime() + 14 * 60_000);
      await expect(on.session.execute(login, 'correct horse battery')).rejects.toThrow(InvalidCredentials);
      on.clock.at = new Date(START.getTime() + 15 * 60_000);
      expect((await on.session.execute(login, 'correct horse battery')).token).toMatch(/^ey/);
    });

    it('counts guesses that are sent all at once', async () => {
      const { login, staffId } = await aMember();
      await Promise.allSettled(Array.from({ length: 12 }, () => on.session.execute(login, 'wrong')));
      const [row] = await db.query(
        'SELECT failed_attempts, locked_until IS NOT NULL AS locked FROM organization.staff WHERE staff_id = $1',
        [staffId],
      );
      expect(row).toEqual({ failed_attempts: 10, locked: true });
      await expect(on.session.execute(login, 'correct horse battery')).rejects.toThrow(InvalidCredentials);
    });

    it('forgets wrong passwords after a right one', async () => {
      const { login, staffId } = await aMember();
      for (let i = 0; i < 9; i++) await on.session.execute(login, 'wrong').catch(() => undefined);
      await on.session.execute(login, 'correct horse battery');
      expect(await db.query('SELECT failed_attempts FROM organization.staff WHERE staff_id = $1', [staffId])).toEqual([
        { failed_attempts: 0 },
      ]);
    });
  });

  describe('[PLT-01] units', () => {
    it('form a tree of group, provinces, branches and halls', async () => {
      const province = await on.facade.ensureUnit({
        parentId: ROOT_UNIT_ID,
        kind: 'province',
        code: '440000',
        name: 'Guangdong',
      });
      const branch = await on.facade.ensureUnit({
        parentId: province.unitId,
        kind: 'branch',
        code: '440100',
        name: 'Guangzhou',
      });
      const hall = await on.facade.ensureUnit({
        parentId: branch.unitId,
        kind: 'hall',
        code: 'GZ-1',
        name: 'Tianhe hall',
      });
      const other = await on.facade.ensureUnit({
        parentId: ROOT_UNIT_ID,
        kind: 'province',
        code: '110000',
        name: 'Beijing',
      });
      expect((await on.facade.subtree(province.unitId)).map(({ code }) => code)).toEqual(['440000', '440100', 'GZ-1']);
      expect((await on.facade.subtree(ROOT_UNIT_ID)).length).toBe(5);
      expect(await on.facade.unitByCode('province', '440000')).toEqual(province);

      const { staffId } = await aMember({ unitId: hall.unitId });
      expect((await on.facade.listStaff({ unitId: province.unitId })).map((member) => member.staffId)).toEqual([
        staffId,
      ]);
      expect(await on.facade.listStaff({ unitId: other.unitId })).toEqual([]);

      expect(
        await on.facade.ensureUnit({ parentId: ROOT_UNIT_ID, kind: 'province', code: '440000', name: 'again' }),
      ).toEqual(province);
      const twice = on.createUnit.execute({ parentId: ROOT_UNIT_ID, kind: 'province', code: '440000', name: 'again' });
      await expect(twice).rejects.toThrow(CodeTaken);
      await expect(
        on.createUnit.execute({ parentId: hall.unitId, kind: 'branch', code: 'x', name: 'x' }),
      ).rejects.toThrow(NotBelow);
      await expect(on.createUnit.execute({ parentId: newId(), kind: 'hall', code: 'x', name: 'x' })).rejects.toThrow(
        UnitNotFound,
      );
      await expect(on.changeUnit.execute(hall.unitId, { name: 'Other' }, 7)).rejects.toThrow(StaleVersion);
      expect(await on.changeUnit.execute(hall.unitId, { name: 'Other' }, 1)).toMatchObject({
        name: 'Other',
        version: 2,
      });
    });
  });

  it('refuses a login twice, whatever its case, and roles that people cannot hold', async () => {
    await aMember({ login: 'li.ming' });
    await expect(aMember({ login: 'LI.MING ' })).rejects.toThrow(LoginTaken);
    await expect(aMember({ roles: ['boss'] })).rejects.toThrow(UnknownRole);
    await expect(aMember({ roles: ['emperor'] })).rejects.toThrow(UnknownRole);
  });

  describe('API keys', () => {
    const actorOf = ({ key }: { readonly key: string }) => on.actors.actorOfApiKey(hashOfApiKey(key), '127.0.0.1');

    it('let a system in until they are revoked', async () => {
      const issued = await on.createApiKey.execute({
        name: 'BOSS South',
        role: 'boss',
        source: 'BOSS',
        kinds: ['SUB'],
        provinces: ['440000'],
      });
      const actor = await actorOf(issued);
      expect(actor).toMatchObject({
        kind: 'system',
        id: issued.apiKeyId,
        role: 'boss',
        permissions: expect.arrayContaining(['usage.push']),
      });
      expect(await on.facade.scopeOfApiKey(issued.apiKeyId)).toEqual({
        source: 'BOSS',
        kinds: ['SUB'],
        provinces: ['440000'],
      });

      await expect(
        on.createApiKey.execute({ name: 'BOSS South', role: 'boss', source: undefined, kinds: [], provinces: [] }),
      ).rejects.toThrow(ApiKeyNameTaken);
      await on.revokeApiKey.execute(issued.apiKeyId);
      await on.revokeApiKey.execute(issued.apiKeyId);
      await expect(actorOf(issued)).rejects.toThrow(KeyRevoked);
      expect(await on.facade.scopeOfApiKey(issued.apiKeyId)).toBeUndefined();
    });

    it('of a name are one, however many ask for it at once; the last one works', async () => {
      const issued = await Promise.all(
        Array.from({ length: 6 }, () => on.facade.ensureSystemKey('demo', 'boss', 'BOSS')),
      );
      const live = await db.query(
        'SELECT api_key_id FROM organization.api_key WHERE name = $1 AND revoked_at IS NULL',
        ['demo'],
      );
      expect(live).toHaveLength(1);
      const actors = await Promise.all(issued.map((each) => actorOf(each).catch(() => undefined)));
      expect(actors.filter((actor) => actor !== undefined)).toHaveLength(1);
    });
  });
});
