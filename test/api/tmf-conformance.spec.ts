import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { Answer } from '../support/http.js';
import { operations } from './document.js';
import { NUMBERS, startWorld, type World } from './world.js';

/** TM Forum's swagger files, which come beside the repository. */
const FOLDER = resolve('../shared/tmf');

interface Api {
  readonly file: string;
  readonly definition: string;
  /** What TM Forum has and we have not, and why that is so. */
  readonly left: readonly string[];
  readonly create: (world: World) => object;
  readonly patch?: object;
  readonly field: string;
}

const APIS: readonly Api[] = [
  {
    file: 'TMF629-Customer-v4.0.0.swagger.json',
    definition: 'Customer',
    left: [],
    create: () => ({ name: '欧阳小红', engagedParty: { id: 'p-1', '@referredType': 'Individual' } }),
    patch: { characteristic: [{ name: 'favouriteHall', value: '440100-03' }] },
    field: 'status',
  },
  {
    file: 'TMF635-Usage-v4.0.0.swagger.json',
    definition: 'Usage',
    // A usage record is evidence: it is corrected by a later version (POST), and never changed or deleted.
    left: ['PATCH /usage/{id}', 'DELETE /usage/{id}'],
    create: () => ({
      usageDate: new Date(Date.now() - 3_600_000).toISOString(),
      usageType: 'VOICE_MO',
      usageCharacteristic: [
        { name: 'recordId', value: `U-${Date.now()}` },
        { name: 'msisdn', value: NUMBERS.rich },
        { name: 'counterpartyClass', value: 'ON_NET' },
        { name: 'durationSec', value: 61 },
        { name: 'feeFen', value: 20 },
        { name: 'source', value: 'BOSS' },
      ],
    }),
    field: 'usageType',
  },
  {
    file: 'TMF621-TroubleTicket-v4.0.0.swagger.json',
    definition: 'TroubleTicket',
    left: [],
    create: ({ customers }) => ({
      description: 'No signal at home',
      severity: 'Major',
      ticketType: 'complaint',
      channel: { id: '10086', name: 'Hotline' },
      note: [{ text: 'Heard twice already' }],
      relatedParty: [{ id: customers.rich, role: 'customer', '@referredType': 'Customer' }],
    }),
    patch: { status: 'inProgress' },
    field: 'severity',
  },
];

interface Swagger {
  readonly basePath: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly definitions: Readonly<Record<string, object>>;
}

const isThere = existsSync(FOLDER);
const title = isThere ? 'TM Forum’s own definitions' : `TM Forum’s own definitions (skipped: there is no ${FOLDER})`;

(isThere ? describe : describe.skip)(title, () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  describe.each(isThere ? APIS : [])('accept our $definition', ({ file, definition, left, create, patch, field }) => {
    const swagger = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Swagger;
    const collection = `/${definition.charAt(0).toLowerCase()}${definition.slice(1)}`;
    const url = `${swagger.basePath.replace(/\/$/, '')}${collection}`;
    let valid: (name: string) => ValidateFunction;
    let created: Answer;

    beforeAll(async () => {
      const ajv = new Ajv({ strict: false, formats: { 'date-time': DATE_TIME, uri: true, float: true } });
      ajv.addSchema({ $id: 'tmf', definitions: swagger.definitions });
      valid = (name) => ajv.compile({ $ref: `tmf#/definitions/${name}` });
      created = await world.ask({ method: 'POST', url, payload: create(world) });
    });
    const expectValid = (name: string, value: unknown): void => {
      const validate = valid(name);
      expect([validate(value), validate.errors]).toEqual([true, null]);
    };

    it('which is served by the same operations', () => {
      const wanted = Object.entries(swagger.paths)
        .filter(([path]) => path === collection || path === `${collection}/{id}`)
        .flatMap(([path, item]) => Object.keys(item).map((verb) => `${verb.toUpperCase()} ${path}`))
        .filter((name) => !left.includes(name));
      const served = operations.map(({ method, path }) => `${method} ${path.replace(swagger.basePath, '/')}`);
      expect(served).toEqual(expect.arrayContaining(wanted));
      for (const name of left) expect(served).not.toContain(name);
    });

    it('as it is created', async () => {
      expectValid(`${definition}_Create`, create(world));
      expect(created.status).toBe(201);
      expect(created.headers['location']).toBe(created.body.href);
      expectValid(definition, created.body);
      const read = await world.ask({ url: created.body.href });
      expect([read.status, read.body]).toEqual([200, created.body]);
    });

    it('in lists, with their counts', async () => {
      const all = await world.ask({ url });
      expect([all.status, all.headers['x-result-count']]).toEqual([200, String(all.body.length)]);
      expect(Number(all.headers['x-total-count'])).toBeGreaterThanOrEqual(all.body.length);
      expect(all.body.length).toBeGreaterThan(0);
      for (const each of all.body) expectValid(definition, each);
      const page = await world.ask({ url: `${url}?limit=1&offset=${all.body.length - 1}` });
      expect([page.body, page.headers['x-total-count'], page.headers['x-result-count']]).toEqual([
        [all.body.at(-1)],
        all.headers['x-total-count'],
        '1',
      ]);
    });

    it('with some attributes only', async () => {
      for (const at of [url, created.body.href]) {
        const { body } = await world.ask({ url: `${at}?fields=${field}` });
        for (const each of [body].flat())
          expect(Object.keys(each).sort()).toEqual(['@type', field, 'href', 'id'].sort());
      }
    });

    it('filtered by an attribute', async () => {
      const { body } = await world.ask({ url: `${url}?${field}=${created.body[field]}` });
      expect(body.map(({ id }: { id: string }) => id)).toContain(created.body.id);
      for (const each of body) expect(each[field]).toBe(created.body[field]);
    });

    if (patch) {
      it('changed by a merge patch', async () => {
        const headers = { 'content-type': 'application/merge-patch+json' };
        const payload = JSON.stringify(patch);
        const { status, body } = await world.ask({ method: 'PATCH', url: created.body.href, payload, headers });
        expect(status).toBe(200);
        expectValid(definition, body);
      });
    }

    it('and our errors', async () => {
      const missing = await world.ask({ url: `${url}/nobody` });
      expect(missing.status).toBe(404);
      expectValid('Error', missing.body);
      const bad = await world.ask({ method: 'POST', url, payload: { '@type': 5, status: 'no such' } });
      expect(bad.status).toBe(400);
      expectValid('Error', bad.body);
    });
  });
});

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
