import { isAbsolute, resolve } from 'node:path';
import { isAddressOrNetwork } from '../identity/addresses.js';

export type ProcessRole = 'api' | 'worker' | 'all';

/** Everything that the environment decides, read once at boot. The rest of the code never looks at `process.env`. */
export class Settings {
  readonly role!: ProcessRole;
  readonly production!: boolean;
  readonly port!: number;
  readonly host!: string;
  readonly publicUrl!: string;
  /** Absent: the application starts and owns an embedded PostgreSQL below {@link dataDir}. */
  readonly databaseUrl!: string | undefined;
  readonly databasePoolSize!: number;
  readonly redisUrl!: string | undefined;
  readonly dataDir!: string;
  readonly demoCustomers!: number;
  readonly docsEnabled!: boolean;
  readonly logLevel!: string;
  /** Signs access tokens. */
  readonly jwtSecret!: string | undefined;
  readonly accessTokenSeconds!: number;
  /** Whether people who may change accounts need a second factor. */
  readonly adminTotp!: 'required' | 'optional';
  /** OpenID Connect: whose tokens are accepted beside our own; absent: nobody's. */
  readonly oidcIssuer!: string | undefined;
  /** What those tokens must be meant for. */
  readonly oidcAudience!: string | undefined;
  readonly oidcRolesClaim!: string;
  readonly oidcUnitClaim!: string;
  /** Envelope keys by id; the first one seals, all of them open. */
  readonly dataKeys!: readonly DataKey[] | undefined;
  /** Key of the blind indexes, 32 bytes. */
  readonly indexKey!: Buffer | undefined;
  readonly maxUploadBytes!: number;
  /** Usage fees and bill of a customer's month may differ by this much, or by so many percent of the bill. */
  readonly billToleranceFen!: number;
  readonly billTolerancePercent!: number;
  readonly callbackHosts!: readonly string[];
  /** Addresses and networks of proxies; `true`: whoever connects is the one proxy. */
  readonly trustProxy!: boolean | string;
  readonly workerConcurrency!: number;
  /** `required`: every system signs its requests; `optional`: those that are marked so. */
  readonly signedRequests!: 'optional' | 'required';
  /** Of one actor, unless a system has a rate of its own; 0: nobody is held up. */
  readonly requestsPerMinute!: number;
  /** Of one address, on routes that are open to everybody. */
  readonly anonymousPerMinute!: number;
  /** After so long a statement of a request is ended. */
  readonly requestSeconds!: number;
  /** Absent: no gateway; outside production messages go to a file below {@link dataDir}. */
  readonly smsGatewayUrl!: string | undefined;
  readonly smsGatewayToken!: string | undefined;
  /** Where BOSS takes orders for mobile products; absent: none can be ordered. */
  readonly bossOrderUrl!: string | undefined;
  readonly bossOrderToken!: string | undefined;
  /** Where BOSS drops its files (`in/`) and finds its answers; absent: they come over HTTP only. */
  readonly intakeFolder!: string | undefined;
  /** Where files for BOSS and the data warehouse are put; absent: they are read through the API only. */
  readonly feedFolder!: string | undefined;
}

export interface DataKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Thrown at boot. It names the bad variables and what is expected, never their values. */
export class InvalidSettings extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'InvalidSettings';
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Variable<T> {
  readonly name: string;
  readonly description: string;
  readonly expected: string;
  readonly fallback: string | undefined;
  readonly parse: (text: string) => T | undefined;
}

const text = (text: string): string | undefined => (text.length > 0 ? text : undefined);
const integer =
  (min: number, max: number) =>
  (text: string): number | undefined => {
    const value = Number(text);
    return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
  };
const oneOf =
  <T extends string>(...values: readonly T[]) =>
  (text: string): T | undefined =>
    values.find((value) => value === text);
const boolean = (text: string): boolean | undefined => ({ true: true, false: false })[text];
const url =
  (...protocols: readonly string[]) =>
  (text: string): string | undefined =>
    URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined;
const key32 = (text: string): Buffer | undefined => {
  const key = Buffer.from(text, 'base64');
  return key.length === 32 ? key : undefined;
};
const dataKeys = (text: string): readonly DataKey[] | undefined => {
  const keys = text.split(',').map((part) => {
    const [id = '', encoded = ''] = part.split(':');
    const key = key32(encoded);
    return key && /^[a-z0-9-]{1,16}$/.test(id) ? { id, key } : undefined;
  });
  return keys.every((key) => key !== undefined) ? keys : undefined;
};

/** The environment variables, in the order in which the README lists them. */
export const variables = {
  role: v(
    'GUIBIN_ROLE',
    'which part of the image this process is',
    'api, worker or all',
    'all',
    oneOf('api', 'worker', 'all'),
  ),
  production: v(
    'NODE_ENV',
    'production closes the console at /docs and logs more',
    'production, development or test',
    'development',
    (t) => (oneOf('production', 'development', 'test')(t) === undefined ? undefined : t === 'production'),
  ),
  port: v('PORT', 'port of the API', 'a port number from 0 to 65535', '3000', integer(0, 65535)),
  host: v('HOST', 'address on which the API listens', 'an address', '127.0.0.1', text),
  publicUrl: v(
    'GUIBIN_PUBLIC_URL',
    'address under which clients reach the API',
    'an http(s) URL',
    undefined,
    url('http:', 'https:'),
  ),
  databaseUrl: v(
    'DATABASE_URL',
    'PostgreSQL 15 or newer; absent: the embedded one',
    'a postgres:// URL',
    undefined,
    url('postgres:', 'postgresql:'),
  ),
  databasePoolSize: v('DATABASE_POOL_SIZE', 'connections per process', 'a number from 2 to 200', '20', integer(2, 200)),
  redisUrl: v(
    'REDIS_URL',
    'queues on Redis instead of PostgreSQL',
    'a redis:// URL',
    undefined,
    url('redis:', 'rediss:'),
  ),
  dataDir: v(
    'GUIBIN_DATA_DIR',
    'where the embedded database, keys and demo files live',
    'a directory',
    '.data',
    (t) => text(t) && (isAbsolute(t) ? t : resolve(t)),
  ),
  demoCustomers: v(
    'GUIBIN_DEMO_CUSTOMERS',
    'size of the demo population on an empty database; 0: none',
    'a number from 0 to 1000000',
    '20000',
    integer(0, 1_000_000),
  ),
  docsEnabled: v(
    'GUIBIN_DOCS',
    'Swagger console at /docs (default: off in production)',
    'true or false',
    undefined,
    boolean,
  ),
  logLevel: v(
    'LOG_LEVEL',
    'least level that is logged (default: info in production, else warn)',
    'fatal, error, warn, info, debug or silent',
    undefined,
    oneOf('fatal', 'error', 'warn', 'info', 'debug', 'silent'),
  ),
  jwtSecret: v('GUIBIN_JWT_SECRET', 'signs access tokens', 'at least 32 characters', undefined, (t) =>
    t.length >= 32 ? t : undefined,
  ),
  accessTokenSeconds: v(
    'GUIBIN_ACCESS_TOKEN_SECONDS',
    // The console at /docs cannot refresh: fifteen minutes, which a client that can should ask for, would log its users out.
    'how long an access token lives before it must be refreshed',
    'a number from 60 to 43200',
    '3600',
    integer(60, 43_200),
  ),
  adminTotp: v(
    'GUIBIN_ADMIN_TOTP',
    'whether whoever may change accounts needs one-time codes (default: required in production, else optional)',
    'required or optional',
    undefined,
    oneOf('required', 'optional'),
  ),
  oidcIssuer: v(
    'OIDC_ISSUER',
    'OpenID Connect issuer whose tokens sign the staff in, too',
    'an https URL (http on this machine only)',
    undefined,
    (t) => (/^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(t) ? url('http:', 'https:')(t) : undefined),
  ),
  oidcAudience: v('OIDC_AUDIENCE', 'the audience of those tokens', 'a text', undefined, text),
  oidcRolesClaim: v('OIDC_ROLES_CLAIM', 'their claim that names roles', 'a claim', 'roles', text),
  oidcUnitClaim: v('OIDC_UNIT_CLAIM', 'their claim with the code of the unit', 'a claim', 'unit', text),
  dataKeys: v(
    'GUIBIN_DATA_KEYS',
    'keys of personal data as id:base64,… (32 bytes each; the first one seals)',
    'id:base64 pairs of 32-byte keys',
    undefined,
    dataKeys,
  ),
  indexKey: v(
    'GUIBIN_INDEX_KEY',
    'key of the blind indexes (base64, 32 bytes)',
    'a base64 text of 32 bytes',
    undefined,
    key32,
  ),
  maxUploadBytes: v(
    'GUIBIN_MAX_UPLOAD_BYTES',
    'largest BOSS file, as sent',
    'a number of bytes',
    '1073741824',
    integer(1024, 1e12),
  ),
  billToleranceFen: v(
    'GUIBIN_BILL_TOLERANCE_FEN',
    'usage fees and bill of a month may differ by this much without being reported',
    'a number of fen',
    '100',
    integer(0, 1e9),
  ),
  billTolerancePercent: v(
    'GUIBIN_BILL_TOLERANCE_PERCENT',
    'or by this share of the bill, whichever is more',
    'a number from 0 to 100',
    '1',
    integer(0, 100),
  ),
  intakeFolder: v(
    'GUIBIN_INTAKE_FOLDER',
    'watched folder of BOSS files: in/, done/, bad/, answer/; absent: files come over HTTP only',
    'a directory',
    undefined,
    (t) => text(t) && (isAbsolute(t) ? t : resolve(t)),
  ),
  callbackHosts: v(
    'GUIBIN_CALLBACK_HOSTS',
    'own hosts that subscribers of events may name as callback: without TLS, on any port, at private addresses',
    'host or host:port, separated by commas',
    undefined,
    (t) => (t.split(',').every((host) => /^[\w.-]+(:\d{1,5})?$/.test(host)) ? t.split(',') : undefined),
  ),
  trustProxy: v(
    'GUIBIN_TRUST_PROXY',
    'believe the X-Forwarded-* headers of the nearest proxy (true), or of proxies at these addresses',
    'true, false, or addresses and networks with commas between them',
    'false',
    (t) => boolean(t) ?? (t.split(',').every(isAddressOrNetwork) ? t : undefined),
  ),
  workerConcurrency: v(
    'GUIBIN_WORKER_CONCURRENCY',
    'jobs that one worker process runs at once',
    'a number from 1 to 64',
    '4',
    integer(1, 64),
  ),
  signedRequests: v(
    'GUIBIN_SIGNED_REQUESTS',
    'required: every system signs its requests; optional: those that are marked so',
    'optional or required',
    'optional',
    oneOf('optional', 'required'),
  ),
  requestsPerMinute: v(
    'GUIBIN_REQUESTS_PER_MINUTE',
    'requests of one person or system, unless the system has a rate of its own; 0: no limits at all',
    'a number from 0 to 1000000',
    '6000',
    integer(0, 1_000_000),
  ),
  anonymousPerMinute: v(
    'GUIBIN_ANONYMOUS_PER_MINUTE',
    'requests of one address without credentials, or with bad ones',
    'a number from 1 to 1000000',
    '300',
    integer(1, 1_000_000),
  ),
  requestSeconds: v(
    'GUIBIN_REQUEST_SECONDS',
    'so long a statement of a request may run, and a body may take to arrive (files: 10 minutes)',
    'a number from 1 to 600',
    '30',
    integer(1, 600),
  ),
  smsGatewayUrl: v(
    'GUIBIN_SMS_GATEWAY_URL',
    'SMS gateway that one-time codes go to; absent: one-time-codes.log in GUIBIN_DATA_DIR, in production none',
    'an http(s) URL',
    undefined,
    url('http:', 'https:'),
  ),
  smsGatewayToken: v('GUIBIN_SMS_GATEWAY_TOKEN', 'bearer token of the SMS gateway', 'a text', undefined, text),
  bossOrderUrl: v(
    'GUIBIN_BOSS_ORDER_URL',
    'where BOSS takes orders for mobile products that points are exchanged for; absent: none can be ordered',
    'an http(s) URL',
    undefined,
    url('http:', 'https:'),
  ),
  bossOrderToken: v('GUIBIN_BOSS_ORDER_TOKEN', 'bearer token of those orders', 'a text', undefined, text),
  feedFolder: v(
    'GUIBIN_FEED_FOLDER',
    'folder for the daily files to BOSS and the data warehouse, which names accounts; absent: by the API only',
    'a directory',
    undefined,
    (t) => text(t) && (isAbsolute(t) ? t : resolve(t)),
  ),
} satisfies { readonly [K in keyof Settings]: Variable<NonNullable<Settings[K]>> };

/**
 * Reads and checks the environment.
 * @throws InvalidSettings naming every bad variable at once.
 */
export function loadSettings(environment: Environment): Settings {
  const problems: string[] = [];
  const read = <T>(variable: Variable<T>): T | undefined => {
    const given = environment[variable.name] || variable.fallback;
    if (given === undefined) return undefined;
    const value = variable.parse(given);
    if (value === undefined) problems.push(`${variable.name} must be ${variable.expected}`);
    return value;
  };
  const values = Object.fromEntries(
    Object.entries(variables).map(([key, variable]) => [key, read(variable as Variable<unknown>)]),
  ) as Partial<Settings>;
  if (values.databaseUrl) {
    // A server that others also use keeps its keys outside; only the embedded mode makes its own.
    for (const key of ['jwtSecret', 'dataKeys', 'indexKey'] as const) {
      if (values[key] === undefined && !problems.some((problem) => problem.startsWith(variables[key].name))) {
        problems.push(`${variables[key].name} must be given with DATABASE_URL: ${variables[key].expected}`);
      }
    }
  }
  if (values.oidcIssuer && !values.oidcAudience)
    // Without it, a token that the issuer made for any other application would be good here.
    problems.push(`${variables.oidcAudience.name} must be given with ${variables.oidcIssuer.name}`);
  if (problems.length > 0) throw new InvalidSettings(problems);
  return Object.assign(new Settings(), values, {
    publicUrl: values.publicUrl ?? `http://localhost:${values.port}`,
    adminTotp: values.adminTotp ?? (values.production ? 'required' : 'optional'),
    callbackHosts: values.callbackHosts ?? [],
    docsEnabled: values.docsEnabled ?? !values.production,
    logLevel: values.logLevel ?? (values.production ? 'info' : 'warn'),
  });
}

function v<T>(
  name: string,
  description: string,
  expected: string,
  fallback: string | undefined,
  parse: (text: string) => T | undefined,
): Variable<T> {
  return { name, description, expected, fallback, parse };
}
