import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { eventually } from '../support/eventually.js';
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
  /** What subscribers to its hub are told when one is created, patched and deleted. */
  readonly events?: readonly string[];
  /** How it is deleted, and what is at its address then. */
  readonly remove?: { readonly status: number; readonly after: number };
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
    left: [],
    create: ({ customers }) => ({
      usageDate: new Date(Date.now() - 3_600_000).toISOString(),
      usageType: 'VOICE_MO',
      usageCharacteristic: [
        { name: 'recordId', value: `U-${Date.now()}` },
        { name: 'msisdn', value: NUMBERS.rich },
        { name: 'counterpartyClass', value: 'ON_NET' },
        { name: 'durationSec', value: 61 },
        { name: 'source', value: 'BOSS' },
      ],
      status: 'received',
      description: 'Sent by a client of TM Forum',
      ratedProductUsage: [
        {
          isBilled: false,
          taxIncludedRatingAmount: { unit: 'CNY', value: 0.2 },
          taxExcludedRatingAmount: { unit: 'CNY', value: 0.19 },
        },
      ],
      relatedParty: [{ id: customers.rich, role: 'customer', '@referredType': 'Customer' }],
      usageSpecification: { id: 'USG-VOICE_MO', '@referredType': 'UsageSpecification' },
    }),
    patch: {
      usageCharacteristic: [{ name: 'durationSec', value: 122 }],
      ratedProductUsage: [{ taxIncludedRatingAmount: { unit: 'CNY', value: 0.4 } }],
    },
    field: 'usageType',
    events: ['UsageCreateEvent', 'UsageAttributeValueChangeEvent', 'UsageStateChangeEvent', 'UsageDeleteEvent'],
    remove: { status: 204, after: 200 },
  },
  {
    file: 'TMF635-Usage-v4.0.0.swagger.json',
    definition: 'UsageSpecification',
    left: [],
    create: () => ({
      name: 'Cell usage',
      description: 'Where it was used',
      version: '1',
      isBundle: false,
      lifecycleStatus: 'Active',
      validFor: { startDateTime: '2025-01-01T00:00:00+08:00', endDateTime: '2035-01-01T00:00:00+08:00' },
      specCharacteristic: [
        {
          name: 'cellId',
          valueType: 'string',
          minCardinality: 1,
          maxCardinality: 1,
          configurable: true,
          extensible: false,
          regex: '^460',
          characteristicValueSpecification: [{ regex: '^460-[0-9]+$', isDefault: false, valueType: 'string' }],
        },
      ],
      attachment: [{ name: 'guide.pdf', mimeType: 'application/pdf', url: 'https://example.com/guide.pdf' }],
      relatedParty: [{ id: 'billing', name: 'Billing', role: 'author', '@referredType': 'OrganizationUnit' }],
    }),
    patch: { lifecycleStatus: 'Retired', description: null },
    field: 'lifecycleStatus',
    events: [
      'UsageSpecificationCreateEvent',
      'UsageSpecificationAttributeValueChangeEvent',
      'UsageSpecificationDeleteEvent',
    ],
    remove: { status: 204, after: 404 },
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
  let subscriber: Subscriber;
  beforeAll(async () => {
    subscriber = await startSubscriber();
    world = await startWorld({ GUIBIN_CALLBACK_HOSTS: subscriber.host });
  });
  afterAll(async () => {
    await world?.close();
    subscriber.close();
  });

  describe.each(isThere ? APIS : [])('accept our $definition', (api) => {
    const { file, definition, left, create, patch, field, events = [], remove } = api;
    const swagger = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Swagger;
    const collection = `/${definition.charAt(0).toLowerCase()}${definition.slice(1)}`;
    const url = `${swagger.basePath.replace(/\/$/, '')}${collection}`;
    let valid: (name: string) => ValidateFunction;
    let created: Answer;
    let patched: Answer;
    let subscribed: Answer;
    const hub = `${swagger.basePath.replace(/\/$/, '')}/hub`;

    beforeAll(async () => {
      const ajv = new Ajv({ strict: false, formats: { 'date-time': DATE_TIME, uri: true, float: true, base64: true } });
      ajv.addSchema({ $id: 'tmf', definitions: swagger.definitions });
      valid = (name) => ajv.compile({ $ref: `tmf#/definitions/${name}` });
      if (events.length > 0) {
        subscribed = await world.ask({ method: 'POST', url: hub, payload: { callback: subscriber.callback } });
      }
      created = await world.ask({ method: 'POST', url, payload: create(world) });
    });
    const expectValid = (name: string, value: unknown): void => {
      const validate = valid(name);
      expect([validate(value), validate.errors]).toEqual([true, null]);
    };

    it('which is served by the same operations', () => {
      const wanted = Object.entries(swagger.paths)
        .filter(
          ([path]) => [collection, `${collection}/{id}`].includes(path) || (events.length > 0 && /^\/hub/.test(path)),
        )
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
        patched = await world.ask({ method: 'PATCH', url: created.body.href, payload, headers });
        expect(patched.status).toBe(200);
        expectValid(definition, patched.body);
        expect((await world.ask({ url: patched.body.href })).body).toEqual(patched.body);
      });
    }

    if (remove) {
      it('deleted', async () => {
        const answer = await world.ask({ method: 'DELETE', url: patched.body.href });
        expect([answer.status, answer.text]).toEqual([remove.status, '']);
        const after = await world.ask({ url: patched.body.href });
        expect(after.status).toBe(remove.after);
        expectValid(after.status === 200 ? definition : 'Error', after.body);
      });
    }

    if (events.length > 0) {
      it('and what its hub tells', async () => {
        expectValid('EventSubscription', subscribed.body);
        expect([subscribed.status, subscribed.headers['location']]).toEqual([201, subscribed.body.href]);
        const told = (): readonly Told[] => subscriber.told.filter(({ eventType }) => events.includes(eventType));
        await eventually(async () => new Set(told().map(({ eventType }) => eventType)).size === events.length);
        for (const { path, ...event } of told()) {
          expect(path).toBe(`/listener/${event.eventType.charAt(0).toLowerCase()}${event.eventType.slice(1)}`);
          expectValid(event.eventType, event);
          expect((await world.ask({ url: Object.values(event.event)[0]?.href ?? '' })).status).not.toBe(500);
        }
        const ended = await world.ask({ method: 'DELETE', url: subscribed.body.href });
        expect(ended.status).toBe(204);
        expectValid('Error', (await world.ask({ method: 'DELETE', url: subscribed.body.href })).body);
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

interface Told {
  readonly path: string;
  readonly eventType: string;
  readonly event: Readonly<Record<string, { readonly href: string }>>;
}

interface Subscriber {
  readonly host: string;
  readonly callback: string;
  readonly told: readonly Told[];
  close(): void;
}

/** Somebody who listens, and keeps what it is told. */
async function startSubscriber(): Promise<Subscriber> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      told.push({ ...(JSON.parse(Buffer.concat(chunks).toString()) as Told), path: request.url ?? '' });
      response.writeHead(201).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    callback: `http://${host}`,
    told,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
