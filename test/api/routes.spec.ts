import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Ajv } from 'ajv';
import { AppModule } from '../../src/app.module.js';
import { loadSettings } from '../../src/platform/config/index.js';
import { fastifyOptions, routesOf, type Route } from '../../src/platform/http/index.js';
import { ALL_PERMISSIONS } from '../../src/modules/organization/index.js';
import { document, exampleOf, operations, type Schema } from './document.js';

/** Where a customer begins who is not signed in yet. */
const SELF_SERVICE = ['/care-api/customers/v1/oneTimeCode', '/care-api/customers/v1/customerSession'];

/** Routes that nobody has to know about but the machinery around the process. */
const UNDOCUMENTED = ['/health/live', '/health/ready', '/metrics'];

/** Everybody may read what personal data is used for (PIPL 17). */
const PROCESSING_RULES = '/care-api/privacy/v1/processingPurpose';
/** Looked at inside of a route: what of the answer is shown. */
const FIELD_GROUPS = ['customers.identity', 'customers.contact', 'customers.personal', 'customers.amounts'];

describe('routes', () => {
  let app: NestFastifyApplication;
  let routes: readonly Route[];

  beforeAll(async () => {
    // Previewed: no provider is made, so it needs no database.
    const settings = loadSettings({ GUIBIN_ROLE: 'api' });
    const adapter = new FastifyAdapter(fastifyOptions(settings));
    app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings), adapter, {
      preview: true,
      logger: false,
      abortOnError: false,
    });
    routes = routesOf(app);
  });
  afterAll(() => app.close());

  it('say who may call them, with a permission that exists', () => {
    expect(routes.length).toBeGreaterThan(50);
    for (const { handler, access } of routes) {
      if (access === 'public') continue;
      expect([handler, ALL_PERMISSIONS]).toEqual([handler, expect.arrayContaining([access?.permission])]);
    }
    const open = routes.filter(({ access }) => access === 'public').map(({ path }) => path);
    expect(open.sort()).toEqual(
      [
        ...UNDOCUMENTED,
        '/care-api/organization/v1/session',
        '/care-api/organization/v1/session/refresh',
        PROCESSING_RULES,
        ...SELF_SERVICE,
      ].sort(),
    );
  });

  it('leave no permission without a route that asks for it, but those of runs, of decisions and of groups of fields', () => {
    const asked = routes.flatMap(({ access }) => (access && access !== 'public' ? [access.permission] : []));
    const unasked = ALL_PERMISSIONS.filter((permission) => !asked.includes(permission));
    const others = unasked.filter((permission) => !/^\w+\.(run|approve)$/.test(permission));
    expect(others).toEqual(others.filter((permission) => FIELD_GROUPS.includes(permission)));
  });

  it('are in the document, each with its own method', () => {
    const served = routes
      .filter(({ path }) => !UNDOCUMENTED.includes(path))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(operations.map(({ name }) => name).sort()).toEqual(served.sort());
  });

  it('never take a number of a customer or an ID number in their address', () => {
    for (const { path, operation } of operations) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { name } of operation.parameters ?? []) names.push(name);
      for (const name of names) expect([path, name]).toEqual([path, expect.not.stringMatching(PERSONAL)]);
    }
  });
});

const PERSONAL = /msisdn|phone|mobile|idNumber|callerId/i;

describe('the OpenAPI document', () => {
  it('names every operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(operations.map(({ name, operation }) => [name, operation] as const))('explains %s', (_, operation) => {
    expect(operation.summary).toMatch(/[a-z].*\(.*[\u4e00-\u9fff].*\)/);
    expect(operation.tags).toEqual([expect.stringMatching(/./)]);
    const isPublic = operation.security?.length === 0;
    expect(operation.description).toMatch(isPublic ? /Public\.$/ : /Permission: `[a-z]+\.[a-z]+`\.$/);
    const errors = Object.entries(operation.responses).filter(([status]) => Number(status) >= 400);
    expect(errors).not.toEqual([]);
    for (const [, { description }] of errors) expect(description).toMatch(/`[a-z-]+\.[a-z-]+`/);
    expect(Object.keys(operation.responses)).toEqual(
      expect.arrayContaining(isPublic ? ['400'] : ['400', '401', '403']),
    );
  });

  const withJson = operations.flatMap(({ name, operation }) => {
    const schema = operation.requestBody?.content['application/json']?.schema;
    return schema ? [[name, schema] as const] : [];
  });

  it.each(withJson)('has an example for the body of %s that its own schema accepts', (_, schema) => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile({ ...schema, components: document.components });
    const example = exampleOf(schema as Schema);
    expect([validate(example), validate.errors]).toEqual([true, null]);
  });
});
