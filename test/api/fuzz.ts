import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv, type ValidateFunction } from 'ajv';
import { SignJWT } from 'jose';
import type { Credentials } from '../support/application.js';
import type { Answer, Request } from '../support/http.js';
import { fileText } from '../modules/usage/support/boss-file.js';
import { document, isDocumented, operations, type Schema } from './document.js';
import { Existing, POISON, type Shot } from './fuzz-arbitraries.js';
import { known, startProvinces, subscriptionLine, type KnownCustomer, type Provinces } from './provinces.js';

type Operation = (typeof operations)[number];

/** Somebody who may ask. */
export interface Asker {
  readonly name: string;
  credentials: Credentials;
  readonly permissions: readonly string[];
  /** Customers of whom no answer to this one may say anything. */
  readonly mustNotSee: readonly KnownCustomer[];
  /** Signs in again after an operation signed them out. */
  readonly renew: () => Promise<Credentials>;
}

export interface Range extends Provinces {
  readonly askers: readonly Asker[];
  /** What exists, by collection. */
  readonly pools: Map<string, string[]>;
  /** Ids that no request may be given: of the askers themselves. */
  readonly spared: ReadonlySet<string>;
}

const TICKET = '/tmf-api/troubleTicket/v4/troubleTicket';
const ORGANIZATION = '/care-api/organization/v1';
const ROUTING = '/care-api/routing/v1';
const ROOT_UNIT_ID = '019a9d00-0000-7000-8000-000000000001';

/** A text that is in a ticket of this customer and nowhere else. */
export const ticketText = (customer: KnownCustomer): string => `canary of ${customer.account}`;

/** Two provinces, somebody of every role in each, and one object at least of everything. */
export async function startRange(): Promise<Range> {
  const world = await startProvinces(24, { LOG_LEVEL: 'fatal', GUIBIN_REQUESTS_PER_MINUTE: '0' });
  return filled(world).catch(async (error: unknown) => {
    await world.close();
    throw error;
  });
}

async function filled(world: Provinces): Promise<Range> {
  const { done, customers } = world;
  for (const customer of customers) {
    const text = ticketText(customer);
    const payload = {
      description: text,
      name: text,
      severity: 'Minor',
      ticketType: 'enquiry',
      note: [{ text }],
      relatedParty: [{ id: customer.customerId, role: 'customer' }],
    };
    await done({ method: 'POST', url: TICKET, payload });
  }
  for (const kind of ['general', 'vip_seat', 'manager']) {
    const payload = { kind, pool: 'hotline', endpoint: `PJSIP/fuzz-${kind}` };
    const { body } = await done({ method: 'POST', url: `${ROUTING}/agent`, payload });
    await done({ method: 'PUT', url: `${ROUTING}/agent/${body.id}/state`, payload: { state: 'available' } });
  }
  for (const [nth, { msisdn }] of customers.entries()) {
    const payload = { externalCallId: `range-${nth}`, dialledCode: '10086', callerId: msisdn };
    await done({ method: 'POST', url: `${ROUTING}/contact`, payload, headers: world.pbx });
    if (nth === 7) break;
  }
  const victim = { login: 'fuzz.victim', displayName: 'Victim', password: 'a long phrase that nobody guesses' };
  const unitId = world.units['440000'].branch;
  await done({ method: 'POST', url: `${ORGANIZATION}/staff`, payload: { ...victim, unitId, roles: ['viewer'] } });

  const askers = await askersOf(world);
  const staff = await done({ url: `${ORGANIZATION}/staff?limit=1000` });
  const keys = await done({ url: `${ORGANIZATION}/apiKey?limit=1000` });
  const spared = [...staff.body, ...keys.body]
    .filter(({ login }) => login !== victim.login)
    .map(({ id }) => id as string);
  const pools = new Map<string, string[]>([
    ['role', [...world.roles, 'boss', 'pbx']],
    ['msisdn', customers.map(({ msisdn }) => msisdn)],
    ['idNumber', customers.map((each) => each.idNumber)],
    ['account', customers.map(({ account }) => account)],
  ]);
  const range: Range = { ...world, askers, pools, spared: new Set(spared) };
  for (const { method, path } of operations) {
    if (method !== 'GET' || path.includes('{')) continue;
    learn(range, path, await world.ask({ url: `${path}?limit=100` }));
  }
  return range;
}

async function askersOf(world: Provinces): Promise<readonly Asker[]> {
  const { body: roles } = await world.done({ url: `${ORGANIZATION}/role?limit=100` });
  const permissionsOf = (role: string): readonly string[] =>
    (roles as { id: string; permissions: string[] }[]).find(({ id }) => id === role)?.permissions ?? [];
  const others = world.customers.filter(({ province }) => province !== '440000');
  const people: Asker[] = [];
  for (const role of world.roles) {
    // Anew each time: the operation that signed this one out may have changed the password as well.
    const renew = async (): Promise<Credentials> =>
      (await world.colleague(world.units['440000'].branch, role)).credentials;
    people.push({
      name: `${role} of a branch of 440000`,
      credentials: await renew(),
      permissions: [...permissionsOf(role), 'session.own'],
      mustNotSee: others,
      renew,
    });
  }
  const token = async (secret: string, expiresAt: number): Promise<Credentials> => ({
    authorization: `Bearer ${await new SignJWT({ ver: 1 })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('guibin')
      .setSubject('0194f3d2-7c1a-7b3e-9a51-5b8e0c0f4a11')
      .setIssuedAt(expiresAt - 3600)
      .setExpirationTime(expiresAt)
      .sign(new TextEncoder().encode(secret))}`,
  });
  const nobody = (name: string, credentials: Credentials): Asker => ({
    name, credentials, permissions: [], mustNotSee: world.customers, renew: () => Promise.resolve(credentials),
  }); // prettier-ignore
  const administrator = permissionsOf('administrator');
  return [
    {
      name: 'administrator',
      credentials: world.administrator,
      permissions: [...administrator, 'session.own'],
      mustNotSee: [],
      renew: async () => (await world.colleague(ROOT_UNIT_ID, 'administrator')).credentials,
    },
    ...people,
    { ...nobody('boss', world.boss), permissions: permissionsOf('boss'), mustNotSee: [] },
    { ...nobody('pbx', world.pbx), permissions: permissionsOf('pbx'), mustNotSee: [] },
    nobody('anonymous', {}),
    nobody('expired token', await token(world.jwtSecret, Math.floor(Date.now() / 1000) - 60)),
    nobody('forged token', await token('y'.repeat(40), Math.floor(Date.now() / 1000) + 3600)),
    nobody('unknown key', { 'x-api-key': 'gbk_guess' }),
  ];
}

/** Keeps the ids that an answer shows, so that later requests can be about them. */
function learn({ pools, spared }: Pick<Range, 'pools' | 'spared'>, path: string, { status, body }: Answer): void {
  if (status >= 300 || typeof body !== 'object' || body === null) return;
  const remember = (kind: string, id: unknown): void => {
    const pool = pools.get(kind) ?? pools.set(kind, []).get(kind) ?? [];
    if (typeof id === 'string' && !spared.has(id) && !pool.includes(id) && pool.length < 300) pool.push(id);
  };
  const collection = path.split('/{')[0] ?? '';
  for (const each of Array.isArray(body) ? body : [body]) {
    const { id, href, reservation } = each as { id?: unknown; href?: unknown; reservation?: { id?: unknown } };
    const home =
      typeof href === 'string' && typeof id === 'string' && href.endsWith(`/${id}`)
        ? href.slice(0, -id.length - 1)
        : undefined;
    remember(home ?? collection, id);
    if (reservation) remember(`${ROUTING}/reservation`, reservation.id);
  }
}

// — One request —

/** The request as it goes out: what exists looked up, the damage done. */
export function requestOf({ pools }: Pick<Range, 'pools'>, operation: Operation, asker: Asker, shot: Shot): Request {
  const collection = operation.path.split('/{')[0] ?? '';
  const resolved = <T>(value: T): unknown => {
    if (value instanceof Existing) {
      const pool = pools.get(value.kind === 'list' ? collection : value.kind) ?? [];
      return pool[value.nth % pool.length] ?? '0194f3d2-7c1a-7b3e-9a51-5b8e0c0f4a12';
    }
    if (Array.isArray(value)) {
      const all = value.map(resolved);
      return value.some((each) => each instanceof Existing) ? [...new Set(all)] : all; // Two may have named the same.
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, resolved(inner)]));
  };
  const { damage } = shot;
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encoded(String(damage?.to === 'path' ? damage.value : resolved(shot.path[name]))),
  );
  const query = Object.entries(shot.query).map(([name, value]) => [name, String(resolved(value))] as const);
  if (damage?.to === 'query') query.push([damage.name, damage.value]);
  const search = query.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
  const headers: Record<string, string> = { ...asker.credentials, ...shot.headers };
  if (shot.type !== undefined) headers['content-type'] = shot.type;
  if (damage?.to === 'header') headers[damage.name] = damage.value;
  const request = { method: operation.method, url: path + (search === '' ? '' : `?${search}`), headers };
  if (damage?.to === 'whole body' && operation.method !== 'GET') {
    headers['content-type'] = damage.type;
    return { ...request, payload: damage.text };
  }
  if (shot.type === undefined) return request;
  const isFile = shot.body === undefined;
  if (isFile) return { ...request, payload: aFile() };
  const body = damaged(resolved(shot.body), damage);
  if (shot.type === 'application/x-www-form-urlencoded') {
    return {
      ...request,
      payload: new URLSearchParams(
        Object.entries(body as object).map(([name, value]): [string, string] => [
          name,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      ).toString(),
    };
  }
  return { ...request, payload: JSON.stringify(body) };
}

let sequence = 100;
function aFile(): string {
  sequence += 1;
  const line = subscriptionLine(known(sequence));
  const at = '2026-01-01T01:00:00+08:00';
  return fileText({ kind: 'SUB', sequence, date: '20260101', lines: [line], totals: { first: at, last: at } }).text;
}

/** Half of a surrogate pair has no UTF-8, so it is sent as the sign for what is none. */
const encoded = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

/** The value with one of its nodes, counted in depth, replaced or removed; or an attribute added at the top. */
function damaged(value: unknown, damage: Shot['damage']): unknown {
  if (damage?.to !== 'body') return value;
  if ('add' in damage) {
    // Defined, or `__proto__` would set the prototype.
    const more = { value: damage.value, enumerable: true, configurable: true, writable: true };
    return typeof value === 'object' && value !== null ? Object.defineProperty({ ...value }, damage.add, more) : value;
  }
  const places = placesIn(value);
  const place = places[damage.at % places.length];
  if (!place) return 'value' in damage ? damage.value : undefined;
  const copy = structuredClone(value);
  let holder = copy as Record<string, unknown>;
  for (const step of place.slice(0, -1)) holder = holder[step] as Record<string, unknown>;
  const last = place.at(-1) ?? '';
  if ('value' in damage) holder[last] = damage.value;
  else delete holder[last];
  return copy;
}

const placesIn = (value: unknown): readonly (readonly string[])[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([name, inner]) => [[name], ...placesIn(inner).map((rest) => [name, ...rest])]);

/** To try a request again by hand. */
export function curlOf(address: string, { method = 'GET', url, headers = {}, payload }: Request): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const secretless = ([name, value]: [string, string]): string =>
    `-H ${quoted(`${name}: ${name === 'authorization' ? 'Bearer $TOKEN' : name === 'x-api-key' ? '$KEY' : value}`)}`;
  const body =
    payload === undefined
      ? []
      : [`--data-binary ${quoted(typeof payload === 'string' ? payload.slice(0, 2_000) : String(payload))}`];
  return ['curl', '-g', '-X', method, ...Object.entries(headers).map(secretless), ...body, quoted(address + url)].join(
    ' ',
  );
}

// — What must hold for every answer —

const ajv = new Ajv({ strict: false, validateFormats: false });
const validators = new Map<Schema, ValidateFunction>();
function violationOf(schema: Schema, value: unknown): string | undefined {
  let validate = validators.get(schema);
  if (!validate) {
    validate = ajv.compile({ ...nullables(schema), components: COMPONENTS });
    validators.set(schema, validate);
  }
  return validate(value) ? undefined : ajv.errorsText(validate.errors?.slice(0, 3));
}

/** OpenAPI 3.0's `nullable` in JSON Schema's words. */
function nullables<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(nullables) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([name, inner]) => [name, name === 'example' ? inner : nullables(inner)]),
  );
  return (nullable === true ? { anyOf: [{ type: 'null' }, rest] } : rest) as T;
}
const COMPONENTS = nullables(document.components);

interface MediaTypes {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

/** What is wrong with an answer; nothing, if all is well. */
export function complaints(
  range: Range,
  operation: Operation,
  asker: Asker,
  shot: Shot,
  request: Request,
  answer: Answer,
): readonly string[] {
  const { status, body, text, headers } = answer;
  const found: string[] = [];
  const complain = (says: string): void => void found.push(says);
  const { pathname } = new URL(request.url, range.address);
  const isOwnRoute = shot.damage?.to !== 'path' || isAt(operation.path, pathname);

  if (status >= 500) complain(`answers ${status}`);
  if (status >= 400) {
    const isShaped =
      headers['content-type'] === 'application/json; charset=utf-8' &&
      ['code', 'reason', 'message', 'referenceError'].every(
        (name) => typeof body?.[name] === 'string' && body[name] !== '',
      ) &&
      body.status === String(status) &&
      body['@type'] === 'Error';
    if (!isShaped) complain(`an error that has not TMF630's shape: ${headers['content-type']} ${text.slice(0, 300)}`);
    else if (isOwnRoute && !isDocumented({ method: operation.method, url: pathname }, status, body.code)) {
      complain(`${status} ${body.code} is not in the document`);
    }
    for (const poison of POISON) {
      if (text.includes(poison)) complain(`the refusal repeats what was sent: ${text.slice(0, 300)}`);
    }
    if (/node_modules|\.ts:\d|\.js:\d|SELECT |INSERT |violates/.test(text))
      complain(`the refusal tells of the inside: ${text.slice(0, 300)}`);
  } else if (isOwnRoute) {
    const documented = operation.operation.responses[status] as MediaTypes | undefined;
    if (!documented) complain(`${status} is not in the document`);
    const [type, media] = Object.entries(documented?.content ?? {})[0] ?? [];
    if (type && text !== '' && !headers['content-type']?.startsWith(type))
      complain(`${headers['content-type']} instead of ${type}`);
    const isPartial = new URL(request.url, range.address).searchParams.has('fields');
    if (media && type === 'application/json' && !isPartial) {
      const violation = violationOf(media.schema, body);
      if (violation) complain(`an answer that is not as documented: ${violation} in ${text.slice(0, 600)}`);
    }
  }

  const isDisclosure = /\/(customerDisclosure|reject\/\{id\}\/disclosure)$/.test(operation.path) && status === 200;
  for (const customer of range.customers) {
    const isHidden = asker.mustNotSee.includes(customer);
    const plain = isDisclosure && !isHidden ? [] : [customer.msisdn, customer.idNumber, customer.name];
    // The register of one's own staff names those about whom it was refused.
    const isRegister = operation.path.endsWith('/accessEntry') || operation.path.endsWith('/auditEntry');
    const theirs = isHidden
      ? [...(isRegister ? [] : [customer.customerId]), customer.account, ticketText(customer)]
      : [];
    const all = text + JSON.stringify(headers);
    for (const value of [...plain, ...theirs]) {
      if (all.includes(value)) complain(`${asker.name} is told “${value}”: ${text.slice(0, 600)}`);
    }
  }

  const isAllowed = asker.permissions.includes(permissionOf(operation) ?? '') || asker.permissions.includes('*');
  const isRefusedForm =
    ['request.invalid', 'request.invalid-query', 'request.malformed-json'].includes(body?.code) || status === 415;
  // A name that JSON Schema cannot forbid, and no reader of JSON should take.
  const isPoisoned = typeof request.payload === 'string' && request.payload.includes('"__proto__"');
  if (!shot.damage && isAllowed && isRefusedForm && !isPoisoned)
    complain(`what the document allows is malformed: ${text.slice(0, 500)}`);
  const isJson = shot.type?.endsWith('json') && typeof request.payload === 'string';
  // Records of a batch are refused one by one, in the answer.
  const isAnsweredOneByOne = Array.isArray(body?.results);
  if (shot.damage?.to === 'body' && isJson && status < 300 && !isAnsweredOneByOne) {
    const schema = operation.operation.requestBody?.content[shot.type ?? '']?.schema;
    const violation = schema && violationOf(schema, JSON.parse(request.payload as string));
    if (violation) complain(`takes what the document forbids: ${violation}`);
  }
  return found;
}

export const permissionOf = ({ operation }: Operation): string | undefined =>
  /Permission: `([a-z.-]+)`/.exec(operation.description ?? '')?.[1];

function isAt(pattern: string, path: string): boolean {
  const steps = path.split('/');
  const expected = pattern.split('/');
  return expected.length === steps.length && expected.every((step, at) => step.startsWith('{') || step === steps[at]);
}

/** Sends it, learns from the answer, and throws when a promise is broken. */
export async function fire(range: Range, operation: Operation, asker: Asker, shot: Shot): Promise<Answer> {
  const request = requestOf(range, operation, asker, shot);
  const answer = await range.call(request);
  learn(range, operation.path, answer);
  if (answer.status === 401 && asker.permissions.length > 0) asker.credentials = await asker.renew();
  if (answer.status === 429) await sleep(20);
  const found = complaints(range, operation, asker, shot, request, answer);
  if (found.length > 0) {
    throw new Error(`${asker.name}: ${found.join('\n')}\n\n${curlOf(range.address, request)}\n`);
  }
  return answer;
}
