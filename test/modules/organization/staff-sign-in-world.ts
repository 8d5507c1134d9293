import { Clock } from '../../../src/platform/clock/index.js';
import type { Settings } from '../../../src/platform/config/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { OrganizationFacade, OrganizationModule } from '../../../src/modules/organization/index.js';
import { ROOT_UNIT_ID } from '../../../src/modules/organization/domain/unit.js';
import { entities } from '../../../src/modules/organization/persistence/entities.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase } from '../../support/database.js';
import type { Answer } from '../../support/http.js';
import { serve } from '../../support/serve.js';

export const AREA = '/care-api/organization/v1';
export const PASSWORD = 'a long phrase that nobody guesses';

/** The organization behind its real HTTP, at a time that the test decides. */
export async function startSignIn(settings: Partial<Settings> = {}) {
  const db = await createTestDatabase();
  const clock = new TestClock('2026-02-01T09:00:00+08:00');
  const { app, call } = await serve(await db.dataSource(entities), {
    imports: [EventsModule, OrganizationModule],
    settings,
    ground: [{ provide: Clock, useValue: clock }],
  });
  const organization = app.get(OrganizationFacade);
  const post = (path: string, payload: object, token = ''): Promise<Answer> =>
    call({ method: 'POST', url: AREA + path, payload, headers: { authorization: token && `Bearer ${token}` } });
  const ask = (method: string, path: string, token: string, payload?: object): Promise<Answer> =>
    call({ method, url: AREA + path, payload, headers: { authorization: `Bearer ${token}` } });
  const memberOf = async (unitId: string, roles: readonly string[]) => {
    const login = `p-${newId()}`;
    const { staffId } = await organization.ensureStaff({
      login,
      displayName: 'Somebody',
      password: PASSWORD,
      unitId,
      roles: roles.length > 0 ? roles : ['hotline-agent'],
    });
    return { login, staffId };
  };
  return {
    db,
    clock,
    call,
    post,
    ask,
    /** Somebody new, of the whole operator. */
    member: (...roles: readonly string[]) => memberOf(ROOT_UNIT_ID, roles),
    /** Somebody new, who sees one province only. */
    memberOfProvince: async (code: string, ...roles: readonly string[]) => {
      const province = { parentId: ROOT_UNIT_ID, kind: 'province' as const, code, name: code };
      return memberOf((await organization.ensureUnit(province)).unitId, roles);
    },
    signIn: (login: string, given: { password?: string; oneTimeCode?: string } = {}): Promise<Answer> =>
      post('/session', { login, password: PASSWORD, ...given }),
    refresh: (refreshToken: string): Promise<Answer> => post('/session/refresh', { refreshToken }),
    /** Whether the token still opens a door. */
    isLetIn: async (token: string): Promise<boolean> => {
      const { status } = await ask('GET', '/unit', token);
      if (status !== 200 && status !== 401) throw new Error(`Neither in nor out: ${status}`);
      return status === 200;
    },
    /** Codes of the refusals that were registered, in their order. */
    refusals: async (): Promise<readonly (string | null)[]> => {
      const rows = await db.query<{ refusal: string | null }>(
        `SELECT refusal FROM organization.access_register WHERE refusal IS NOT NULL ORDER BY entry_id`,
      );
      return rows.map(({ refusal }) => refusal);
    },
    close: async () => {
      await app.close();
      await db.drop();
    },
  };
}

export type SignInWorld = Awaited<ReturnType<typeof startSignIn>>;
