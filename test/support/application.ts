import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { OrganizationFacade, type UnitKind } from '../../src/modules/organization/index.js';
import { startApplication } from '../../src/startup/application.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { callTo, type Call } from './http.js';

/** The unit at the root of the tree, which the migrations make. */
const ROOT_UNIT_ID = '019a9d00-0000-7000-8000-000000000001';
const PASSWORD = 'a long phrase that nobody guesses';

export interface TestApplication {
  readonly app: NestFastifyApplication;
  /** Without credentials unless the request has some. */
  readonly call: Call;
  readonly address: string;
  readonly database: TestDatabase;
  /** Signs its access tokens. */
  readonly jwtSecret: string;
  readonly administrator: Credentials;
  /** Of the login `admin`, as the first start prints it. */
  readonly administratorPassword: string;
  /** Signs a new member of the staff in, who has these shipped roles. */
  staff(...roles: readonly string[]): Promise<Credentials>;
  /** The same, in a unit below the root that is made when it is not there: `staffIn({ kind: 'province', code: '450000' }, 'supervisor')`. */
  staffIn(unit: { readonly kind: UnitKind; readonly code: string }, ...roles: readonly string[]): Promise<Credentials>;
  /** The key of a system of this role (`boss`, `pbx`) that sends for this source. */
  system(role: string, source?: string): Promise<Credentials>;
  close(): Promise<void>;
}

/** Headers that say who asks. */
export type Credentials = Readonly<Record<string, string>>;

/** The whole application as `npm start` makes it, workers included, over a database of its own and on a free port. */
export async function startTestApplication(environment: NodeJS.ProcessEnv = {}): Promise<TestApplication> {
  const database = await createTestDatabase();
  const jwtSecret = randomBytes(32).toString('hex');
  const running = await startApplication(
    {
      DATABASE_URL: database.url,
      GUIBIN_JWT_SECRET: jwtSecret,
      GUIBIN_DATA_KEYS: `test:${randomBytes(32).toString('base64')}`,
      GUIBIN_INDEX_KEY: randomBytes(32).toString('base64'),
      GUIBIN_ROLE: 'all',
      PORT: '0',
      LOG_LEVEL: 'error',
      GUIBIN_REQUESTS_PER_MINUTE: '0', // tests ask faster than anybody
      ...environment,
    },
    () => undefined,
  );
  const call = callTo(running.address);
  const organization = running.app.get(OrganizationFacade);
  const signIn = async (login: string, password: string): Promise<Credentials> => {
    const answer = await call({
      method: 'POST',
      url: '/care-api/organization/v1/session',
      payload: { login, password },
    });
    return { authorization: `Bearer ${answer.body.accessToken}` };
  };
  const first = await organization.ensureFirstAdministrator();
  if (!first) throw new Error('A new database has an administrator');
  let people = 0;
  const takeOn = async (unitId: string, roles: readonly string[]): Promise<Credentials> => {
    const login = `${roles[0] ?? 'nobody'}-${++people}`;
    await organization.ensureStaff({ login, displayName: login, password: PASSWORD, unitId, roles });
    return signIn(login, PASSWORD);
  };
  return {
    app: running.app,
    call,
    address: running.address,
    database,
    jwtSecret,
    administrator: await signIn(first.login, first.password),
    administratorPassword: first.password,
    staff: (...roles) => takeOn(ROOT_UNIT_ID, roles),
    staffIn: async ({ kind, code }, ...roles) => {
      const { unitId } = await organization.ensureUnit({ parentId: ROOT_UNIT_ID, kind, code, name: `${kind} ${code}` });
      return takeOn(unitId, roles);
    },
    system: async (role, source) => {
      const { key } = await organization.ensureSystemKey(`${role} ${source ?? 'without source'}`, role, source);
      return { 'x-api-key': key };
    },
    close: async () => {
      await running.stop();
      await database.drop();
    },
  };
}
