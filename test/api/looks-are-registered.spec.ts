import { routesOf } from '../../src/platform/http/index.js';
import type { Credentials } from '../support/application.js';
import { startWorld, type World } from './world.js';

const UNREAD = ['/health/live', '/health/ready', '/metrics'];

/**
 * Every GET route that can be reached without knowing anything but a customer, and everything that those answers point to. Where an
 * answer names a customer, the register has a line of that request with that customer (查阅登记).
 */
describe('[AUD-01] every look at a customer has its line', () => {
  let world: World;
  let people: Readonly<Record<string, Credentials>>;

  beforeAll(async () => {
    world = await startWorld();
    people = {
      administrator: world.administrator,
      supervisor: await world.staff('supervisor'),
      auditor: await world.staff('auditor'),
      analyst: await world.staff('analyst'),
    };
  });
  afterAll(() => world?.close());

  it.each([
    ['administrator', 10],
    ['supervisor', 10],
    ['auditor', 5],
    ['analyst', 5],
  ])('of the %s', async (person, fewest) => {
    const templates = routesOf(world.app)
      .filter(({ method, path }) => method === 'GET' && !UNREAD.includes(path))
      .map(({ path }) => path);
    const customerIds = Object.values(world.customers);
    const queue = templates
      .map((path) => path.replace(/:customerId\b/, world.customers.rich))
      .filter((path) => !path.includes(':'));
    const seen = new Set(queue);
    const [looked, missing] = [new Set<string>(), new Set<string>()];
    for (const url of queue) {
      const requestId = `look-${person}-${queue.indexOf(url)}`;
      const { status, text } = await world.call({ url, headers: { ...people[person], 'x-request-id': requestId } });
      expect([url, status < 500]).toEqual([url, true]);
      if (status !== 200) continue;
      for (const [, href = ''] of text.matchAll(/"href":"([^"]+)"/g)) {
        if (!seen.has(href) && templates.some((template) => matches(template, href)) && seen.size < 400) {
          seen.add(href);
          queue.push(href);
        }
      }
      const shown = customerIds.filter((id) => text.includes(id));
      if (shown.length === 0) continue;
      looked.add(templateOf(templates, url));
      const lines = await world.database.query<{ customer_ids: string[] }>(
        `SELECT customer_ids FROM organization.access_register WHERE request_id = $1 AND result = 'granted'`,
        [requestId],
      );
      const registered = new Set(lines.flatMap((line) => line.customer_ids));
      if (!shown.every((id) => registered.has(id))) missing.add(templateOf(templates, url));
    }
    expect([...missing]).toEqual([]);
    expect(looked.size).toBeGreaterThanOrEqual(fewest);
  });
});

const matches = (template: string, url: string): boolean => {
  const [steps, given] = [template.split('/'), (url.split('?')[0] ?? '').split('/')];
  return steps.length === given.length && steps.every((step, n) => step.startsWith(':') || step === given[n]);
};
const templateOf = (templates: readonly string[], url: string): string =>
  templates.find((template) => template === url) ?? templates.find((template) => matches(template, url)) ?? url;
