import fc from 'fast-check';
import { document, operations, type Schema } from './document.js';

/**
 * Something that exists when the request is sent: an id that was seen, a number that is known. Kept as a name until then, so
 * that a failing request shrinks, and is the same request when the seed is tried again.
 */
export class Existing {
  constructor(
    readonly kind: string,
    readonly nth: number,
  ) {}
}

type Operation = (typeof operations)[number];
type FullSchema = Schema & {
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly nullable?: boolean;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly description?: string;
};
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: FullSchema;
}

/** What was done to a request that would have been right. */
export type Damage =
  | { readonly to: 'body'; readonly at: number; readonly value: unknown }
  | { readonly to: 'body'; readonly at: number; readonly remove: true }
  | { readonly to: 'body'; readonly add: string; readonly value: unknown }
  | { readonly to: 'whole body'; readonly text: string | Uint8Array<ArrayBuffer>; readonly type: string }
  | { readonly to: 'query'; readonly name: string; readonly value: string }
  | { readonly to: 'path'; readonly value: string }
  | { readonly to: 'header'; readonly name: string; readonly value: string };

export interface Shot {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string | undefined;
  readonly body: unknown;
  /** `undefined`: the document says that this is well-formed. */
  readonly damage: Damage | undefined;
}

const CUSTOMER = '/tmf-api/customerManagement/v4/customer';
const ORGANIZATION = '/care-api/organization/v1';

/** Fields that name something else, and the collection it lives in. */
const REFERENCES: Readonly<Record<string, string>> = {
  customerId: CUSTOMER,
  itemId: '/care-api/points/v1/catalogueItem',
  payeeId: CUSTOMER,
  memberId: CUSTOMER,
  'loyaltyProgramMember.id': CUSTOMER,
  personId: CUSTOMER,
  'engagedParty.id': CUSTOMER,
  'relatedParty.id': CUSTOMER,
  unitId: `${ORGANIZATION}/unit`,
  parentId: `${ORGANIZATION}/unit`,
  within: `${ORGANIZATION}/unit`,
  staffId: `${ORGANIZATION}/staff`,
  actorId: `${ORGANIZATION}/staff`,
  actorRole: 'role',
  role: 'role',
  roles: 'role',
  msisdn: 'msisdn',
  callerId: 'msisdn',
  idNumber: 'idNumber',
  accountNo: 'account',
  'account.id': 'account',
  merchantId: '/care-api/merchants/v1/merchant',
  siteId: '/care-api/merchants/v1/site',
};

/** Where the schema says less than the operation asks for. */
const USUAL: Readonly<Record<string, readonly unknown[]>> = {
  source: ['BOSS'],
  dialledCode: ['10086', '10088', '12580'],
  pool: ['hotline', 'vip'],
  kind: ['tiering.review', 'points.accrue', 'analytics.churn'],
  severity: ['Critical', 'Major', 'Minor'],
  ticketType: ['complaint', 'enquiry', 'request', 'fault'],
  login: ['fuzz.victim'],
  password: ['a long phrase that nobody guesses'],
};

const id = fc.uuid();
const number = fc.nat({ max: 10_000 });
const instant = fc
  .date({ min: new Date('1900-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}+08:00`);
const day = instant.map((text) => text.slice(0, 10));

const isOf = (schema: FullSchema): FullSchema => {
  const [only] = (schema.allOf ?? []) as readonly FullSchema[];
  if (only) return isOf({ ...isOf(only), ...(schema.nullable && { nullable: true }) });
  if (!schema.$ref) return schema;
  return isOf((document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) as FullSchema);
};

function text({ minLength = 1, maxLength = 1000 }: FullSchema): fc.Arbitrary<string> {
  // A grapheme may be many characters of the limit.
  const room = Math.max(minLength, Math.min(minLength + 12, Math.floor(maxLength / 16)));
  const short = fc.string({ unit: 'grapheme-ascii', minLength, maxLength: Math.min(maxLength, minLength + 12) });
  return fc.oneof(short, fc.string({ unit: 'grapheme', minLength, maxLength: room }));
}

/** Whatever this schema allows; mostly what is usual under this name. */
export function valueOf(given: FullSchema, name = '', depth = 0): fc.Arbitrary<unknown> {
  const schema = isOf(given);
  const value = definiteValueOf(schema, name, depth);
  return schema.nullable ? fc.oneof({ weight: 5, arbitrary: value }, fc.constant(null)) : value;
}

function definiteValueOf(schema: FullSchema, name: string, depth: number): fc.Arbitrary<unknown> {
  const reference = REFERENCES[name];
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map((each) => valueOf(each as FullSchema, '', depth + 1)));
  if (schema.type === 'array') {
    const { minItems = 0, maxItems = 1000, uniqueItems = false } = schema;
    const size = { minLength: minItems, maxLength: Math.min(maxItems, Math.max(3, minItems)) };
    const item = valueOf((schema.items ?? {}) as FullSchema, name, depth + 1);
    const list = uniqueItems
      ? fc.uniqueArray(item, { ...size, selector: (each) => JSON.stringify(each) })
      : fc.array(item, size);
    return usually(schema.example, list);
  }
  if (schema.type === 'object' && schema.properties) return objectOf(schema, name, depth);
  if (schema.type === 'object') return usually(schema.example, fc.dictionary(fc.string({ maxLength: 8 }), anyJson));
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer' || schema.type === 'number') {
    const { minimum: min = -Number.MAX_SAFE_INTEGER, maximum: max = Number.MAX_SAFE_INTEGER } = schema;
    const small = fc.integer({ min: Math.max(min, -3), max: Math.min(max, Math.max(min, 0) + 400) });
    return fc.oneof(
      { weight: 4, arbitrary: small },
      fc.maxSafeInteger().map((n) => Math.min(max, Math.max(min, n))),
    );
  }
  if (reference !== undefined) {
    const existing = number.map((nth) => new Existing(reference, nth));
    return fc.oneof(
      { weight: 9, arbitrary: existing },
      { weight: 1, arbitrary: schema.pattern || (schema.maxLength ?? 36) < 36 ? existing : id },
    );
  }
  if (schema.format === 'date-time') return usually(schema.example, instant);
  if (schema.format === 'date') return usually(schema.example, day);
  const usual = USUAL[name]?.filter((each) => !schema.pattern || new RegExp(schema.pattern).test(String(each)));
  const free = schema.pattern ? fc.stringMatching(new RegExp(schema.pattern)) : text(schema);
  if (usual?.length) return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...usual) }, free);
  return schema.type === 'string' ? usually(schema.pattern ? undefined : schema.example, free) : anyJson;
}

const usually = (example: unknown, other: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  example === undefined ? other : fc.oneof({ weight: 2, arbitrary: fc.constant(example) }, other);

const anyJson = fc.jsonValue({ maxDepth: 2, stringUnit: 'grapheme-ascii' });

function objectOf(schema: FullSchema, name: string, depth: number): fc.Arbitrary<unknown> {
  if (schema === document.components.schemas['BossRecord']) return bossRecord;
  if (schema === document.components.schemas['CreateUsage']) return fc.oneof(usage, fields(schema, name, depth));
  if (schema === document.components.schemas['PatchUsage']) return fc.oneof(correction, fields(schema, name, depth));
  return fields(schema, name, depth);
}

function fields(schema: FullSchema, name: string, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {});
  if (depth > 6) return fc.constant({});
  const entries = properties.map(([field, inner]) => {
    const isParty = name === 'relatedParty' && field === 'id';
    return [field, valueOf(inner as FullSchema, isParty ? 'relatedParty.id' : field, depth + 1)] as const;
  });
  // Others may have any id, so a customer of another province would be told by whoever wrote him down.
  const party = name === 'relatedParty' ? { role: fc.constant('customer') } : {};
  const required = [...(schema.required ?? []), ...Object.keys(party)];
  return fc.record({ ...Object.fromEntries(entries), ...party }, { requiredKeys: required as never[] });
}

/** Records as billing sends them: some right, some with any value in any field. */
const bossRecord = fc
  .record({
    recordId: fc.oneof(
      number.map((n) => `U-${n}`),
      fc.string({ minLength: 1, maxLength: 70 }),
    ),
    eventTime: fc.oneof(fc.constant('2026-11-20T10:00:00+08:00'), instant),
    msisdn: number.map((nth) => new Existing('msisdn', nth)),
    eventType: fc.constantFrom('VOICE_MO', 'SMS', 'DATA', 'TELEGRAM'),
    counterpartyClass: fc.constantFrom('ON_NET', 'HOTLINE_RIVAL', ''),
    durationSec: fc.oneof(fc.nat(100), fc.integer()),
    feeFen: fc.oneof(fc.nat(100), fc.maxSafeInteger()),
    forwarded: fc.constantFrom('0', '1', '', 'x'),
    operation: fc.constantFrom('NEW', 'NEW', 'CORRECT', 'CANCEL'),
    refRecordId: fc.constantFrom('', 'U-1'),
    version: fc.nat(3),
  })
  .map((record) => ({ ...record, volumeKB: 0, count: 1, taxFen: 0, cycle: '202611', regionHome: '440000' }));

const usage = bossRecord.map(({ eventTime, eventType, recordId, msisdn, counterpartyClass, feeFen }) => ({
  usageDate: eventTime,
  usageType: eventType === 'TELEGRAM' ? 'VAS' : eventType,
  usageCharacteristic: Object.entries({ source: 'BOSS', recordId, msisdn, counterpartyClass, feeFen }).map(
    ([name, value]) => ({ name, value }),
  ),
}));

const correction = fc.record(
  {
    usageType: fc.constantFrom('VOICE_MO', 'SMS', 'DATA'),
    usageCharacteristic: fc
      .record({ durationSec: fc.nat(100), cellId: fc.string({ maxLength: 8 }) }, { requiredKeys: [] })
      .map((given) => Object.entries(given).map(([name, value]) => ({ name, value }))),
    description: fc.oneof(fc.constant(null), fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' })),
  },
  { requiredKeys: [] },
);

// — What nobody should send —

/** A number and a name that are nobody's; no refusal may say them again. */
export const POISON = ['13700999111', '慕容雪见', '110101199003070134'] as const;

const deep = (levels: number): unknown => JSON.parse('[{"a":'.repeat(levels) + '1' + '}]'.repeat(levels)) as unknown;

const oddText = fc.oneof(
  fc.constantFrom(
    ...[
      '',
      ' ',
      '\0',
      'a\0b',
      '\ud800',
      '\udc00x',
      '\u202Etxt.exe',
      '\uFEFF',
      '\u0000\u0001\u001f',
      '\\',
      '"',
      '%00',
      '%',
      '🐉',
    ],
    ...["' OR 1=1 --", "'; DROP TABLE customers.customer; --", '$1', '{}', '[]', 'null', 'NaN', '-0', '1e309', '0x10'],
    ...['../../etc/passwd', '${jndi:ldap://x}', '<script>alert(1)</script>', '__proto__', 'constructor', 'toString'],
    ...[
      '2026-02-30',
      '0000-00-00',
      '99999-01-01',
      '2026-01-31T25:00:00Z',
      '2026-01-31T00:00:00',
      'infinity',
      '-infinity',
    ],
    ...[
      '9007199254740993',
      '99999999999999999999',
      '-1',
      '1.5',
      '１２３',
      '\u200b',
      'a,b,,c',
      '🇨🇳',
      'e\u0301'.repeat(40),
    ],
  ),
  fc.constantFrom(...POISON),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(300, 5_000, 70_000).map((n) => '长'.repeat(n)),
);

const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: oddText },
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    -0,
    1e308,
    5e-324,
    2 ** 53,
    -(2 ** 63),
    1e21,
    [],
    {},
    [[]],
    [null],
  ),
  fc.constantFrom(10, 70, 2_000).map(deep),
  fc.constantFrom(1_001, 20_000).map((n) => Array.from({ length: n }, () => 1)),
  fc.constantFrom<unknown>(
    { constructor: 1 },
    { toString: null },
    { length: -1 },
    { then: 1 },
    { $ne: null },
    { id: {} },
  ),
  anyJson,
);

const EXTRA = [
  ...[
    'shoeSize',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'id',
    'href',
    '@type',
    'customerId',
    '@baseType',
  ],
  ...[
    'tier',
    'level',
    'points',
    'available',
    'creditGrade',
    'roles',
    'permissions',
    'scope',
    'unitId',
    'status',
    '',
    '长',
    'a\0',
  ],
];

const rawBody = fc.oneof(
  fc.constantFrom(
    '',
    '{',
    '{"a":1',
    'null',
    '[]',
    '1',
    '"x"',
    'true',
    '{}{}',
    '{"__proto__":{"points":1}}',
    '\uFEFF{}',
    '[[[[',
    'NaN',
  ),
  fc.constant('{"a":'.repeat(20_000)),
  fc.constantFrom<Uint8Array<ArrayBuffer>>(
    new Uint8Array([0xff, 0xfe, 0x7b, 0]),
    new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
  ),
  oddText,
);
const mediaType = fc.constantFrom(
  ...[
    'application/json',
    'application/json; charset=gbk',
    'application/merge-patch+json',
    'text/plain',
    'application/xml',
  ],
  ...[
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/csv',
    'application/gzip',
    'json',
    '*/*',
    ';',
  ],
);

const header = fc.oneof(
  fc.record({
    to: fc.constant('header' as const),
    name: fc.constantFrom(
      'idempotency-key',
      'if-match',
      'x-request-id',
      'accept',
      'accept-encoding',
      'x-forwarded-for',
    ),
    value: fc.constantFrom(
      'two words',
      'k'.repeat(129),
      '\xff\xfe',
      '"',
      '*',
      'W/""',
      '""',
      ';',
      'a'.repeat(4_000),
      '-1',
      '%00',
    ),
  }),
);

function damageTo({ method, path }: Operation, parameters: readonly Parameter[]): fc.Arbitrary<Damage> {
  const names = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
  const query = fc.record({
    to: fc.constant('query' as const),
    name: fc.oneof(
      fc.constantFrom('fields', ...names),
      fc.constantFrom('shoeSize', '__proto__', 'constructor', 'id.gt', 'a[b]', '', '$'),
    ),
    value: oddText,
  });
  const body = fc.oneof(
    { weight: 6, arbitrary: fc.record({ to: fc.constant('body' as const), at: number, value: oddValue }) },
    fc.record({ to: fc.constant('body' as const), at: number, remove: fc.constant(true as const) }),
    {
      weight: 2,
      arbitrary: fc.record({ to: fc.constant('body' as const), add: fc.constantFrom(...EXTRA), value: oddValue }),
    },
    { weight: 2, arbitrary: fc.record({ to: fc.constant('whole body' as const), text: rawBody, type: mediaType }) },
  );
  const inPath = fc.record({ to: fc.constant('path' as const), value: oddText.filter((value) => value !== '') });
  return fc.oneof(
    ...(method === 'GET' ? [] : [{ weight: 6, arbitrary: body as fc.Arbitrary<Damage> }]),
    { weight: names.length > 0 ? 5 : 1, arbitrary: query as fc.Arbitrary<Damage> },
    ...(path.includes('{') ? [{ weight: 2, arbitrary: inPath as fc.Arbitrary<Damage> }] : []),
    header as fc.Arbitrary<Damage>,
  );
}

/** Values of a query parameter, from what its description says where the schema says only `string`. */
function queryValue({ name, schema, description = '' }: Parameter): fc.Arbitrary<unknown> {
  const oneOf = /One or more of (.+)$/.exec(schema.description ?? '')?.[1]?.split(', ');
  if (oneOf) return fc.subarray(oneOf, { minLength: 1 }).map((some) => some.join(','));
  const sorts = name === 'sort' ? /Knows: (.+?)\.?$/.exec(description)?.[1]?.split(', ') : undefined;
  if (sorts) return fc.tuple(fc.constantFrom('', '-', '+'), fc.constantFrom(...sorts)).map((parts) => parts.join(''));
  if (name === 'fields') return fc.constantFrom('id', 'name,status', 'id,href', 'a.b.c', 'status,account.id');
  if (name === 'offset') return fc.oneof({ weight: 5, arbitrary: fc.nat(3) }, fc.nat());
  if (name === 'limit') return fc.oneof({ weight: 5, arbitrary: fc.nat(20) }, fc.nat(1000));
  if (name === 'id' || name.endsWith('.id'))
    return fc.oneof(
      number.map((nth) => new Existing('list', nth)),
      id,
    );
  // A comma says “or”.
  return valueOf(schema, name).filter((value) => value !== null && value !== '' && !String(value).includes(','));
}

/** Requests to one operation: two of three as the document wants them, the others damaged in one place. */
export function shotsAt(operation: Operation): fc.Arbitrary<Shot> {
  const parameters = (operation.operation.parameters ?? []) as readonly Parameter[];
  const collection = operation.path.split('/{')[0] ?? '';
  const inPath = parameters.filter((each) => each.in === 'path');
  const path = Object.fromEntries(
    inPath.map(({ name }) => {
      const kind = REFERENCES[name] ?? collection;
      return [name, fc.oneof({ weight: 9, arbitrary: number.map((nth) => new Existing(kind, nth)) }, id)];
    }),
  );
  const inQuery = parameters.filter((each) => each.in === 'query');
  const required = inQuery.filter((each) => each.required).map(({ name }) => name);
  const query = fc
    .record(Object.fromEntries(inQuery.map((each) => [each.name, queryValue(each)])), { requiredKeys: required })
    // All at once select nothing.
    .chain((all) =>
      fc.subarray(Object.keys(all), { maxLength: Math.min(3, Object.keys(all).length) }).map((kept) => {
        const names = new Set([...kept, ...required]);
        return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
      }),
    );
  const names = parameters.filter((each) => each.in === 'header').map((each) => each.name.toLowerCase());
  const headers = fc.record(
    {
      ...(names.includes('idempotency-key') && {
        'idempotency-key': fc.oneof(
          number.map((n) => `k-${n % 5}`),
          fc.stringMatching(/^[\x21-\x7e]{1,128}$/),
        ),
      }),
      ...(names.includes('if-match') && { 'if-match': fc.constantFrom('"1"', '*', 'W/"1"') }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Record<string, string>>;
  const all = Object.entries(operation.operation.requestBody?.content ?? {});
  // Lines in place of JSON need a kind and a source in their query, which the document can only say in words.
  const json = all.filter(([, { schema }]) => !isBinary(schema));
  const content = json.length > 0 ? json : all;
  const body: fc.Arbitrary<{ type: string | undefined; body: unknown }> =
    content.length === 0
      ? fc.constant({ type: undefined, body: undefined })
      : fc.oneof(
          ...content.map(([type, { schema }]) =>
            fc.record({
              type: fc.constant(type),
              body: isBinary(schema) ? fc.constant(undefined) : valueOf(schema as FullSchema),
            }),
          ),
        );
  return fc
    .record({
      path: fc.record(path),
      query,
      headers,
      body,
      damage: fc.oneof(
        { weight: 3, arbitrary: fc.constant(undefined) },
        { weight: 2, arbitrary: damageTo(operation, parameters) },
      ),
    })
    .map(({ body: sent, ...rest }) => ({ ...rest, ...sent }));
}

const isBinary = (schema: Schema): boolean => (schema as FullSchema).format === 'binary';
