import type { Credentials } from '../support/application.js';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { SignJWT } from 'jose';
import { aUsage, fileText, usageFile, type UsageLine } from '../modules/usage/support/boss-file.js';
import type { Answer, Request } from '../support/http.js';
import { isDocumented } from './document.js';
import { changedTables, fingerprintOf } from './fingerprint.js';
import { billFields, INTAKE, NUMBERS, SECRETS, sendFile, startWorld, type World } from './world.js';

const CUSTOMER = '/tmf-api/customerManagement/v4/customer';
const SEARCH = '/care-api/customers/v1/customerSearch';
const DISCLOSURE = '/care-api/customers/v1/customerDisclosure';
const USAGE = '/tmf-api/usageManagement/v4/usage';
const TICKET = '/tmf-api/troubleTicket/v4/troubleTicket';
const POINTS = '/care-api/points/v1';
const TIERING = '/care-api/tiering/v1';
const ROUTING = '/care-api/routing/v1';
const ANALYTICS = '/care-api/analytics/v1';
const ORGANIZATION = '/care-api/organization/v1';
const RUN = '/care-api/operations/v1/run';

/** What the cases need to be there already. */
interface Scene extends World {
  readonly auditor: Credentials;
  readonly ticket: string;
  readonly closedTicket: string;
  readonly redemption: string;
  readonly seat: string;
  readonly waitingContact: string;
  readonly unit: string;
  readonly revoked: Readonly<Record<string, string>>;
  readonly expired: Readonly<Record<string, string>>;
  readonly forged: Readonly<Record<string, string>>;
}

type Check = (answer: Answer) => void;
interface Case {
  readonly says: string;
  /** As the administrator, unless it has credentials of its own. */
  readonly request: (scene: Scene) => Request;
  readonly check: Check;
  /** Tables that keep the refusal itself, by design. */
  readonly keeps?: readonly string[];
}

/** Refused in TMF630's shape. `field`: what the answer names, a dotted path or a pointer into a rule. */
const refused =
  (status: number, code: string, field?: string): Check =>
  ({ status: actual, body }) => {
    expect([actual, body?.code]).toEqual([status, code]);
    expect(body).toMatchObject({
      reason: expect.stringMatching(/./),
      message: expect.stringMatching(/./),
      status: String(status),
      referenceError: `urn:guibin:error:${code}`,
      '@type': 'Error',
    });
    if (field !== undefined) expect(namedBy(body.detail)).toContain(field);
  };

function namedBy(detail: {
  readonly field?: string;
  readonly fields?: readonly string[];
  readonly violations?: readonly { readonly field: string }[];
  readonly errors?: readonly string[];
}): readonly (string | undefined)[] {
  const pointers = (detail.errors ?? []).map((error) => error.split(':')[0]);
  return [detail.field, ...(detail.fields ?? []), ...(detail.violations ?? []).map(({ field }) => field), ...pointers];
}

/** Taken note of as a bad file: the answer says why, nothing of it is loaded. */
const badFile =
  (code: string): Check =>
  ({ status, body }) => {
    expect([status, body?.state, body?.problem?.code]).toEqual([201, 'BAD', code]);
    expect(body.counts.loaded).toBe(0);
  };
const FILE_REGISTERS = ['usage.intake_file', 'usage.rejected_record'];

/** What is kept of records that are not taken: that they came, and why they were refused or wait. */
const RECORD_REGISTERS = [
  'usage.intake',
  'usage.rejected_record',
  'usage.reject',
  'usage.source_feed',
  'usage.held_record',
];

/** Refused as one record among others. */
const badRecord =
  (code: string, field: string): Check =>
  ({ status, body }) => {
    expect([status, body?.results]).toEqual([200, [expect.objectContaining({ outcome: 'REJECTED', code, field })]]);
  };

const post = (url: string, payload?: unknown, headers = {}): Request => ({ method: 'POST', url, payload, headers });
const patch = (url: string, payload: unknown): Request => ({ method: 'PATCH', url, payload });
const INVALID = 'request.invalid';
const QUERY = 'request.invalid-query';
const NOBODY = '0194f3d2-7c1a-7b3e-9a51-5b8e0c0f4a11';

// — Anything at all may be sent to any address —

const REDEEM = `${POINTS}/redemption`;
const redemption = (scene: Scene, changes: object = {}): object => ({
  customerId: scene.customers.rich,
  points: 100,
  channel: 'HOTLINE',
  purpose: 'GOODS',
  ...changes,
});
const withoutCredentials = { authorization: '' };
const as = (credentials: Readonly<Record<string, string>>): Record<string, string> => ({
  ...withoutCredentials,
  ...credentials,
});
const typed = (type: string): Record<string, string> => ({ 'content-type': type });

const protocol: readonly Case[] = [
  ...[REDEEM, SEARCH, TICKET, CUSTOMER, RUN, `${INTAKE}/recordBatch`].flatMap((url): Case[] => [
    {
      says: `broken JSON to ${url}`,
      request: () => post(url, '{"msisdn": "13912340001"', typed('application/json')),
      check: refused(400, 'request.malformed-json'),
    },
    { says: `a list to ${url}`, request: () => post(url, []), check: refused(400, INVALID, 'body') },
    {
      says: `no body to ${url}`,
      request: () => post(url, '', typed('application/json')),
      check: refused(400, url === SEARCH ? 'customers.search-key-missing' : INVALID),
    },
    {
      says: `XML to ${url}`,
      request: () => post(url, '<a/>', typed('application/xml')),
      check: refused(415, 'request.unsupported-media-type'),
    },
  ]),
  {
    says: 'a JSON text for an object',
    request: () => post(REDEEM, '"13912340001"', typed('application/json')),
    check: refused(400, INVALID, 'body'),
  },
  {
    says: 'a key named __proto__',
    request: (scene) =>
      post(
        REDEEM,
        JSON.stringify(redemption(scene)).replace('{', '{"__proto__":{"points":1},'),
        typed('application/json'),
      ),
    check: refused(400, 'request.malformed-json'),
  },
  {
    says: 'an attribute named constructor, deep inside',
    request: (scene) => post(REDEEM, redemption(scene, { purpose: { a: [{ constructor: 1 }] } })),
    check: refused(400, INVALID, 'purpose'),
  },
  {
    says: '5,000 lists in one another, with an Idempotency-Key',
    request: () => {
      const json = `{"points":${'['.repeat(5_000)}${']'.repeat(5_000)}}`;
      return post(REDEEM, json, { ...typed('application/json'), 'idempotency-key': 'deep' });
    },
    check: refused(400, INVALID, 'points'),
  },
  {
    says: 'a customer’s number for a name',
    request: (scene) => post(REDEEM, redemption(scene, { [NUMBERS.rich]: 1 })),
    check: refused(400, INVALID, '(unknown)'),
  },
  {
    says: 'a customer’s number for a filter',
    request: () => ({ url: `${CUSTOMER}?${NUMBERS.rich}=1` }),
    check: refused(400, QUERY, '(unknown)'),
  },
  {
    says: 'an address of 20,000 characters',
    request: () => ({ url: `${CUSTOMER}?name=${'x'.repeat(20_000)}` }),
    check: refused(431, 'request.header-fields-too-large'),
  },
  {
    says: 'JSON beyond 1 MiB',
    request: () => post(CUSTOMER, { name: 'x'.repeat(1_100_000), engagedParty: {} }),
    check: refused(413, 'request.too-large'),
  },
  {
    says: 'a form where JSON is due',
    request: () => post(REDEEM, 'points=100', typed('application/x-www-form-urlencoded')),
    check: refused(415, 'request.unsupported-media-type'),
  },
  {
    says: 'a BOSS file where JSON is due',
    request: () => post(REDEEM, 'H|01', typed('text/csv')),
    check: refused(415, 'request.unsupported-media-type'),
  },
  {
    says: 'DELETE of a collection',
    request: () => ({ method: 'DELETE', url: CUSTOMER }),
    check: refused(405, 'request.method-not-allowed'),
  },
  {
    says: 'PUT of a ticket',
    request: ({ ticket }) => ({ method: 'PUT', url: `${TICKET}/${ticket}`, payload: {} }),
    check: refused(405, 'request.method-not-allowed'),
  },
  {
    says: 'PATCH of the ledger',
    request: ({ redemption }) => patch(`${REDEEM}/${redemption}`, { points: 1 }),
    check: refused(405, 'request.method-not-allowed'),
  },
  {
    says: 'an address that is not there',
    request: () => ({ url: '/care-api/points/v2/account' }),
    check: refused(404, 'request.unknown-route'),
  },
  {
    says: 'an escape that is no UTF-8',
    request: () => ({ url: `${CUSTOMER}/%E0%A4%A` }),
    check: refused(400, 'request.malformed-url'),
  },
  {
    says: 'an Idempotency-Key with a blank',
    request: (scene) => post(REDEEM, redemption(scene), { 'idempotency-key': 'two words' }),
    check: refused(400, 'idempotency.invalid-key', 'Idempotency-Key'),
  },
  {
    says: 'an Idempotency-Key of 129 characters',
    request: (scene) => post(REDEEM, redemption(scene), { 'idempotency-key': 'k'.repeat(129) }),
    check: refused(400, 'idempotency.invalid-key', 'Idempotency-Key'),
  },
  ...(['points', 'purpose', 'channel'] as const).map((field): Case => ({
    says: `an Idempotency-Key again with another ${field}`,
    request: (scene) => {
      const other = { points: 301, purpose: 'SERVICE', channel: 'WEB' }[field];
      return post(REDEEM, redemption(scene, { points: 300, [field]: other }), { 'idempotency-key': 'used' });
    },
    check: refused(409, 'idempotency.key-reused', 'Idempotency-Key'),
  })),
];

// — Who asks —

const access: readonly Case[] = [
  ...[
    CUSTOMER,
    USAGE,
    TICKET,
    `${ROUTING}/agent`,
    `${ANALYTICS}/churnRisk`,
    `${TIERING}/ruleSet`,
    RUN,
    `${INTAKE}/file`,
  ].map((url): Case => ({
    says: `no credentials at ${url}`,
    request: () => ({ url, headers: withoutCredentials }),
    check: refused(401, 'access.not-signed-in'),
  })),
  {
    says: 'a token that was signed by somebody else',
    request: ({ forged }) => ({ url: CUSTOMER, headers: forged }),
    check: refused(401, 'access.invalid-credentials'),
  },
  {
    says: 'a token that has expired',
    request: ({ expired }) => ({ url: CUSTOMER, headers: expired }),
    check: refused(401, 'access.invalid-credentials'),
  },
  {
    says: 'a token that says it needs no signature',
    request: () => ({ url: CUSTOMER, headers: { authorization: `Bearer ${unsigned()}` } }),
    check: refused(401, 'access.invalid-credentials'),
  },
  {
    says: 'a token under another scheme',
    request: () => ({ url: CUSTOMER, headers: { authorization: 'Basic YWRtaW46YWRtaW4=' } }),
    check: refused(401, 'access.invalid-credentials'),
  },
  {
    says: 'an API key that is nobody’s',
    request: () => ({ url: `${INTAKE}/file`, headers: as({ 'x-api-key': 'gbk_guess' }) }),
    check: refused(401, 'access.invalid-credentials'),
  },
  {
    says: 'a revoked API key',
    request: ({ revoked }) => ({ url: `${INTAKE}/file`, headers: as(revoked) }),
    check: refused(401, 'access.key-revoked'),
    keeps: ['platform.outbox', 'platform.handled_event', 'usage.intake_alarm'], // it is told of, some moments later
  },
  ...(
    [
      ['a redemption', (scene) => post(REDEEM, redemption(scene))],
      [
        'a customer’s plain data',
        ({ customers }) => post(DISCLOSURE, { customerId: customers.rich, purpose: 'service' }),
      ],
      ['a change of a ticket', ({ ticket }) => patch(`${TICKET}/${ticket}`, { status: 'inProgress' })],
      ['a run', () => post(RUN, { kind: 'tiering.review', asOf: '2026-02-01' })],
      ['a rule set', () => post(`${TIERING}/ruleSet`, { version: '2030.1' })],
      ['a call', () => post(`${ROUTING}/contact`, { externalCallId: 'c', dialledCode: '10086' })],
      ['a unit', () => post(`${ORGANIZATION}/unit`, {})],
      ['the access register', () => ({ url: `${ORGANIZATION}/accessEntry` })],
      ['a record batch', () => post(`${INTAKE}/recordBatch`, {})],
      ['the proof of the ledger', () => post(`${POINTS}/proof`)],
    ] satisfies readonly (readonly [string, (scene: Scene) => Request])[]
  ).map(([what, request]): Case => ({
    says: `a viewer asks for ${what}`,
    request: (scene) => ({ ...request(scene), headers: scene.viewer }),
    check: refused(403, 'access.permission-missing'),
  })),
  {
    says: 'a billing system reads customers',
    request: ({ boss }) => ({ url: CUSTOMER, headers: as(boss) }),
    check: refused(403, 'access.permission-missing'),
  },
  {
    says: 'a wrong password',
    request: () => post(`${ORGANIZATION}/session`, { login: 'admin', password: 'not this one' }),
    check: refused(401, 'access.invalid-credentials'),
    keeps: ['organization.staff'], // counts the attempts
  },
  {
    says: 'a login of nobody',
    request: () => post(`${ORGANIZATION}/session`, { login: NUMBERS.rich, password: 'not this one' }),
    check: refused(401, 'access.invalid-credentials'),
  },
  {
    says: 'a sign-in without a login',
    request: () => post(`${ORGANIZATION}/session`, { password: 'not this one' }),
    check: refused(400, 'organization.login-missing', 'login'),
  },
];

// — Ids that name nothing, of every shape —

const SHAPES: Readonly<Record<string, string>> = {
  'an unknown id': NOBODY,
  'a word': 'nobody',
  'a number of a customer': NUMBERS.rich,
  'a way up': '..%2F..%2Fetc%2Fpasswd',
  'an emoji': encodeURIComponent('🐉'),
  'a quote': encodeURIComponent(`' OR 1=1 --`),
  NUL: 'a%00b',
  '10,000 characters': 'x'.repeat(10_000),
};
const ADDRESSES: readonly (readonly [method: string, address: string, payload?: unknown])[] = [
  ['GET', `${CUSTOMER}/*`],
  ['PATCH', `${CUSTOMER}/*`, {}],
  ['DELETE', `${CUSTOMER}/*`],
  ['GET', `${USAGE}/*`],
  ['GET', `${TICKET}/*`],
  ['PATCH', `${TICKET}/*`, { status: 'inProgress' }],
  ['DELETE', `${TICKET}/*`],
  ['GET', `${POINTS}/account/*`],
  ['GET', `${POINTS}/account/*/entry`],
  ['GET', `${POINTS}/account/*/expiry`],
  ['GET', `${REDEEM}/*`],
  ['POST', `${REDEEM}/*/reversal`, { channel: 'HALL' }],
  ['GET', `${TIERING}/customerTier/*`],
  ['GET', `${TIERING}/customerTier/*/explanation`],
  ['GET', `${TIERING}/program/*`],
  ['GET', `${TIERING}/ruleSet/*`],
  ['GET', `${TIERING}/ruleSet/*/text`],
  ['GET', `${TIERING}/ruleSet/*/difference`],
  ['GET', `${TIERING}/ruleSet/*/export`],
  ['GET', `${TIERING}/ruleSet/*/period`],
  ['PATCH', `${TIERING}/ruleSet/*`, { checksum: '0'.repeat(64) }],
  ['POST', `${TIERING}/ruleSet/*/simulate`, {}],
  ['POST', `${TIERING}/ruleSet/*/withdraw`, { reason: 'x' }],
  ['GET', `${TIERING}/review/*`],
  ['GET', `${TIERING}/review/*/pendingDowngrade`],
  ['POST', `${TIERING}/review/*/release`, { reason: 'x' }],
  ['GET', `${TIERING}/card/*`],
  ['POST', `${TIERING}/card/*/activation`, {}],
  ['POST', `${TIERING}/card/*/lossReport`, {}],
  ['POST', `${TIERING}/card/*/replacement`, {}],
  ['POST', `${TIERING}/card/*/disclosure`],
  ['GET', `${TIERING}/pointsMember/*`],
  ['DELETE', `${TIERING}/pointsMember/*`],
  ['GET', `${TIERING}/membershipTransfer/*`],
  ['POST', `${TIERING}/membershipTransfer/*/withdrawal`, {}],
  ['GET', `${ANALYTICS}/churnRisk/*`],
  ['GET', `${ROUTING}/agent/*`],
  ['PUT', `${ROUTING}/agent/*/state`, { state: 'available' }],
  ['GET', `${ROUTING}/contact/*`],
  ['GET', `${ROUTING}/contact/*/position`],
  ['GET', `${ROUTING}/contact/*/decision`],
  ['POST', `${ROUTING}/contact/*/connected`, {}],
  ['POST', `${ROUTING}/contact/*/ended`, {}],
  ['POST', `${ROUTING}/reservation/*/accept`],
  ['POST', `${ROUTING}/reservation/*/reject`, {}],
  ['GET', `${INTAKE}/file/*`],
  ['GET', `${INTAKE}/file/*/answer`],
  ['GET', `${ORGANIZATION}/unit/*`],
  ['PATCH', `${ORGANIZATION}/unit/*`, { name: 'x' }],
  ['GET', `${ORGANIZATION}/staff/*`],
  ['PATCH', `${ORGANIZATION}/staff/*`, { displayName: 'x' }],
  ['DELETE', `${ORGANIZATION}/apiKey/*`],
  ['GET', `${RUN}/*`],
  ['POST', `${RUN}/*/cancel`],
  ['POST', `${RUN}/*/resume`],
];
const isNotFound: Check = (answer) => refused(404, answer.body?.code)(answer);
const ids: readonly Case[] = [
  ...ADDRESSES.flatMap(([method, address, payload]) =>
    Object.entries(SHAPES).map(([shape, id]): Case => ({
      says: `${shape} in ${method} ${address}`,
      request: () => ({ method, url: address.replace('*', id), payload }),
      check: isNotFound,
    })),
  ),
  ...['nobody', NOBODY, '../x', '🐉'].flatMap((customerId): Case[] => [
    {
      says: `a redemption by ${customerId}`,
      request: (scene) => post(REDEEM, redemption(scene, { customerId })),
      check: refused(404, 'customers.not-found'),
    },
    {
      says: `a disclosure of ${customerId}`,
      request: () => post(DISCLOSURE, { customerId, purpose: 'service' }),
      check: refused(404, 'customers.not-found'),
    },
    {
      says: `a ticket of ${customerId}`,
      request: () => post(TICKET, ticketOf(customerId)),
      check: refused(404, 'customers.not-found'),
    },
    {
      says: `${customerId} gets an account manager`,
      request: ({ seat }) => ({
        method: 'PUT',
        url: `${ROUTING}/agent/${seat}/customer/${encodeURIComponent(customerId)}`,
      }),
      check: refused(404, 'customers.not-found'),
    },
  ]),
];

// — Lists —

const REGISTER = `${ORGANIZATION}/accessEntry`;
const LISTS = [
  CUSTOMER, USAGE, TICKET, `${ROUTING}/agent`, `${ANALYTICS}/churnRisk`, `${TIERING}/ruleSet`, `${TIERING}/program`, `${TIERING}/card`, `${TIERING}/pointsMember`,
  `${TIERING}/membershipTransfer`, RUN,
  `${INTAKE}/file`, `${ORGANIZATION}/unit`, `${ORGANIZATION}/staff`, REGISTER, `${ORGANIZATION}/apiKey`,
  `${ORGANIZATION}/role`,
]; // prettier-ignore
const lists: readonly Case[] = [
  ...LISTS.flatMap((url) =>
    (
      [
        ['limit=-1', 'limit'],
        ['limit=1001', 'limit'],
        ['limit=ten', 'limit'],
        ['offset=1.5', 'offset'],
        ['offset=99999999999999999999', 'offset'],
        ['sort=shoeSize', 'sort'],
        [`sort=${NUMBERS.rich}`, 'sort'],
        [`msisdn=${NUMBERS.rich}`, 'msisdn'],
        ['constructor=1', 'constructor'],
      ] as const
    ).map(([query, field]): Case => ({
      says: `${url}?${query}`,
      request: ({ auditor }) => ({ url: `${url}?${query}`, ...(url === REGISTER && { headers: auditor }) }),
      check: refused(400, QUERY, field),
    })),
  ),
  ...(
    [
      [`${CUSTOMER}?status=angry`, 'status'],
      [`${CUSTOMER}?activatedOn.gt=2026-02-30`, 'activatedOn.gt'],
      [`${CUSTOMER}?brand.gt=A`, 'brand.gt'],
      [
        `${CUSTOMER}?contactMedium.characteristic.phoneNumber=${NUMBERS.rich}`,
        'contactMedium.characteristic.phoneNumber',
      ],
      [`${USAGE}?usageDate.gte=yesterday`, 'usageDate.gte'],
      [`${USAGE}?usageType=TELEGRAM`, 'usageType'],
      [`${TICKET}?creationDate.lt=2026-13-01`, 'creationDate.lt'],
      [`${TICKET}?creationDate.gt=9999-12-31T23:59:59-11:00`, 'creationDate.gt'],
      [`${TICKET}?creationDate.gt=0001-01-01T00:00:00Z`, 'creationDate.gt'],
      [`${CUSTOMER}?activatedOn.gt=1899-12-31`, 'activatedOn.gt'],
      [`${TICKET}?status=`, 'status'],
      [`${ANALYTICS}/churnRisk?risk.gte=high`, 'risk.gte'],
      [`${RUN}?asOf=2026-02-29`, 'asOf'],
      [`${INTAKE}/file?sequence.gt=1,2`, 'sequence.gt'],
    ] as const
  ).map(([url, field]): Case => ({
    says: url,
    request: () => ({ url }),
    check: refused(400, QUERY, field),
  })),
  {
    says: 'a filter of a statement that is not there',
    request: ({ customers }) => ({ url: `${POINTS}/account/${customers.rich}/entry?mood=good` }),
    check: refused(400, QUERY, 'mood'),
  },
];

// — Customers —

const customerCases: readonly Case[] = [
  ...['12345', '1391234000', '139123400011', '23912340001', '+1 202 555 0100', '１３９１２３４０００１', ' '].map(
    (msisdn): Case => ({
      says: `a search for the number “${msisdn}”`,
      request: () => post(SEARCH, { msisdn }),
      check: refused(400, 'msisdn.invalid', 'msisdn'),
    }),
  ),
  {
    says: 'a search for a number that is a number',
    request: () => post(SEARCH, { msisdn: 13912340001 }),
    check: refused(400, INVALID, 'msisdn'),
  },
  {
    says: 'a search by name',
    request: () => post(SEARCH, { name: '欧阳小明' }),
    check: refused(400, INVALID, 'name'),
  },
  {
    says: 'a search for nothing',
    request: () => post(SEARCH, {}),
    check: refused(400, 'customers.search-key-missing', 'msisdn'),
  },
  {
    says: 'a search for an account of no source',
    request: () => post(SEARCH, { accountNo: 'A-rich' }),
    check: refused(400, 'customers.search-key-missing', 'msisdn'),
  },
  {
    says: 'a disclosure for curiosity',
    request: ({ customers }) => post(DISCLOSURE, { customerId: customers.rich, purpose: 'curiosity' }),
    check: refused(400, 'customers.unknown-disclosure-purpose', 'purpose'),
  },
  {
    says: 'a customer without a name',
    request: () => post(CUSTOMER, { engagedParty: {} }),
    check: refused(400, INVALID, 'name'),
  },
  {
    says: 'a customer with a party that is a text',
    request: () => post(CUSTOMER, { name: '小明', engagedParty: '小明' }),
    check: refused(400, INVALID, 'engagedParty'),
  },
  {
    says: 'a customer with an empty name',
    request: () => post(CUSTOMER, { name: '', engagedParty: {} }),
    check: refused(400, INVALID, 'name'),
  },
  ...(['characteristic', 'contactMedium'] as const).flatMap((field): Case[] => [
    {
      says: `a customer with a ${field} that is a text`,
      request: () => post(CUSTOMER, { name: 'x', engagedParty: {}, [field]: NUMBERS.rich }),
      check: refused(400, INVALID, field),
    },
    {
      says: `a patch with a ${field} of texts`,
      request: ({ customers }) => patch(`${CUSTOMER}/${customers.rich}`, { [field]: [NUMBERS.rich] }),
      check: refused(400, INVALID, field),
    },
  ]),
  {
    says: 'a customer with 50,000 lists in each other',
    request: () =>
      post(
        CUSTOMER,
        `{"name":"x","engagedParty":{},"deep":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
        typed('application/json'),
      ),
    check: refused(400, INVALID, 'deep'),
  },
  {
    says: 'a customer with NUL in its name',
    request: () => post(CUSTOMER, { name: 'a\0b', engagedParty: {} }),
    check: refused(400, INVALID, 'name'),
  },
  ...(
    [
      ['id', NOBODY],
      ['href', '/elsewhere'],
      ['@type', 'Alien'],
      ['status', 'terminated'],
      ['statusReason', 'x'],
      ['account', []],
      ['engagedParty', { id: NOBODY }],
      ['validFor', null],
      ['name', '欧阳小红'],
    ] as const
  ).map(([name, value]): Case => ({
    says: `a patch of the customer’s ${name}`,
    request: ({ customers }) => patch(`${CUSTOMER}/${customers.rich}`, { [name]: value }),
    check: refused(400, 'patch.attribute-not-patchable', name),
  })),
  {
    says: 'a patch over a version that is gone',
    request: ({ customers }) => ({
      ...patch(`${CUSTOMER}/${customers.rich}`, { mood: 'good' }),
      headers: { 'if-match': '"77"' },
    }),
    check: refused(412, 'customers.changed'),
  },
  {
    says: 'a patch over what is no version',
    request: ({ customers }) => ({
      ...patch(`${CUSTOMER}/${customers.rich}`, { mood: 'good' }),
      headers: { 'if-match': 'yesterday’s'.replace('’', '') },
    }),
    check: refused(412, 'customers.changed'),
  },
  {
    says: 'the deletion of a customer with history',
    request: ({ customers }) => ({ method: 'DELETE', url: `${CUSTOMER}/${customers.gone}` }),
    check: refused(409, 'customers.has-history'),
  },
];

// — Points —

const pointsCases: readonly Case[] = [
  ...[0, -5, 1.5, '10', 2 ** 60, null, [10], true].map((points): Case => ({
    says: `a redemption of ${JSON.stringify(points)}`,
    request: (scene) => post(REDEEM, redemption(scene, { points })),
    check: refused(400, INVALID, 'points'),
  })),
  {
    says: 'a redemption of NaN',
    request: (scene) =>
      post(REDEEM, JSON.stringify(redemption(scene)).replace('100', 'NaN'), typed('application/json')),
    check: refused(400, 'request.malformed-json'),
  },
  {
    says: 'a redemption of one point more than there is',
    request: (scene) => post(REDEEM, redemption(scene, { points: 19_701 })),
    check: refused(422, 'points.insufficient'),
  },
  {
    says: 'a redemption of all the points in the world',
    request: (scene) => post(REDEEM, redemption(scene, { points: Number.MAX_SAFE_INTEGER })),
    check: refused(422, 'points.insufficient'),
  },
  ...(
    [
      ['poor', 'points.below-threshold'],
      ['suspended', 'points.account-frozen'],
      ['gone', 'points.account-closed'],
    ] as const
  ).map(([person, code]): Case => ({
    says: `a redemption by a customer who is ${person}`,
    request: (scene) => post(REDEEM, redemption(scene, { customerId: scene.customers[person], points: 10 })),
    check: refused(422, code),
  })),
  {
    says: 'a redemption for a purpose that is not',
    request: (scene) => post(REDEEM, redemption(scene, { purpose: 'BRIBE' })),
    check: refused(400, INVALID, 'purpose'),
  },
  {
    says: 'a redemption with a price of its own',
    request: (scene) => post(REDEEM, redemption(scene, { valueInFen: 1 })),
    check: refused(400, INVALID, 'valueInFen'),
  },
  {
    says: 'a redemption without a customer',
    request: (scene) => post(REDEEM, redemption(scene, { customerId: undefined })),
    check: refused(400, INVALID, 'customerId'),
  },
  {
    says: 'a reversal without a channel',
    request: ({ redemption }) => post(`${REDEEM}/${redemption}/reversal`, {}),
    check: refused(400, INVALID, 'channel'),
  },
];

// — Tickets —

const ticketOf = (customerId: string, changes: object = {}): object => ({
  description: 'No signal at home',
  severity: 'Minor',
  ticketType: 'complaint',
  relatedParty: [{ id: customerId, role: 'customer', '@referredType': 'Customer' }],
  ...changes,
});
const openWith =
  (changes: object) =>
  ({ customers }: Scene): Request =>
    post(TICKET, ticketOf(customers.rich, changes));
const ticketCases: readonly Case[] = [
  ...(['description', 'severity', 'ticketType'] as const).map((field): Case => ({
    says: `a ticket without its ${field}`,
    request: openWith({ [field]: undefined }),
    check: refused(400, INVALID, field),
  })),
  {
    says: 'a ticket that begins as closed',
    request: openWith({ status: 'closed' }),
    check: refused(400, INVALID, 'status'),
  },
  {
    says: 'a ticket wanted by an impossible day',
    request: openWith({ requestedResolutionDate: '2026-02-30T00:00:00+08:00' }),
    check: refused(400, INVALID, 'requestedResolutionDate'),
  },
  {
    says: 'a ticket wanted at a time without offset',
    request: openWith({ requestedResolutionDate: '2026-02-03T00:00:00' }),
    check: refused(400, INVALID, 'requestedResolutionDate'),
  },
  {
    says: 'a ticket of nobody',
    request: openWith({ relatedParty: [] }),
    check: refused(422, 'tickets.customer-missing', 'relatedParty'),
  },
  {
    says: 'a ticket of two customers',
    request: ({ customers }) =>
      openWith({
        relatedParty: [customers.rich, customers.poor].map((id) => ({ id, role: 'customer' })),
      })({ customers } as Scene),
    check: refused(422, 'tickets.customer-missing', 'relatedParty'),
  },
  {
    says: 'a ticket with a note of 4,001 characters',
    request: openWith({ note: [{ text: 'x'.repeat(4_001) }] }),
    check: refused(400, INVALID, 'note.0.text'),
  },
  ...['a\0b', 'x\ud800'].flatMap((value): Case[] => [
    {
      says: `a ticket with an attribute of its own that is ${JSON.stringify(value)}`,
      request: openWith({ mood: value }),
      check: refused(400, INVALID, 'mood'),
    },
    {
      says: `a ticket with a description that is ${JSON.stringify(value)}`,
      request: openWith({ description: value }),
      check: refused(400, INVALID, 'description'),
    },
    {
      says: `a patch of a ticket’s own attribute to ${JSON.stringify(value)}`,
      request: ({ ticket }) => patch(`${TICKET}/${ticket}`, { mood: { deeply: [value] } }),
      check: refused(400, INVALID, 'mood'),
    },
  ]),
  {
    says: 'a ticket with a channel of no id',
    request: openWith({ channel: {} }),
    check: refused(400, INVALID, 'channel.id'),
  },
  {
    says: 'an externalId again for something else',
    request: openWith({ externalId: 'CRM-1', description: 'Something else' }),
    check: refused(409, 'tickets.external-id-taken', 'externalId'),
  },
  ...['resolved', 'closed', 'pending', 'held'].map((status): Case => ({
    says: `a ticket that nobody works on becomes ${status}`,
    request: ({ ticket }) => patch(`${TICKET}/${ticket}`, { status }),
    check: refused(409, 'tickets.illegal-status-change', 'status'),
  })),
  {
    says: 'a closed ticket is reopened',
    request: ({ closedTicket }) => patch(`${TICKET}/${closedTicket}`, { status: 'inProgress' }),
    check: refused(409, 'tickets.has-ended', 'status'),
  },
  {
    says: 'a status that is none',
    request: ({ ticket }) => patch(`${TICKET}/${ticket}`, { status: 'forgotten' }),
    check: refused(400, INVALID, 'status'),
  },
  ...['id', 'priority', 'creationDate', 'statusChange', 'expectedResolutionDate', 'externalId'].map((name): Case => ({
    says: `a patch of the ticket’s ${name}`,
    request: ({ ticket }) => patch(`${TICKET}/${ticket}`, { [name]: '2030-01-01T00:00:00Z' }),
    check: refused(400, 'patch.attribute-not-patchable', name),
  })),
  {
    says: 'a ticket that changes its customer',
    request: ({ ticket, customers }) =>
      patch(`${TICKET}/${ticket}`, { relatedParty: [{ id: customers.poor, role: 'customer' }] }),
    check: refused(409, 'tickets.customer-is-fixed', 'relatedParty'),
  },
  {
    says: 'a change over a version that is gone',
    request: ({ ticket }) => ({
      ...patch(`${TICKET}/${ticket}`, { status: 'inProgress' }),
      headers: { 'if-match': '"77"' },
    }),
    check: refused(409, 'tickets.changed', 'If-Match'),
  },
  {
    says: 'the deletion of a ticket',
    request: ({ ticket }) => ({ method: 'DELETE', url: `${TICKET}/${ticket}` }),
    check: refused(409, 'tickets.is-kept'),
  },
];

// — Levels and runs —

const ruleSet = (body: unknown, changes: object = {}): Request =>
  post(`${TIERING}/ruleSet`, { version: '2030.1', effectiveFrom: '2030-02-01', body, ...changes });
const label = { en: 'x', zh: 'x' };
const oneRoute = (measure: unknown, routeLabel: object = label): object => ({
  levels: [
    { tier: 'GOLD', label },
    { tier: 'ORDINARY', label },
  ],
  inputs: [],
  requirements: [],
  exclusions: [],
  routes: [{ code: 'SPEND', label: routeLabel, unit: 'fen', measure, thresholds: [{ tier: 'GOLD', atLeast: 1 }] }],
  review: { month: 2, day: 1 },
});
const gate = (condition: unknown): object => ({
  ...oneRoute({ metric: 'tenureMonths' }),
  requirements: [{ code: 'GATE', label, condition }],
});
const badRules: readonly (readonly [says: string, body: unknown, pointer: string])[] = [
  ['that is empty', {}, '/levels'],
  ['with an unknown attribute', { ...oneRoute({ metric: 'tenureMonths' }), bribes: [] }, '/bribes'],
  ['that measures what is not there', oneRoute({ metric: 'shoeSize' }), '/routes/0/measure/metric'],
  ['that divides by zero', oneRoute({ divFloor: [{ metric: 'tenureMonths' }, 0] }), '/routes/0/measure/divFloor/1'],
  ['that calls a function', oneRoute({ eval: '1' }), '/routes/0/measure'],
  ['with an operator of its own', gate({ metric: 'tenureMonths', op: '~', value: 1 }), '/requirements/0/condition/op'],
  ['that compares months with a text', gate({ metric: 'tenureMonths', op: '>=', value: 'long' }), '/requirements/0/condition/value'],
  ['that sums over a window of no months', oneRoute({ metric: 'netSpendFen', agg: 'sum', window: { kind: 'rolling-months', months: 0 } }), '/routes/0/measure/window/months'],
]; // prettier-ignore
const run = (changes: object): Request => post(RUN, { kind: 'tiering.review', asOf: '2026-02-01', ...changes });
const levelCases: readonly Case[] = [
  ...badRules.map(([says, body, pointer]): Case => ({
    says: `a rule set ${says}`,
    request: () => ruleSet(body),
    check: refused(422, 'tiering.invalid-rule-set', pointer),
  })),
  { says: 'a rule set without a body', request: () => ruleSet(undefined), check: refused(400, INVALID, 'body') },
  {
    says: 'a rule set with a label of half a character',
    request: () => ruleSet(oneRoute({ metric: 'tenureMonths' }, { en: 'x\ud800', zh: 'x' })),
    check: refused(400, INVALID, 'body'),
  },
  {
    says: 'a rule set that ends before it begins',
    request: () => ruleSet(oneRoute({ metric: 'tenureMonths' }), { effectiveUntil: '2030-02-01' }),
    check: refused(422, 'tiering.rule-set-never-in-effect', 'effectiveUntil'),
  },
  {
    says: 'a rule set from an impossible day',
    request: () => ruleSet(oneRoute({ metric: 'tenureMonths' }), { effectiveFrom: '2030-02-30' }),
    check: refused(400, INVALID, 'effectiveFrom'),
  },
  {
    says: 'a rule set under a version that is there',
    request: () => ruleSet(oneRoute({ metric: 'tenureMonths' }), { version: '2026.1' }),
    check: refused(409, 'tiering.rule-set-version-taken', 'version'),
  },
  {
    says: 'a rule set under a version with blanks',
    request: () => ruleSet(oneRoute({ metric: 'tenureMonths' }), { version: 'my rules' }),
    check: refused(400, INVALID, 'version'),
  },
  ...['2026-02-30', 'today', '20260201', '2026-02-01T00:00:00Z'].flatMap((asOf): Case[] => [
    {
      says: `an explanation as of ${asOf}`,
      request: ({ customers }) => ({ url: `${TIERING}/customerTier/${customers.rich}/explanation?asOf=${asOf}` }),
      check: refused(400, INVALID, 'asOf'),
    },
    {
      says: `a value pyramid as of ${asOf}`,
      request: () => ({ url: `${ANALYTICS}/valuePyramid?asOf=${asOf}` }),
      check: refused(400, INVALID, 'asOf'),
    },
    { says: `a run as of ${asOf}`, request: () => run({ asOf }), check: refused(400, INVALID, 'asOf') },
  ]),
  {
    says: 'an explanation as of a day before any rules',
    request: ({ customers }) => ({ url: `${TIERING}/customerTier/${customers.rich}/explanation?asOf=1999-01-01` }),
    check: refused(422, 'tiering.no-rule-set'),
  },
  {
    says: 'an explanation with an unknown parameter',
    request: ({ customers }) => ({ url: `${TIERING}/customerTier/${customers.rich}/explanation?asof=2026-02-01` }),
    check: refused(400, INVALID, 'asof'),
  },
  {
    says: 'a run of an unknown kind',
    request: () => run({ kind: 'world.domination' }),
    check: refused(422, 'run.unknown-kind', 'kind'),
  },
  {
    says: 'a run of a customer’s number',
    request: () => run({ kind: NUMBERS.rich }),
    check: refused(422, 'run.unknown-kind', 'kind'),
  },
  { says: 'a run without a day', request: () => run({ asOf: undefined }), check: refused(400, INVALID, 'asOf') },
  {
    says: 'a run with an unknown attribute',
    request: () => run({ force: true }),
    check: refused(400, INVALID, 'force'),
  },
  {
    says: 'a run key with another day',
    request: () => run({ key: '2026-02-01', asOf: '2026-03-01' }),
    check: refused(409, 'run.key-taken', 'key'),
  },
  {
    says: 'a run with parameters that its kind does not have',
    request: () => run({ key: 'with parameters', parameters: { tier: 'DIAMOND' } }),
    check: refused(422, 'run.parameters-refused', 'parameters'),
  },
  {
    says: 'a run as of tomorrow, and the day after',
    request: () => run({ key: 'tomorrow', asOf: '2999-01-01' }),
    check: refused(422, 'run.in-the-future', 'asOf'),
  },
  ...[[1], 'DIAMOND', 5, null].map((parameters): Case => ({
    says: `a run with parameters ${JSON.stringify(parameters)}`,
    request: () => run({ key: 'with parameters', parameters }),
    check: refused(400, INVALID, 'parameters'),
  })),
  ...['all are gold', 5, null, []].map((body): Case => ({
    says: `a rule set that is ${JSON.stringify(body)}`,
    request: () => ruleSet(body),
    check: refused(400, INVALID, 'body'),
  })),
  ...['never', '2026-13', '2026-02-01'].map((key): Case => ({
    says: `points for the month “${key}”`,
    request: () => run({ kind: 'points.accrue', key }),
    check: refused(422, 'run.key-refused', 'key'),
  })),
];

// — What BOSS sends —

const usage = (changes: Partial<UsageLine> = {}): UsageLine =>
  aUsage({ msisdn: NUMBERS.rich, eventTime: '2026-01-15T10:00:00+08:00', ...changes });
const file = usageFile([usage()], { date: '20260201', sequence: 1 });
const sent =
  (change: (text: string) => string, name = file.name) =>
  ({ boss }: Scene): Request =>
    sendFile(name, change(file.text), as(boss));
const trailer = (nth: number, value: string) => (text: string) =>
  text.replace(/^T.*$/m, (line) => replaced(line, nth, value));
const header = (nth: number, value: string) => (text: string) =>
  text.replace(/^H.*$/m, (line) => replaced(line, nth, value));
const replaced = (line: string, nth: number, value: string): string =>
  line
    .split('|')
    .map((field, at) => (at === nth ? value : field))
    .join('|');
const badFiles: readonly (readonly [says: string, request: (scene: Scene) => Request, code: string])[] = [
  ['with another checksum', sent(trailer(7, 'a'.repeat(64))), 'E_CHECKSUM'],
  ['with a body that was changed', sent((text) => text.replace('|ON_NET|', '|FIXED|')), 'E_CHECKSUM'],
  ['that counts one record more', sent(trailer(1, '2')), 'E_COUNT'],
  ['with another sum of fees', sent(trailer(2, '21')), 'E_COUNT'],
  ['with another sum of minutes', sent(trailer(3, '3')), 'E_COUNT'],
  ['with another sum of volume', sent(trailer(4, '1')), 'E_COUNT'],
  ['with another first event', sent(trailer(5, '2026-01-14T10:00:00+08:00')), 'E_COUNT'],
  ['without a trailer', sent((text) => text.replace(/^T.*\n/m, '')), 'E_COUNT'],
  ['without a header', sent((text) => text.replace(/^H.*\n/m, '')), 'E_FORMAT'],
  ['of a later format', sent(header(1, '02')), 'E_FORMAT'],
  ['whose header names another source', sent(header(2, 'OTHER')), 'E_FORMAT'],
  ['whose header names another day', sent(header(4, '20260202')), 'E_FORMAT'],
  ['whose header has an impossible day', sent(header(4, '20260230')), 'E_FORMAT'],
  ['whose header names another sequence', sent(header(5, '2')), 'E_FORMAT'],
  ['that was broken off', ({ boss }) => sendFile(file.name, new Uint8Array(gzipSync(file.text).subarray(0, 60)), as(boss)), 'E_CHECKSUM'],
  ['of nothing', ({ boss }) => sendFile(file.name, new Uint8Array(0), as(boss)), 'E_FORMAT'],
  ['of random bytes', ({ boss }) => sendFile(file.name.replace('.gz', ''), '\u0000\u0001\u0002', as(boss)), 'E_FORMAT'],
  ['under a sequence that was loaded with another content', ({ boss }) => {
    const { name, text } = fileText({ kind: 'BIL', date: '20260201', lines: [] });
    return sendFile(name, text, as(boss));
  }, 'E_SEQ'],
]; // prettier-ignore
const fileCases: readonly Case[] = [
  ...badFiles.map(([says, request, code]): Case => ({
    says: `a file ${says}`,
    request,
    check: badFile(code),
    keeps: FILE_REGISTERS,
  })),
  ...[
    'notes.txt',
    'USG_BOSS.csv',
    '../USG_BOSS_440000_20260201_000001_01.csv',
    'USG_BOSS_440000_20260230_000001_01.csv',
  ].map((name): Case => ({
    says: `a file named ${name}`,
    request: ({ boss }) => sendFile(name, file.text, as(boss)),
    check: refused(400, 'intake.file-name', 'name'),
  })),
  {
    says: 'a file without a name',
    request: ({ boss }) => post(`${INTAKE}/file`, 'H', as({ ...boss, 'content-type': 'text/csv' })),
    check: refused(400, INVALID, 'name'),
  },
  {
    says: 'a file as JSON',
    request: ({ boss }) => ({
      ...sendFile(file.name, '{}', as(boss)),
      headers: as({ ...boss, ...typed('application/json') }),
      payload: '{}',
    }),
    check: refused(415, 'request.unsupported-media-type'),
  },
  {
    says: 'a file larger than allowed',
    request: ({ boss }) => sendFile(file.name, new Uint8Array(300_000), as(boss)),
    check: refused(413, 'request.file-too-large'),
  },
  {
    says: 'a file of another source than the key’s',
    request: ({ stranger }) => sendFile(file.name, file.text, as(stranger)),
    check: refused(403, 'intake.not-your-records', 'source'),
  },
];

const USG = {
  recordId: 'U-9', eventTime: '2026-11-20T10:00:00+08:00', msisdn: NUMBERS.rich, eventType: 'VOICE_MO',
  counterpartyClass: 'ON_NET', durationSec: 61, feeFen: 20, operation: 'NEW', version: 1,
}; // prettier-ignore
const BIL_NAMES = [
  'billNo', 'accountNo', 'msisdn', 'cycle', 'monthlyFeeFen', 'voiceFen', 'smsFen', 'dataFen', 'roamingFen', 'vasFen',
  'collectedForOthersFen', 'discountFen', 'giftFen', 'adjustmentFen', 'payableFen', 'paidFen', 'arrearsFen', 'dueDate',
  'issuedAt', 'version', 'supersedes',
]; // prettier-ignore
const BIL = {
  ...Object.fromEntries(BIL_NAMES.map((name, at) => [name, billFields('rich', 100)[at]])),
  billNo: 'B-9',
};
const PAY = {
  paymentId: 'P-9', accountNo: 'A-rich', msisdn: NUMBERS.rich, paidAt: '2026-11-20T10:00:00+08:00', amountFen: 100,
  method: 'CASH', payer: 'SELF', operation: 'NEW', version: 1,
}; // prettier-ignore
const SUB = {
  recordId: 'S-9', eventTime: '2026-11-20T10:00:00+08:00', accountNo: 'A-9', msisdn: '13912340009', name: '欧阳小明',
  brand: 'GOTONE', regionHome: '440000', activatedOn: '2020-01-01', status: 'ACTIVE', statusAt: '2026-11-20T10:00:00+08:00',
  packageFeeFen: 100, simKind: 'MAIN', realName: true, operation: 'NEW', version: 1,
}; // prettier-ignore
const KINDS = { USG, BIL, PAY, SUB } as const;
const badRecords: readonly (readonly [kind: keyof typeof KINDS, field: string, value: unknown, code: string])[] = [
  ['USG', 'feeFen', -1, 'E_AMOUNT'],
  ['USG', 'feeFen', 'free', 'E_AMOUNT'],
  ['USG', 'durationSec', -1, 'E_FORMAT'],
  ['USG', 'durationSec', 1.5, 'E_FORMAT'],
  ['USG', 'msisdn', '12345', 'E_MSISDN'],
  ['USG', 'eventTime', '2026-02-30T00:00:00+08:00', 'E_DATE'],
  ['USG', 'eventTime', '2026-11-20T10:00:00', 'E_DATE'],
  ['USG', 'eventType', 'TELEGRAM', 'E_FORMAT'],
  ['USG', 'counterpartyClass', '', 'E_FORMAT'],
  ['USG', 'recordId', 'a|b', 'E_FORMAT'],
  ['USG', 'recordId', undefined, 'E_FORMAT'],
  ['USG', 'version', 2, 'E_REF'],
  ['USG', 'refRecordId', 'U-1', 'E_REF'],
  ['BIL', 'payableFen', 101, 'E_AMOUNT'],
  ['BIL', 'voiceFen', -1, 'E_AMOUNT'],
  ['BIL', 'discountFen', 1, 'E_AMOUNT'],
  ['BIL', 'arrearsFen', -1, 'E_AMOUNT'],
  ['BIL', 'cycle', '202613', 'E_DATE'],
  ['BIL', 'dueDate', '2026-02-30', 'E_DATE'],
  ['PAY', 'amountFen', -100, 'E_AMOUNT'],
  ['PAY', 'payer', 'GHOST', 'E_FORMAT'],
  ['SUB', 'activatedOn', '2026-02-30', 'E_DATE'],
  ['SUB', 'statusAt', '2099-01-01T00:00:00+08:00', 'E_DATE'],
  ['SUB', 'brand', 'OTHER', 'E_FORMAT'],
  ['SUB', 'packageFeeFen', -1, 'E_AMOUNT'],
  ['SUB', 'msisdn', '13912', 'E_MSISDN'],
];
const batch = (changes: object) => ({ boss }: Scene): Request =>
  post(`${INTAKE}/recordBatch`, { kind: 'USG', source: 'BOSS', records: [USG], ...changes }, as(boss)); // prettier-ignore
const recordCases: readonly Case[] = [
  ...badRecords.map(([kind, field, value, code]): Case => ({
    says: `a ${kind} record with ${field} = ${JSON.stringify(value)}`,
    request: batch({ kind, records: [{ ...KINDS[kind], [field]: value }] }),
    check: badRecord(code, field),
    keeps: RECORD_REGISTERS,
  })),
  ...(
    [
      ['USG', { recordId: 'W-1', eventTime: '2099-01-01T00:00:00+08:00' }, 'FUTURE'],
      ['USG', { recordId: 'W-2', eventTime: '2020-01-01T00:00:00+08:00' }, 'LATE'],
      ['PAY', { paymentId: 'W-3', paidAt: '2099-01-01T00:00:00+08:00' }, 'FUTURE'],
      ['BIL', { billNo: 'W-4', issuedAt: '2099-01-01T00:00:00+08:00' }, 'FUTURE'],
    ] as const
  ).map(([kind, changes, reason]): Case => ({
    says: `a ${kind} record that waits: ${reason}`,
    request: batch({ kind, records: [{ ...KINDS[kind], ...changes }] }),
    check: ({ status, body }) => expect([status, body?.results]).toEqual([200, [{ outcome: 'HELD', reason }]]),
    keeps: RECORD_REGISTERS,
  })),
  {
    says: 'a batch of 1001',
    request: batch({ records: Array(1001).fill(USG) }),
    check: refused(400, INVALID, 'records'),
  },
  { says: 'a batch of nothing', request: batch({ records: [] }), check: refused(400, INVALID, 'records') },
  { says: 'a batch of texts', request: batch({ records: ['D|1'] }), check: refused(400, INVALID, 'records') },
  { says: 'a batch of an unknown kind', request: batch({ kind: 'CDR' }), check: refused(400, INVALID, 'kind') },
  {
    says: 'a batch of a source in small letters',
    request: batch({ source: 'boss' }),
    check: refused(400, INVALID, 'source'),
  },
  {
    says: 'a batch of another source than the key’s',
    request: batch({ source: 'OTHER' }),
    check: refused(403, 'intake.not-your-records', 'source'),
  },
  ...(
    [
      ['usageType', 'TELEGRAM'],
      ['usageDate', '2026-02-30T00:00:00Z'],
      ['usageCharacteristic', []],
      ['usageCharacteristic', 'recordId'],
    ] as const
  ).map(([field, value]): Case => ({
    says: `a usage with ${field} = ${JSON.stringify(value)}`,
    request: ({ boss }) => post(USAGE, { ...USAGE_BODY, [field]: value }, as(boss)),
    check: refused(400, INVALID, field),
  })),
  {
    says: 'a usage with a negative fee',
    request: ({ boss }) =>
      post(
        USAGE,
        { ...USAGE_BODY, usageCharacteristic: [...USAGE_BODY.usageCharacteristic, { name: 'feeFen', value: -1 }] },
        as(boss),
      ),
    check: refused(422, 'usage.refused', 'feeFen'),
    keeps: RECORD_REGISTERS,
  },
  {
    says: 'a usage in the future waits',
    request: ({ boss }) => post(USAGE, { ...USAGE_BODY, usageDate: '2099-01-01T00:00:00+08:00' }, as(boss)),
    check: ({ status, body }) => expect([status, body?.status]).toEqual([201, 'received']),
    keeps: [...RECORD_REGISTERS, 'platform.outbox', 'platform.handled_event'], // who subscribed to usage learns of it
  },
];
const USAGE_BODY = {
  usageDate: '2026-11-20T10:00:00+08:00',
  usageType: 'VOICE_MO',
  usageCharacteristic: [
    { name: 'recordId', value: 'U-10' },
    { name: 'msisdn', value: NUMBERS.rich },
    { name: 'counterpartyClass', value: 'ON_NET' },
  ],
};

// — The hotline —

const agent = { kind: 'general', pool: 'hotline', endpoint: 'PJSIP/9' };
const routingCases: readonly Case[] = [
  { says: 'an agent of a pool that is not there', request: () => post(`${ROUTING}/agent`, { ...agent, pool: 'moon' }), check: refused(422, 'routing.unknown-pool', 'pool') },
  { says: 'an agent behind a telephone that is taken', request: () => post(`${ROUTING}/agent`, { ...agent, endpoint: 'PJSIP/1' }), check: refused(409, 'routing.endpoint-taken', 'endpoint') },
  { says: 'an agent of an unknown kind', request: () => post(`${ROUTING}/agent`, { ...agent, kind: 'robot' }), check: refused(400, INVALID, 'kind') },
  { says: 'an agent with the same skill twice', request: () => post(`${ROUTING}/agent`, { ...agent, skills: ['a', 'a'] }), check: refused(400, INVALID, 'skills') },
  { says: 'an agent who is a member of a staff that is not there', request: () => post(`${ROUTING}/agent`, { ...agent, staffId: 'nobody' }), check: refused(404, 'organization.staff-not-found') },
  { says: 'an agent who is nobody of the staff', request: () => post(`${ROUTING}/agent`, { ...agent, staffId: NOBODY }), check: refused(404, 'organization.staff-not-found') },
  ...['busy', 'reserved', 'asleep'].map((state): Case => ({
    says: `an agent asks to be ${state}`,
    request: ({ seat }) => ({ method: 'PUT', url: `${ROUTING}/agent/${seat}/state`, payload: { state } }),
    check: refused(400, INVALID, 'state'),
  })),
  { says: 'an agent who is offline writes up a call', request: ({ seat }) => ({ method: 'PUT', url: `${ROUTING}/agent/${seat}/state`, payload: { state: 'wrapup' } }), check: refused(409, 'routing.illegal-agent-state', 'state') },
  { says: 'an agent who has changed meanwhile', request: ({ seat }) => ({ method: 'PUT', url: `${ROUTING}/agent/${seat}/state`, payload: { state: 'paused', expectedVersion: 77 } }), check: refused(409, 'routing.agent-changed') },
  { says: 'a call to a code that nobody answers', request: () => post(`${ROUTING}/contact`, { externalCallId: 'c-9', dialledCode: '911', callerId: NUMBERS.rich }), check: refused(422, 'routing.unknown-dialled-code', 'dialledCode') },
  { says: 'a call from letters', request: () => post(`${ROUTING}/contact`, { externalCallId: 'c-9', dialledCode: '10086', callerId: 'mother' }), check: refused(400, INVALID, 'callerId') },
  { says: 'a call without an id', request: () => post(`${ROUTING}/contact`, { dialledCode: '10086', callerId: NUMBERS.rich }), check: refused(400, INVALID, 'externalCallId') },
  { says: 'a call that waits is connected', request: ({ waitingContact }) => post(`${ROUTING}/contact/${waitingContact}/connected`, {}), check: refused(409, 'routing.contact-not-offered') },
  { says: 'a call that ends at no time', request: ({ waitingContact }) => post(`${ROUTING}/contact/${waitingContact}/ended`, { at: 'noon' }), check: refused(400, INVALID, 'at') },
]; // prettier-ignore

// — The organization —

const STAFF = { login: 'new.one', displayName: 'New one', password: 'a long phrase of mine', roles: ['viewer'] };
const organizationCases: readonly Case[] = [
  { says: 'a unit below a hall’s floor', request: ({ unit }) => post(`${ORGANIZATION}/unit`, { parentId: unit, kind: 'group', code: 'X', name: 'X' }), check: refused(422, 'organization.not-below', 'parentId') },
  { says: 'a unit below nothing', request: () => post(`${ORGANIZATION}/unit`, { parentId: 'nobody', kind: 'province', code: 'X', name: 'X' }), check: refused(404, 'organization.unit-not-found') },
  { says: 'a unit with a code that is taken', request: ({ unit }) => post(`${ORGANIZATION}/unit`, { parentId: unit, kind: 'province', code: '440000', name: 'X' }), check: refused(409, 'organization.code-taken', 'code') },
  { says: 'a unit moved by a patch', request: ({ unit }) => patch(`${ORGANIZATION}/unit/${unit}`, { parentId: NOBODY }), check: refused(400, INVALID, 'parentId') },
  { says: 'a member of the staff with a short password', request: ({ unit }) => post(`${ORGANIZATION}/staff`, { ...STAFF, unitId: unit, password: 'short' }), check: refused(400, INVALID, 'password') },
  { says: 'a member of the staff with a role of nobody', request: ({ unit }) => post(`${ORGANIZATION}/staff`, { ...STAFF, unitId: unit, roles: ['emperor'] }), check: refused(422, 'organization.unknown-role', 'role') },
  { says: 'a member of the staff with a number as role', request: ({ unit }) => post(`${ORGANIZATION}/staff`, { ...STAFF, unitId: unit, roles: [NUMBERS.rich] }), check: refused(422, 'organization.unknown-role', 'role') },
  { says: 'a member of the staff with a system’s role', request: ({ unit }) => post(`${ORGANIZATION}/staff`, { ...STAFF, unitId: unit, roles: ['boss'] }), check: refused(422, 'organization.unknown-role', 'role') },
  { says: 'a member of the staff with a login that is taken', request: ({ unit }) => post(`${ORGANIZATION}/staff`, { ...STAFF, unitId: unit, login: 'ADMIN' }), check: refused(409, 'organization.login-taken', 'login') },
  { says: 'a member of the staff of no unit', request: () => post(`${ORGANIZATION}/staff`, { ...STAFF, unitId: NOBODY }), check: refused(404, 'organization.unit-not-found') },
  { says: 'a key with a person’s role', request: () => post(`${ORGANIZATION}/apiKey`, { name: 'x', role: 'administrator' }), check: refused(422, 'organization.unknown-role', 'role') },
  { says: 'a key for a kind that is none', request: () => post(`${ORGANIZATION}/apiKey`, { name: 'x', role: 'boss', kinds: ['CDR'] }), check: refused(400, INVALID, 'kinds') },
  { says: 'a key with a name that is taken', request: () => post(`${ORGANIZATION}/apiKey`, { name: 'boss BOSS', role: 'boss' }), check: refused(409, 'organization.api-key-name-taken', 'name') },
]; // prettier-ignore

const cases: readonly Case[] = [
  ...protocol, ...access, ...ids, ...lists, ...customerCases, ...pointsCases, ...ticketCases, ...levelCases, ...fileCases,
  ...recordCases, ...routingCases, ...organizationCases,
]; // prettier-ignore

/** To look at everything that is stored costs as much as many a case: one look for a few that keep the same. */
const AT_A_LOOK = 25;
const groups = cases.reduce<Case[][]>((made, each) => {
  const group = made.at(-1);
  const isAlike = group && String(group[0]?.keeps) === String(each.keeps) && group.length < AT_A_LOOK;
  if (isAlike) group.push(each);
  else made.push([each]);
  return made;
}, []);

describe('bad input is refused, with its reason, and nothing of it is stored', () => {
  let world: World;
  let scene: Scene;
  let before: ReadonlyMap<string, string>;

  beforeAll(async () => {
    world = await startWorld({ GUIBIN_MAX_UPLOAD_BYTES: '200000' });
    scene = await sceneOf(world);
    before = await settled(scene);
  });
  afterAll(() => world.close());

  describe.each(groups.map((group) => [group[0]?.says, group] as const))('from %s on', (_, group) => {
    it.each(group.map((each) => [each.says, each] as const))('%s', async (_, { request, check }) => {
      const asked = request(scene);
      const answer = await scene.ask(asked);
      check(answer);
      const { status, body } = answer;
      if (status >= 400)
        expect([body.code, isDocumented({ method: 'GET', ...asked }, status, body.code)]).toEqual([body.code, true]);
      for (const secret of SECRETS) expect(answer.text).not.toContain(secret);
    });

    it('nothing of that is stored', async () => {
      const keeps = group[0]?.keeps ?? [];
      const after = await (keeps.length > 0 ? settled(scene) : fingerprintOf(scene.database));
      const changed = changedTables(before, after);
      before = after;
      expect(changed.filter((table) => !keeps.includes(table))).toEqual([]);
    });
  });
});

describe('what is merely unusual is answered', () => {
  let world: World;
  let auditor: Credentials;
  beforeAll(async () => {
    world = await startWorld();
    auditor = await world.staff('auditor');
  });
  afterAll(() => world.close());

  it.each([
    ...LISTS.flatMap((url) => [
      `${url}?limit=0`,
      `${url}?offset=9007199254740991`,
      `${url}?fields=constructor,,x.y`,
      `${url}?fields=`,
      ...(url.endsWith('usage') ? [] : [`${url}?id=nobody,${encodeURIComponent('🐉')}`]),
    ]),
    `${CUSTOMER}?activatedOn.gt=9999-12-31`,
    `${CUSTOMER}?activatedOn.gt=1900-01-01`,
    `${CUSTOMER}?engagedParty.id=nobody`,
    `${CUSTOMER}?region=${encodeURIComponent("'; DROP TABLE customers.customer; --")}`,
    `${USAGE}?relatedParty.id=nobody`,
    `${USAGE}?usageDate.gt=1900-01-01&usageDate.lt=9999-12-31`,
    `${ANALYTICS}/churnRisk?risk.lt=9007199254740991`,
    `${ANALYTICS}/churnRisk?revenueAtRiskFen.gt=-9007199254740991`,
    `${ANALYTICS}/valuePyramid?asOf=1900-01-01`,
    `${ANALYTICS}/valuePyramid?asOf=9999-12-31`,
    `${INTAKE}/file?sequence=9007199254740991`,
    `${ORGANIZATION}/accessEntry?customerId=nobody`,
  ])('%s', async (url) => {
    expect((await world.ask({ url, headers: url.startsWith(REGISTER) ? auditor : {} })).status).toBe(200);
  });

  it.each(['1900-01-01', '9999-12-31'])('an explanation as of %s', async (asOf) => {
    const url = `${TIERING}/customerTier/${world.customers.rich}/explanation?asOf=${asOf}`;
    expect([200, 422]).toContain((await world.ask({ url })).status);
  });
});

async function sceneOf(world: World): Promise<Scene> {
  const { ask, done, customers } = world;
  const opened = async (changes: object): Promise<string> =>
    (await done(post(TICKET, ticketOf(customers.rich, changes)))).body.id;
  const closedTicket = await opened({});
  for (const status of ['inProgress', 'resolved', 'closed']) await done(patch(`${TICKET}/${closedTicket}`, { status }));
  const key = await done(post(`${ORGANIZATION}/apiKey`, { name: 'was once', role: 'boss', source: 'BOSS' }));
  await done({ method: 'DELETE', url: key.body.href });
  const contact = await done(
    post(`${ROUTING}/contact`, { externalCallId: 'c-1', dialledCode: '10086', callerId: NUMBERS.rich }, world.pbx),
  );
  const units = await ask({ url: `${ORGANIZATION}/unit?kind=group` });
  const unit = units.body[0].id;
  await done(post(`${ORGANIZATION}/unit`, { parentId: unit, kind: 'province', code: '440000', name: 'Guangdong' }));
  const redeemed = await done(post(REDEEM, redemption(world as Scene, { points: 300 }), { 'idempotency-key': 'used' }));
  const people = await done({ url: `${ORGANIZATION}/staff?login=admin` });
  const token = async (secret: string, issuedAt: number): Promise<Record<string, string>> => ({
    authorization: `Bearer ${await new SignJWT({ ver: 1 })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('guibin')
      .setSubject(people.body[0].id)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + 3600)
      .sign(new TextEncoder().encode(secret))}`,
  });
  const now = Math.floor(Date.now() / 1000);
  return {
    ...world,
    auditor: await world.staff('auditor'),
    ticket: await opened({ externalId: 'CRM-1' }),
    closedTicket,
    redemption: redeemed.body.id,
    seat: (await done(post(`${ROUTING}/agent`, { ...agent, endpoint: 'PJSIP/1' }))).body.id,
    waitingContact: contact.body.id,
    unit,
    revoked: { 'x-api-key': key.body.key },
    expired: await token(world.jwtSecret, now - 7200),
    forged: await token('y'.repeat(40), now),
  };
}

const unsigned = (): string =>
  [
    { alg: 'none', typ: 'JWT' },
    { sub: NOBODY, iss: 'guibin', ver: 1, exp: 9_999_999_999 },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.') + '.';

/** Waits until everything that follows from the scene has happened. */
async function settled({ database }: Scene): Promise<ReadonlyMap<string, string>> {
  let [before, after] = [new Map<string, string>() as ReadonlyMap<string, string>, await fingerprintOf(database)];
  while (changedTables(before, after).length > 0) {
    await sleep(1_000);
    [before, after] = [after, await fingerprintOf(database)];
  }
  return after;
}
