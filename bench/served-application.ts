import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';

/** What a child says when it serves. */
export async function firstWordOf<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The application ended before it served')));
  ended.catch(() => undefined);
  const [word] = (await Promise.race([once(child, 'message'), ended])) as [T];
  return word;
}

/** The API in a process of its own, over a database that outlives it. */
export class ServedApplication {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: Infinity });

  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
  ) {}

  /** `secrets` and database are the same for every start of one system. */
  static async start(environment: Readonly<Record<string, string>>): Promise<ServedApplication> {
    const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...process.env,
        GUIBIN_ROLE: 'api',
        PORT: '0',
        LOG_LEVEL: 'fatal',
        GUIBIN_REQUESTS_PER_MINUTE: '0',
        GUIBIN_ACCESS_TOKEN_SECONDS: '3600',
        ...environment,
        SERVED_APPLICATION: new URL('../src/startup/application.js', import.meta.url).href,
        SERVED_ORGANIZATION: new URL('../src/modules/organization/index.js', import.meta.url).href,
      },
    });
    const { address } = await firstWordOf<{ address: string }>(child);
    return new ServedApplication(child, address);
  }

  /** Whether looks are registered; off in nothing but a benchmark. */
  async register(isOn: boolean): Promise<void> {
    this.child.send(isOn);
    await once(this.child, 'message');
  }

  /** One request over a connection that is kept; rejects when the connection breaks. */
  call(method: string, path: string, headers: Readonly<Record<string, string>>, body?: object): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const payload = body && JSON.stringify(body);
      const type = payload === undefined ? {} : { 'content-type': 'application/json' };
      const sent = request(
        this.address + path,
        { method, agent: this.agent, headers: { ...headers, ...type } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            if (!response.complete) reject(new Error('The answer broke off'));
            else
              resolve({
                status: response.statusCode ?? 0,
                body: text === '' ? undefined : (JSON.parse(text) as unknown),
              });
          });
        },
      );
      sent.on('error', reject);
      sent.end(payload);
    });
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill(signal);
      await exited;
    }
    this.agent.destroy();
  }
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

export const newSecrets = (): Readonly<Record<string, string>> => {
  const key = (): string => randomBytes(32).toString('base64');
  return { GUIBIN_JWT_SECRET: key(), GUIBIN_DATA_KEYS: `bench:${key()}`, GUIBIN_INDEX_KEY: key() };
};

const PASSWORD = 'a long phrase that nobody guesses';
const ROOT_UNIT_ID = '019a9d00-0000-7000-8000-000000000001';

const SCRIPT = `
  const { startApplication } = await import(process.env.SERVED_APPLICATION);
  const { AccessRegister, OrganizationFacade } = await import(process.env.SERVED_ORGANIZATION);
  const { app, address } = await startApplication(process.env, () => undefined);
  for (const role of ['supervisor', 'auditor']) {
    await app.get(OrganizationFacade).ensureStaff(
      { login: role, displayName: role, password: '${PASSWORD}', unitId: '${ROOT_UNIT_ID}', roles: [role] });
  }
  const register = app.get(AccessRegister);
  const record = register.record.bind(register);
  process.on('message', (isOn) => { register.record = isOn ? record : async () => undefined; process.send({}); });
  process.on('disconnect', () => process.exit());
  process.send({ address });`;

/** Headers of a supervisor or an auditor at the head office. */
export async function signIn(
  application: ServedApplication,
  login: 'supervisor' | 'auditor',
): Promise<Record<string, string>> {
  const { status, body } = await application.call(
    'POST',
    '/care-api/organization/v1/session',
    {},
    { login, password: PASSWORD },
  );
  if (status !== 200 && status !== 201) throw new Error(`Nobody was signed in: ${status}`);
  return { authorization: `Bearer ${(body as { accessToken: string }).accessToken}` };
}

const CUSTOMERS = '/tmf-api/customerManagement/v4/customer';

/** Makes customers and returns the addresses at which they are read. */
export async function makeCustomers(
  application: ServedApplication,
  headers: Readonly<Record<string, string>>,
  count: number,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let n = 1; n <= count; n++) {
    const body = { name: `Customer ${n}`, engagedParty: { '@referredType': 'Individual', name: `Customer ${n}` } };
    const made = await application.call('POST', CUSTOMERS, headers, body);
    if (made.status !== 201) throw new Error(`No customer was made: ${made.status} ${JSON.stringify(made.body)}`);
    paths.push(`${CUSTOMERS}/${(made.body as { id: string }).id}`);
  }
  return paths;
}
