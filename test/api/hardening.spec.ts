import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { startTestApplication, type TestApplication } from '../support/application.js';
import { operations } from './document.js';

const CUSTOMER = '/tmf-api/customerManagement/v4/customer';
const ORGANIZATION = '/care-api/organization/v1';
const ROOT_UNIT_ID = '019a9d00-0000-7000-8000-000000000001';

/** Bytes as they are, past every client that would mend or refuse them; everything that comes back. */
async function raw(address: string, request: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.write(request);
  return text(socket);
}
const rawGet = (address: string, path: string, ...headers: readonly string[]): Promise<string> =>
  raw(address, [`GET ${path} HTTP/1.1`, 'Host: here', 'Connection: close', ...headers, '', ''].join('\r\n'));
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);

describe('the API, looked at by an attacker', () => {
  let open: TestApplication;
  let production: TestApplication;
  let profiles: readonly TestApplication[];

  beforeAll(async () => {
    open = await startTestApplication({ LOG_LEVEL: 'fatal' });
    production = await startTestApplication({
      NODE_ENV: 'production',
      GUIBIN_ADMIN_TOTP: 'optional',
      GUIBIN_PUBLIC_URL: 'https://care.operator.example',
      LOG_LEVEL: 'fatal',
    });
    profiles = [open, production];
  });
  afterAll(() => Promise.all(profiles.map((each) => each.close())));

  it('says nothing about itself, and is neither stored, sniffed nor framed', async () => {
    for (const { call, administrator } of profiles) {
      for (const [url, headers] of [
        ['/health/live', {}],
        [CUSTOMER, {}],
        [CUSTOMER, administrator],
        [`${CUSTOMER}/nobody`, administrator],
        ['/nothing/here', {}],
      ] as const) {
        const answer = await call({ url, headers });
        expect(answer.headers).toMatchObject({
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
          'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
          'x-frame-options': expect.any(String),
          'referrer-policy': 'no-referrer',
          'x-request-id': expect.stringMatching(/^[\w.-]{8,64}$/),
        });
        for (const name of ['server', 'x-powered-by', 'etag-version', 'set-cookie'])
          expect(answer.headers).not.toHaveProperty(name);
      }
    }
    expect((await production.call({ url: '/health/live' })).headers['strict-transport-security']).toMatch(
      /max-age=\d{7,}/,
    );
  });

  it('is open to no other origin: neither read, nor asked before', async () => {
    for (const { call, administrator, address } of profiles) {
      for (const origin of ['https://evil.example', 'null', address, 'https://care.operator.example.evil.example']) {
        const asked = {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        };
        const answers = [
          await call({ url: CUSTOMER, headers: { ...administrator, origin } }),
          await call({ method: 'OPTIONS', url: CUSTOMER, headers: asked }),
          await call({
            method: 'POST',
            url: `${ORGANIZATION}/session`,
            headers: { origin },
            payload: { login: 'a', password: 'b' },
          }),
        ];
        for (const { headers } of answers) {
          expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
        }
        expect(answers[1]?.status).toBeGreaterThanOrEqual(400);
      }
    }
  });

  it('has no console in production', async () => {
    for (const path of [
      '/docs',
      '/docs-json',
      '/docs/start.js',
      '/docs/swagger-ui-bundle.js',
      '/docs/',
      '/api',
      '/swagger',
    ]) {
      expect([path, (await production.call({ url: path })).status]).toEqual([path, 404]);
    }
    expect((await open.call({ url: '/docs-json' })).status).toBe(200);
  });

  it('tells nothing of its inside when it fails', async () => {
    for (const { call, administrator, database } of profiles) {
      await database.query('ALTER TABLE tickets.ticket RENAME TO gone_for_a_moment');
      const answer = await call({ url: '/tmf-api/troubleTicket/v4/troubleTicket', headers: administrator });
      await database.query('ALTER TABLE tickets.gone_for_a_moment RENAME TO ticket');
      expect([answer.status, answer.body]).toEqual([
        500,
        {
          code: 'internal',
          reason: 'Internal Server Error',
          message: expect.stringMatching(/^Something failed on our side; tell us the request [\w.-]+$/),
          status: '500',
          referenceError: 'urn:guibin:error:internal',
          '@type': 'Error',
          detail: { requestId: answer.headers['x-request-id'] },
        },
      ]);
    }
  });

  it('knows no method but those in its document, by whatever name they come', async () => {
    const known = await open.call({ url: `${ORGANIZATION}/unit/${ROOT_UNIT_ID}`, headers: open.administrator });
    expect(known.status).toBe(200);
    for (const method of ['TRACE', 'TRACK', 'PROPFIND', 'DEBUG', 'LOCK', 'SEARCH', 'MKCOL', 'get', 'QUERY']) {
      const answer = await raw(
        open.address,
        `${method} ${CUSTOMER} HTTP/1.1\r\nHost: h\r\nX-Secret: echo\r\nConnection: close\r\n\r\n`,
      );
      expect([method, [400, 404, 405].includes(statusOf(answer)), answer.includes('echo')]).toEqual([
        method,
        true,
        false,
      ]);
    }
    for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
      const answer = await open.call({
        url: `${ORGANIZATION}/unit/${ROOT_UNIT_ID}?_method=DELETE`,
        headers: { ...open.administrator, [header]: 'DELETE' },
      });
      expect(answer.body.id).toBe(ROOT_UNIT_ID);
    }
  });

  it('takes no parameter twice where once is meant', async () => {
    const { call, administrator: headers } = open;
    for (const query of [
      'limit=1&limit=1000',
      'offset=0&offset=5',
      'limit[]=5',
      'limit=1;limit=2',
      'activatedOn.gt=2020-01-01&activatedOn.gt=2021-01-01',
    ]) {
      expect([query, (await call({ url: `${CUSTOMER}?${query}`, headers })).status]).toEqual([query, 400]);
    }
  });

  it('answers no more than a page and takes no more than a mebibyte, whatever the length says', async () => {
    const { call, administrator: headers, address } = open;
    for (const { method, path, operation } of operations) {
      if (method !== 'GET' || !operation.parameters?.some(({ name }) => name === 'limit')) continue;
      const url = path.replace(/\{\w+\}/g, ROOT_UNIT_ID);
      expect([path, [400, 403, 404].includes((await call({ url: `${url}?limit=1001`, headers })).status)]).toEqual([
        path,
        true,
      ]);
    }
    const big = 'x'.repeat(1_100_000);
    expect((await call({ method: 'POST', url: CUSTOMER, headers, payload: { name: big } })).status).toBe(413);
    const chunk = `${big.length.toString(16)}\r\n${big}\r\n0\r\n\r\n`;
    const head = [
      `POST ${CUSTOMER} HTTP/1.1`,
      'Host: h',
      `Authorization: ${headers['authorization']}`,
      'Content-Type: application/json',
    ];
    const answer = await raw(
      address,
      [...head, 'Transfer-Encoding: chunked', 'Connection: close', '', chunk].join('\r\n'),
    );
    expect(statusOf(answer)).toBe(413);
  });

  it('lets nobody assign what only the system sets', async () => {
    const { call, administrator: headers, database } = open;
    const unit = `${ORGANIZATION}/unit/${ROOT_UNIT_ID}`;
    for (const stolen of [
      { path: '/' },
      { version: 99 },
      { kind: 'hall' },
      { id: ROOT_UNIT_ID, parentId: ROOT_UNIT_ID },
    ]) {
      const answer = await call({ method: 'PATCH', url: unit, headers, payload: { name: 'Mine', ...stolen } });
      expect([stolen, answer.status]).toEqual([stolen, 400]);
    }
    const person = {
      login: 'mass',
      displayName: 'Mass',
      password: 'a long phrase of one’s own',
      unitId: ROOT_UNIT_ID,
      roles: ['viewer'],
    };
    for (const stolen of [
      { permissions: ['*'] },
      { scope: { everybody: true } },
      { tokenVersion: 0 },
      { passwordHash: 'x' },
      { failedAttempts: -99 },
    ]) {
      const answer = await call({
        method: 'POST',
        url: `${ORGANIZATION}/staff`,
        headers,
        payload: { ...person, ...stolen },
      });
      expect([stolen, answer.status]).toEqual([stolen, 400]);
    }
    const made = await call({
      method: 'POST',
      url: CUSTOMER,
      headers,
      payload: {
        name: '王小红',
        engagedParty: { name: '王小红' },
        ...{
          id: ROOT_UNIT_ID,
          status: 'terminated',
          tier: 'DIAMOND',
          level: 5,
          points: 1_000_000,
          customer_id: ROOT_UNIT_ID,
        },
        characteristic: [
          { name: 'creditGrade', value: 'A' },
          { name: 'realName', value: true },
          { name: 'archive', value: 'retained' },
        ],
      },
    });
    expect([made.status, made.body.id === ROOT_UNIT_ID, made.body.status]).toEqual([
      201,
      false,
      expect.not.stringMatching('terminated'),
    ]);
    const set = made.body.characteristic.map(({ name, value }: { name: string; value: unknown }) => [name, value]);
    expect(set).not.toContainEqual(['creditGrade', 'A']);
    expect(set).not.toContainEqual(['archive', 'retained']);
    expect(set).not.toContainEqual(['realName', true]);
    const rows = await database.query(
      `SELECT (SELECT count(*)::int FROM points.balance WHERE customer_id = $1) AS points,
         (SELECT count(*)::int FROM tiering.current_tier WHERE customer_id = $1) AS tiers`,
      [made.body.id],
    );
    expect(rows).toEqual([{ points: 0, tiers: 0 }]);
  });

  it('is not poisoned by prototypes, in bodies or in queries', async () => {
    const { call, administrator } = open;
    const headers = { ...administrator, 'content-type': 'application/json' };
    for (const payload of [
      '{"__proto__":{"isPoisoned":true},"name":"x","engagedParty":{}}',
      '{"name":"x","engagedParty":{"__proto__":{"isPoisoned":true}}}',
      '{"constructor":{"prototype":{"isPoisoned":true}},"name":"x","engagedParty":{}}',
      '{"name":"x","engagedParty":{"\\u005f_proto__":{"isPoisoned":true}}}',
    ]) {
      expect([payload, (await call({ method: 'POST', url: CUSTOMER, headers, payload })).status]).toEqual([
        payload,
        400,
      ]);
    }
    for (const query of [
      '__proto__[isPoisoned]=1',
      '__proto__=1',
      'constructor.prototype=1',
      'toString=1',
      'hasOwnProperty.gt=1',
    ]) {
      expect([query, (await call({ url: `${CUSTOMER}?${query}`, headers: administrator })).status]).toEqual([
        query,
        400,
      ]);
    }
    expect(({} as { isPoisoned?: unknown }).isPoisoned).toBeUndefined();
  });

  it('reads JSON as JSON only', async () => {
    const { call, administrator } = open;
    const payload = JSON.stringify({ name: 'x', engagedParty: {} });
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'text/html',
      'application/jsonp',
    ]) {
      const answer = await call({
        method: 'POST',
        url: CUSTOMER,
        headers: { ...administrator, 'content-type': type },
        payload,
      });
      expect([type, answer.status]).toEqual([type, 415]);
    }
    const packed = await call({
      method: 'POST',
      url: CUSTOMER,
      headers: { ...administrator, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      payload: new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]),
    });
    expect(packed.status).toBeGreaterThanOrEqual(400);
  });

  it('hands no file out, however the path is written', async () => {
    for (const path of [
      '/docs/../../package.json',
      '/docs/..%2f..%2fpackage.json',
      '/docs/%2e%2e/%2e%2e/package.json',
      '/docs/..\\..\\package.json',
      '//etc/passwd',
      '/../../../../etc/passwd',
      '/docs/....//package.json',
      '/docs/swagger-ui.css/../../../package.json',
      '/docs/swagger-ui.css%00.json',
      '/.env',
      '/.git/config',
      '/dist/src/main.js',
      '/%c0%ae%c0%ae/etc/passwd',
      '/keys.json',
    ]) {
      // prettier-ignore
      const answer = await rawGet(open.address, path);
      expect([path, [400, 404].includes(statusOf(answer))]).toEqual([path, true]);
      expect(answer).not.toMatch(/"dependencies"|root:|\[core\]/);
    }
    for (const id of ['..%2f..', `${ROOT_UNIT_ID}%2f..%2f${ROOT_UNIT_ID}`, `${ROOT_UNIT_ID}/../${ROOT_UNIT_ID}%23`]) {
      const answer = await rawGet(
        open.address,
        `${ORGANIZATION}/unit/${id}`,
        `Authorization: ${open.administrator['authorization']}`,
      );
      expect([id, statusOf(answer)]).toEqual([id, 404]);
    }
  });

  it('takes no header line from a value, and no address from Host', async () => {
    const { address, administrator } = open;
    const authorization = `Authorization: ${administrator['authorization']}`;
    const split = await rawGet(
      address,
      `${CUSTOMER}?limit=0%0d%0aSet-Cookie:%20a=b`,
      authorization,
      'X-Request-Id: x%0d%0aSet-Cookie: a=b',
    );
    expect(split.toLowerCase()).not.toContain('set-cookie');
    const body = JSON.stringify({ parentId: ROOT_UNIT_ID, kind: 'province', code: '990000', name: 'Elsewhere' });
    const made = await raw(
      address,
      [
        `POST ${ORGANIZATION}/unit HTTP/1.1`, 'Host: evil.example', 'X-Forwarded-Host: evil.example', authorization,
        'Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: close', '', body,
      ].join('\r\n'), // prettier-ignore
    );
    expect(statusOf(made)).toBe(201);
    expect(made).toMatch(/^location: \/care-api/im);
    expect(made).not.toContain('evil.example');
  });

  it('reads every request in one way only, so that none can be smuggled in', async () => {
    const smuggled = `GET ${CUSTOMER} HTTP/1.1\r\nHost: h\r\n\r\n`;
    for (const lines of [
      ['Content-Length: 4', 'Transfer-Encoding: chunked'],
      ['Content-Length: 4', 'Content-Length: 9'],
      ['Transfer-Encoding: chunked, identity'],
      ['Content-Length: 4\nX: y'],
      ['Content-Length: +4'],
      ['Transfer-Encoding : chunked'],
    ]) {
      const answer = await raw(
        open.address,
        [
          'POST /care-api/organization/v1/session HTTP/1.1',
          'Host: h',
          'Content-Type: application/json',
          ...lines,
          '',
          `0\r\n\r\n${smuggled}`,
        ].join('\r\n'),
      );
      expect([lines, statusOf(answer), answer.match(/HTTP\/1\.1 /g)?.length]).toEqual([lines, 400, 1]);
      expect(answer).toContain('"@type":"Error"');
    }
  });

  it('puts nobody’s number into an address: no route, parameter or link takes one', () => {
    const personal = /msisdn|phone|mobile|tel(?!l)|id_?number|id_?card|caller|name$/i;
    const named = ['name', 'displayName']; // of units, keys, staff and specifications, who are no customers
    for (const { name, path, operation } of operations) {
      const taken = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter ?? '');
      for (const parameter of operation.parameters ?? []) if (parameter.in !== 'header') taken.push(parameter.name);
      const bad = taken.filter(
        (each) =>
          personal.test(each) &&
          !(named.includes(each) && /organization|intake\/v1\/file|usageSpecification/.test(path)),
      );
      expect([name, bad]).toEqual([name, []]);
    }
  });
});
