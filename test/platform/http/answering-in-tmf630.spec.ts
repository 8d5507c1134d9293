import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { buildOpenApi, routesOf } from '../../../src/platform/http/index.js';
import { createTestDatabase } from '../../support/database.js';
import type { TestDatabase } from '../../support/database.js';
import type { Request } from '../../support/http.js';
import { apiKey, notes, startExample } from './example-application.js';
import type { Example } from './example-application.js';

const EXAMPLE = '/care-api/example/v1';

describe('HTTP in the manner of TM Forum', () => {
  let db: TestDatabase;
  let example: Example;
  let token: string;

  beforeAll(async () => {
    db = await createTestDatabase();
    example = await startExample(db);
    token = await example.tokenOf('writer');
    for (let i = 0; i < 30; i++) {
      await db.query(
        `INSERT INTO example.note (id, title, status, weight, urgent, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [
          idOf(i),
          `note ${i}`,
          i % 3 === 0 ? 'closed' : 'open',
          i,
          i === 4,
          `2026-01-${String(i + 1).padStart(2, '0')}T00:00:00+08:00`,
        ],
      );
    }
    await db.query(`INSERT INTO example.tag VALUES ($1, 'roaming'), ($2, 'fees, old')`, [idOf(2), idOf(3)]);
  });
  afterAll(async () => {
    await example.app.close();
    await db.drop();
  });

  const idOf = (i: number): string => `0194f3d2-7c1a-7b3e-9a51-${String(i).padStart(12, '0')}`;
  const call = (request: Request) =>
    example.call({ ...request, headers: { authorization: `Bearer ${token}`, ...request.headers } });
  const get = (url: string) => call({ url });
  const post = (url: string, payload: object, headers = {}) => call({ method: 'POST', url, payload, headers });
  const weights = (body: readonly { weight: number }[]): number[] => body.map(({ weight }) => weight);

  describe('lists', () => {
    it('a page tells how many there are in all, and how many it holds', async () => {
      const { status, headers, body } = await get(`${notes.path}?offset=25`);
      expect([status, headers['x-total-count'], headers['x-result-count']]).toEqual([200, '30', '5']);
      expect(weights(body)).toEqual([4, 3, 2, 1, 0]); // newest first by default
      const first = await get(notes.path);
      expect([first.headers['x-total-count'], first.headers['x-result-count']]).toEqual(['30', '20']);
      expect(body[0]).toMatchObject({ id: idOf(4), href: `${notes.path}/${idOf(4)}`, '@type': 'Note' });
    });

    it.each([
      ['status=closed&limit=1000', 10],
      ['status=open,closed&limit=1000', 30],
      ['status=open&status=closed&limit=1000', 30],
      ['weight.gte=28', 2],
      ['weight.gt=28', 1],
      ['weight.lt=2', 2],
      ['weight.lte=2&status=open', 2],
      ['creationDate.gt=2026-01-29T00:00:00%2B08:00', 1],
      ['creationDate.gte=2026-01-29T00:00:00+08:00', 2],
      ['creationDate.gte=2026-01-29', 2],
      ['urgent=true', 1],
      ['title=note%201,note%202', 2],
      ['tag.name=roaming', 1],
      [`id=${idOf(7)}`, 1],
      ['id=no-such-shape', 0],
      ['title=%27%3B%20DROP%20TABLE%20example.note%3B--', 0],
    ])('filters %s', async (query, count) => {
      const { status, body, headers } = await get(`${notes.path}?${query}`);
      expect([status, body.length, headers['x-total-count']]).toEqual([
        200,
        Math.min(count, body.length),
        String(count),
      ]);
      expect(body).toHaveLength(count);
    });

    it('sorts by several attributes, and the same page twice is the same rows', async () => {
      const { body } = await get(`${notes.path}?sort=status,-weight&limit=12`);
      expect(weights(body)).toEqual([27, 24, 21, 18, 15, 12, 9, 6, 3, 0, 29, 28]);
      const pages = await Promise.all(
        [0, 10, 20].map((offset) => get(`${notes.path}?sort=status&limit=10&offset=${offset}`)),
      );
      expect(new Set(pages.flatMap(({ body }) => weights(body))).size).toBe(30);
    });

    it('answers the chosen attributes, with id, href and @type always', async () => {
      const { body } = await get(`${notes.path}?fields=title,tag.name,unheardOf&limit=1`);
      expect(body[0]).toEqual({
        id: idOf(29),
        href: `${notes.path}/${idOf(29)}`,
        '@type': 'Note',
        title: 'note 29',
        tag: [{ name: 'roaming' }],
      });
      expect(Object.keys((await get(`${notes.path}/${idOf(1)}?fields=weight`)).body).sort()).toEqual([
        '@type',
        'href',
        'id',
        'weight',
      ]);
      expect((await get(`${notes.path}?limit=0`)).headers['x-total-count']).toBe('30');
    });
  });

  describe('bad input is refused with one error that says what would be right', () => {
    const good = { title: 'A' };
    const write = (payload: unknown): Request => ({
      method: 'POST',
      url: `${EXAMPLE}/echo`,
      payload: payload as object,
    });
    const raw = (
      payload: string,
      type: string,
      method: 'POST' | 'PATCH' = 'POST',
      url = `${EXAMPLE}/echo`,
    ): Request => ({
      method,
      url,
      payload,
      headers: { 'content-type': type },
    });
    const list = (query: string): Request => ({ url: `${notes.path}?${query}` });

    it.each<[name: string, request: Request, status: number, code: string, said: string]>([
      ['a missing attribute', write({}), 400, 'request.invalid', 'title must be a text of 1 to 40 characters'],
      [
        'a text that is too long',
        write({ title: 'x'.repeat(41) }),
        400,
        'request.invalid',
        'title must be a text of 1 to 40',
      ],
      ['an empty text', write({ title: '' }), 400, 'request.invalid', 'title must be'],
      ['a text with NUL', write({ title: 'a\0b' }), 400, 'request.invalid', 'title must be'],
      ['a number for a text', write({ title: 7 }), 400, 'request.invalid', 'title must be a text'],
      [
        'an attribute that does not exist',
        write({ ...good, colour: 'red' }),
        400,
        'request.invalid',
        'colour is not an attribute',
      ],
      [
        'a value outside the enumeration',
        write({ ...good, status: 'lost' }),
        400,
        'request.invalid',
        'status must be one of open, closed',
      ],
      [
        'a text for a number',
        write({ ...good, weight: '7' }),
        400,
        'request.invalid',
        'weight must be a whole number from 0 to 100',
      ],
      ['half a number', write({ ...good, weight: 1.5 }), 400, 'request.invalid', 'weight must be a whole number'],
      ['a number out of range', write({ ...good, weight: 101 }), 400, 'request.invalid', 'from 0 to 100'],
      ['null where none may be', write({ ...good, weight: null }), 400, 'request.invalid', 'weight must be'],
      [
        'an instant without offset',
        write({ ...good, dueAt: '2026-01-31T08:00:00' }),
        400,
        'request.invalid',
        'dueAt must be an instant with offset',
      ],
      [
        'a day that does not exist',
        write({ ...good, dueAt: '2026-02-30T08:00:00Z' }),
        400,
        'request.invalid',
        'dueAt must be',
      ],
      [
        'a month that does not exist',
        write({ ...good, month: '2026-13' }),
        400,
        'request.invalid',
        'month must be a month YYYY-MM',
      ],
      [
        'an object for a list',
        write({ ...good, line: {} }),
        400,
        'request.invalid',
        'line must be a list of 0 to 3 items',
      ],
      [
        'a list that is too long',
        write({ ...good, line: Array(4).fill({ sku: 'a', quantity: 1 }) }),
        400,
        'request.invalid',
        'line must be',
      ],
      [
        'a bad item deep inside',
        write({
          ...good,
          line: [
            { sku: 'a', quantity: 1 },
            { sku: 'b', quantity: 0 },
          ],
        }),
        400,
        'request.invalid',
        'line.1.quantity must be a whole number from 1 to 99',
      ],
      [
        'an unknown attribute deep inside',
        write({ ...good, line: [{ sku: 'a', quantity: 1, x: 1 }] }),
        400,
        'request.invalid',
        'line.0.x is not an attribute',
      ],
      ['null as an item', write({ ...good, line: [null] }), 400, 'request.invalid', 'line'],
      [
        'a text for an object',
        write({ ...good, place: 'here' }),
        400,
        'request.invalid',
        'place must be a JSON object',
      ],
      [
        'a pattern that does not match',
        write({ ...good, place: { province: '1' } }),
        400,
        'request.invalid',
        'place.province must be a province code of 6 digits',
      ],
      ['an unknown word in a list', write({ ...good, channel: ['fax'] }), 400, 'request.invalid', 'channel must be'],
      ['a word twice', write({ ...good, channel: ['sms', 'sms'] }), 400, 'request.invalid', 'different items'],
      ['a list as body', write([good]), 400, 'request.invalid', 'must be a JSON object'],
      [
        'no body where one is needed',
        { method: 'POST', url: `${EXAMPLE}/echo` },
        400,
        'request.invalid',
        'title must be',
      ],
      ['null as body', raw('null', 'application/json'), 400, 'request.invalid', 'must be a JSON object'],
      ['JSON that is none', raw('{"title":', 'application/json'), 400, 'request.malformed-json', 'not JSON'],
      [
        'a prototype in JSON',
        raw('{"__proto__":{"a":1}}', 'application/json'),
        400,
        'request.malformed-json',
        'not JSON',
      ],
      ['XML', raw('<a/>', 'application/xml'), 415, 'request.unsupported-media-type', 'application/json'],
      ['plain text', raw('a', 'text/plain'), 415, 'request.unsupported-media-type', 'application/json'],
      [
        'a form',
        raw('title=a', 'application/x-www-form-urlencoded'),
        415,
        'request.unsupported-media-type',
        'application/json',
      ],
      ['a file where JSON belongs', raw('a,b', 'text/csv'), 415, 'request.unsupported-media-type', 'application/json'],
      [
        'JSON where a file belongs',
        raw('{}', 'application/json', 'POST', `${EXAMPLE}/file`),
        415,
        'request.unsupported-media-type',
        'text/csv',
      ],
      [
        'a JSON Patch',
        raw('[]', 'application/json-patch+json', 'PATCH', `${notes.path}/${idOf(1)}`),
        415,
        'request.unsupported-media-type',
        'merge-patch',
      ],
      [
        'a body of two megabytes',
        write({ title: 'x'.repeat(2_000_000) }),
        413,
        'request.too-large',
        'larger than 1 MiB',
      ],
      [
        'a file beyond the limit',
        raw('x'.repeat(5000), 'text/csv', 'POST', `${EXAMPLE}/file`),
        413,
        'request.file-too-large',
        '4096',
      ],
      [
        'an address that does not exist',
        { url: '/care-api/nothing' },
        404,
        'request.unknown-route',
        'nothing at this address',
      ],
      [
        'a method that is not possible',
        { method: 'PUT', url: `${notes.path}/${idOf(1)}` },
        405,
        'request.method-not-allowed',
        'DELETE, GET, PATCH',
      ],
      ['an address with a broken escape', { url: `${notes.path}/%FF` }, 400, 'request.malformed-url', 'UTF-8'],
      ['an unknown id', { url: `${notes.path}/${idOf(99)}` }, 404, 'resource.not-found', 'no such note'],
      ['an id of no shape', { url: `${notes.path}/7` }, 404, 'resource.not-found', 'no such resource'],
      ['an id that attacks', { url: `${notes.path}/1%27%20OR%201=1` }, 404, 'resource.not-found', 'no such'],
      [
        'an id of a thousand characters',
        { url: `${notes.path}/${'9'.repeat(1000)}` },
        404,
        'resource.not-found',
        'no such',
      ],
      [
        'a limit beyond 1000',
        list('limit=1001'),
        400,
        'request.invalid-query',
        'limit must be a whole number from 0 to 1000',
      ],
      ['a negative offset', list('offset=-1'), 400, 'request.invalid-query', 'offset must be'],
      ['a limit that is no number', list('limit=ten'), 400, 'request.invalid-query', 'limit must be'],
      ['a filter that does not exist', list('colour=red'), 400, 'request.invalid-query', 'there are id, title, status'],
      [
        'a filter called like a method',
        list('constructor=1'),
        400,
        'request.invalid-query',
        'There is no filter "constructor"',
      ],
      [
        'a filter of the wrong type',
        list('weight=heavy'),
        400,
        'request.invalid-query',
        'weight must be a whole number',
      ],
      [
        'a filter outside the enumeration',
        list('status=open,lost'),
        400,
        'request.invalid-query',
        'status must be one of open, closed',
      ],
      ['a range over an enumeration', list('status.gt=open'), 400, 'request.invalid-query', 'equality only'],
      ['a range with two values', list('weight.gt=1,2'), 400, 'request.invalid-query', 'one value'],
      ['an empty filter', list('title='), 400, 'request.invalid-query', 'title must be a text'],
      [
        'an order by what does not exist',
        list('sort=urgent'),
        400,
        'request.invalid-query',
        'it knows title, status, weight, creationDate',
      ],
      [
        'a query of the wrong type',
        { url: `${EXAMPLE}/window?days=many` },
        400,
        'request.invalid',
        'days must be a whole number from 1 to 31',
      ],
      ['an unknown query', { url: `${EXAMPLE}/window?dayz=1` }, 400, 'request.invalid', 'dayz is not'],
      [
        'an attribute that only the server sets',
        { method: 'PATCH', url: `${notes.path}/${idOf(1)}`, payload: { status: 'closed' } },
        400,
        'patch.attribute-not-patchable',
        'status cannot be changed by a client; title, weight can be',
      ],
      [
        'a key with spaces',
        { ...write(good), url: notes.path, headers: { 'idempotency-key': 'a b' } },
        400,
        'idempotency.invalid-key',
        '1 to 128',
      ],
      ['no credentials', { url: notes.path, headers: { authorization: '' } }, 401, 'access.not-signed-in', 'Bearer'],
      [
        'a foreign token',
        { url: notes.path, headers: { authorization: 'Bearer a.b.c' } },
        401,
        'access.invalid-credentials',
        'sign in',
      ],
      [
        'another scheme',
        { url: notes.path, headers: { authorization: 'Basic eDp5' } },
        401,
        'access.invalid-credentials',
        'Bearer',
      ],
      [
        'an unknown API key',
        { url: notes.path, headers: { authorization: '', 'x-api-key': 'guess' } },
        401,
        'access.invalid-credentials',
        'not valid',
      ],
      [
        'a permission that the actor has not',
        { url: notes.path, headers: { authorization: '', 'x-api-key': apiKey } },
        403,
        'access.permission-missing',
        'notes.read',
      ],
    ])('%s', async (_, request, status, code, said) => {
      const answer = await call(request);
      expect([answer.status, answer.body]).toEqual([
        status,
        expect.objectContaining({
          code,
          status: String(status),
          '@type': 'Error',
          referenceError: `urn:guibin:error:${code}`,
        }),
      ]);
      expect(answer.body.message).toContain(said);
      expect(answer.body.reason).toEqual(expect.any(String));
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    });

    it('names every bad field at once', async () => {
      const { body } = await call(write({ title: '', weight: -1, place: { province: 'x' } }));
      expect(body.detail.violations.map(({ field }: { field: string }) => field)).toEqual([
        'title',
        'weight',
        'place.province',
      ]);
      expect(body.detail).toMatchObject({ field: 'title', expected: 'a text of 1 to 40 characters' });
    });

    it.each([
      ['malformed', 400],
      ['unauthenticated', 401],
      ['forbidden', 403],
      ['not-found', 404],
      ['conflict', 409],
      ['gone', 410],
      ['too-large', 413],
      ['rejected', 422],
      ['too-many', 429],
      ['unavailable', 503],
    ])('a refusal of kind %s is answered %i', async (kind, status) => {
      const answer = await get(`${EXAMPLE}/kind/${kind}`);
      expect([answer.status, answer.headers['retry-after']]).toEqual([status, '3']);
    });

    it('a wrong method tells the right ones', async () => {
      expect((await call({ method: 'DELETE', url: notes.path })).headers['allow']).toBe('GET, POST');
    });

    it('what nobody expected is 500, names the request and nothing of the cause, and is logged once', async () => {
      const log = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      const answer = await call({ url: `${EXAMPLE}/broken`, headers: { 'x-request-id': 'shift-7.request-1' } });
      const lines = log.mock.calls.map(([line]) => String(line));
      log.mockRestore();
      expect([answer.status, answer.body.code, answer.body.detail]).toEqual([
        500,
        'internal',
        { requestId: 'shift-7.request-1' },
      ]);
      expect(JSON.stringify(answer.body)).not.toMatch(/duplicate|13800138000/);
      expect(lines).toEqual([
        expect.stringMatching(/broken failed \(request shift-7\.request-1\): Error \(23505\)\n {4}at /),
      ]);
      expect(lines[0]).not.toContain('13800138000');
    });
  });

  describe('bodies', () => {
    it('defaults are filled in, instants become instants', async () => {
      const { status, body } = await post(`${EXAMPLE}/echo`, {
        title: 'A',
        dueAt: '2026-01-31T08:00:00+08:00',
        urgent: null,
      });
      expect([status, body]).toEqual([
        200,
        { title: 'A', status: 'open', weight: 1, urgent: null, dueAt: '2026-01-31T00:00:00.000Z' },
      ]);
    });

    it('a list has its default too, and every body a list of its own', async () => {
      expect((await post(`${EXAMPLE}/reminder`, { hours: [1] })).body).toEqual({ hours: [1], words: ['due'] });
      expect((await post(`${EXAMPLE}/reminder`, {})).body).toEqual({ hours: [24], words: ['due', 'again'] });
      expect((await post(`${EXAMPLE}/reminder`, {})).body).toEqual({ hours: [24], words: ['due', 'again'] });
    });

    // Telephone platforms post without a body and without a type.
    it.each(['', 'application/json'])('no body is an empty one, sent as "%s"', async (type) => {
      const { status, body } = await call({
        method: 'POST',
        url: `${EXAMPLE}/reminder`,
        headers: { 'content-type': type },
      });
      expect([status, body]).toEqual([200, { hours: [24], words: ['due', 'again'] }]);
    });

    it('TM Forum resources keep attributes that we do not know', async () => {
      const sent = { name: 'x', '@baseType': 'Thing', extension: { deep: [1] } };
      expect((await post(`${EXAMPLE}/open`, sent)).body).toEqual(sent);
    });

    it('queries are converted to the types that they have', async () => {
      expect((await get(`${EXAMPLE}/window?days=3&deep=true&since=2026-01-01T00:00:00+08:00`)).body).toEqual({
        days: 3,
        deep: true,
        since: '2025-12-31T16:00:00.000Z',
      });
      expect((await get(`${EXAMPLE}/window`)).body).toEqual({ days: 7 });
    });

    it('a file arrives as a stream', async () => {
      const file = { method: 'POST', url: `${EXAMPLE}/file`, payload: Buffer.alloc(4096) };
      expect((await call({ ...file, headers: { 'content-type': 'application/gzip' } })).body).toEqual({ bytes: 4096 });
    });

    it('a patch merges, removes by null, and takes both content types', async () => {
      const url = `${notes.path}/${idOf(1)}`;
      for (const type of ['application/merge-patch+json', 'application/json']) {
        const payload = JSON.stringify({ title: 'new', weight: null });
        const { status, body } = await call({ method: 'PATCH', url, payload, headers: { 'content-type': type } });
        expect([status, body.title, 'weight' in body, body.status]).toEqual([200, 'new', false, 'open']);
      }
    });

    it('what was created has an address, what was removed has no body', async () => {
      const created = await post(notes.path, { title: 'created' });
      expect([created.status, created.headers['location']]).toEqual([201, created.body.href]);
      expect((await get(created.body.href)).body.title).toBe('created');
      expect(await call({ method: 'DELETE', url: created.body.href })).toMatchObject({ status: 204, body: undefined });
    });
  });

  describe('access', () => {
    it('the actor is known to the use case, with the request it asks in', async () => {
      const { body, headers } = await get(`${EXAMPLE}/me`);
      expect(body).toMatchObject({ kind: 'staff', id: 'writer', unitId: 'hall-1', requestId: headers['x-request-id'] });
    });

    it('a token from before signing out everywhere is worthless', async () => {
      const old = await example.tokenOf('writer', 0);
      expect((await call({ url: notes.path, headers: { authorization: `Bearer ${old}` } })).status).toBe(401);
    });

    it('reading is not writing', async () => {
      const authorization = `Bearer ${await example.tokenOf('reader')}`;
      expect((await call({ url: notes.path, headers: { authorization } })).status).toBe(200);
      expect((await post(notes.path, { title: 'A' }, { authorization })).status).toBe(403);
    });

    it('every route is listed with what it demands', () => {
      const routes = routesOf(example.app);
      expect(routes.find(({ handler }) => handler === 'NotesController.patch')).toMatchObject({
        method: 'PATCH',
        path: `${notes.path}/:id`,
        access: { permission: 'notes.write' },
        isForWholeOperator: false,
      });
      expect(routes.find(({ path }) => path.endsWith('/broken'))?.access).toBe('public');
    });

    it('a form signs in, as the console sends it', async () => {
      const { status, body } = await call({
        method: 'POST',
        url: '/care-api/organization/v1/session',
        payload: 'grant_type=password&username=li.na&password=p%2Bw',
        headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Basic Og==' },
      });
      expect([status, body.username, typeof body.access_token]).toEqual([200, 'li.na', 'string']);
    });
  });

  describe('the edge', () => {
    it('takes a request id of harmless shape only', async () => {
      const given = (id: string) => call({ url: '/nowhere', headers: { 'x-request-id': id } });
      expect((await given('abc-12345')).headers['x-request-id']).toBe('abc-12345');
      for (const number of ['13912340001', 'call-8613912340001', 'x.44010119800101123X', '440101800101123-1']) {
        expect((await given(number)).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      }
      const uuid = '01a20f00-1234-7000-8000-139123400012';
      expect((await given(uuid)).headers['x-request-id']).toBe(uuid);
      expect((await given('a\tb {"x":1}')).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('sends headers that protect browsers, and no CORS', async () => {
      const { headers } = await get(notes.path);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
      expect(headers['content-security-policy']).toContain("script-src 'self'");
      expect(headers['access-control-allow-origin']).toBeUndefined();
    });

    it('serves the console with everything that its own policy lets it load', async () => {
      const page = await example.call({ url: '/docs' });
      expect(page.status).toBe(200);
      expect(page.text).not.toMatch(/<script(?![^>]*src=)[^>]*>\s*\S/);
      const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
      expect(assets).toHaveLength(4);
      for (const path of [...assets, 'docs-json']) {
        const asset = await example.call({ url: `/${path}` });
        expect([path, asset.status]).toEqual([path, 200]);
      }
    });
  });

  describe('the documentation', () => {
    it('says of each route what it answers, refuses and demands', () => {
      const document = buildOpenApi(example.app);
      const { get: list, post: create } = document.paths[notes.path] ?? {};
      expect(list?.parameters?.map((parameter) => ('name' in parameter ? parameter.name : ''))).toEqual(
        expect.arrayContaining([
          'offset',
          'limit',
          'fields',
          'sort',
          'status',
          'weight.gte',
          'creationDate.lt',
          'tag.name',
        ]),
      );
      expect(list?.responses['200']).toMatchObject({
        headers: { 'X-Total-Count': {}, 'X-Result-Count': {} },
        content: {
          'application/json': { schema: { type: 'array', items: { $ref: '#/components/schemas/NoteView' } } },
        },
      });
      expect(create?.description).toContain('Permission: `notes.write`');
      expect(Object.keys(create?.responses ?? {})).toEqual(['201', '400', '401', '403', '409', '422']);
      expect(create?.responses['422']).toMatchObject({
        description: '`note.too-heavy`',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      });
      expect(create?.security).toEqual(expect.arrayContaining([{ bearer: [] }, { apiKey: [] }, { signIn: [] }]));
      expect(document.components?.schemas?.['CreateNote']).toMatchObject({
        required: ['title'],
        properties: {
          title: { type: 'string', minLength: 1, maxLength: 40, example: 'Call back' },
          weight: { type: 'integer', minimum: 0, maximum: 100, default: 1 },
          line: { type: 'array', items: { $ref: '#/components/schemas/LineInput' }, maxItems: 3 },
          channel: { type: 'array', items: { type: 'string', enum: ['sms', 'call'] } },
        },
      });
      const patch = document.paths[`${notes.path}/{id}`]?.patch;
      expect(patch?.requestBody).toMatchObject({
        content: { 'application/merge-patch+json': {}, 'application/json': {} },
      });
    });

    it('is the same text each time', () => {
      expect(JSON.stringify(buildOpenApi(example.app))).toBe(JSON.stringify(buildOpenApi(example.app)));
    });
  });
});
