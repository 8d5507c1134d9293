import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeliverBatches } from '../../../src/modules/boss-feed/application/deliver-batches.js';
import { FeedSubscriptions } from '../../../src/modules/boss-feed/application/feed-subscriptions.js';
import { FindFeeds } from '../../../src/modules/boss-feed/application/find-feeds.query.js';
import type { OrganizationFacade } from '../../../src/modules/organization/index.js';
import { Outbound } from '../../../src/platform/http/index.js';
import { EVERYBODY, isSignatureOf, sha256, type Actor } from '../../../src/platform/identity/index.js';
import { personalDataOfNewKeys } from '../../support/serve.js';
import { feedWorld, unbroken, type FeedWorld } from './feed-world.js';

interface Told {
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly fromSequence: number;
  readonly toSequence: number;
  readonly recordCount: number;
  readonly sha256: string;
  readonly lines: readonly string[];
}

describe('[USG-09] a subscriber of a feed', () => {
  let world: FeedWorld;
  let warehouse: Server;
  let callback: string;
  let subscriptions: FeedSubscriptions;
  let delivering: DeliverBatches;
  let status: number;
  let provinces: readonly string[];
  let isRevoked: boolean;
  let told: Told[];
  let meanwhile: () => Promise<unknown>;
  let secret: string;

  const actor: Actor = {
    kind: 'system', id: 'warehouse', name: 'warehouse', role: 'boss', permissions: ['feed.read'], unitId: undefined, scope: EVERYBODY,
    requestId: 'r', clientAddress: '127.0.0.1',
  }; // prettier-ignore

  beforeAll(async () => {
    world = await feedWorld();
    warehouse = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        told.push({ path: request.url, headers: request.headers, text, ...(JSON.parse(text) as object) } as Told);
        void meanwhile().then(() => response.writeHead(status).end());
      });
    }).listen(0, '127.0.0.1');
    await once(warehouse, 'listening');
    const host = `127.0.0.1:${(warehouse.address() as AddressInfo).port}`;
    callback = `http://${host}/dw`;
    const { database, transaction, clock, read } = world;
    const outbound = new Outbound({ ownHosts: [host] });
    const personalData = personalDataOfNewKeys();
    const organization = {
      scopeOfApiKey: () => Promise.resolve(isRevoked ? undefined : { source: 'DW', kinds: [], provinces }),
    } as unknown as OrganizationFacade;
    subscriptions = new FeedSubscriptions(
      database,
      transaction,
      new FindFeeds(database),
      outbound,
      personalData,
      clock,
    );
    delivering = new DeliverBatches(transaction, read, outbound, personalData, organization, clock);
  });
  beforeEach(async () => {
    [status, provinces, isRevoked, told, meanwhile] = [204, [], false, [], () => Promise.resolve()];
    await world.db.query('TRUNCATE boss_feed.item, boss_feed.pending_item, boss_feed.subscription');
    await world.db.query('UPDATE boss_feed.feed SET last_sequence = 0');
  });
  afterAll(async () => {
    warehouse.closeAllConnections();
    warehouse.close();
    await world.close();
  });

  const happens = async (times: number): Promise<void> => {
    const [customerId = ''] = await world.customers({});
    await world.announce(Array.from({ length: times }, () => ({ customerId })));
    await world.relay.drain();
    await world.fill.execute();
  };
  const subscribe = async (after?: number): Promise<string> => {
    const made = await subscriptions.subscribe({ feedId: 'TIR-ALL', callback, afterSequence: after }, actor);
    secret = made.secret;
    return made.subscriptionId;
  };
  const deliverAll = async (): Promise<void> => {
    while ((await delivering.execute()) > 0);
  };
  const ranges = (): readonly number[][] => told.map(({ fromSequence, toSequence }) => [fromSequence, toSequence]);

  it('[promise 30] gets the items in batches, in order, with range, count and checksum, signed', async () => {
    await happens(1201);
    const id = await subscribe(0);
    await deliverAll();
    expect(ranges()).toEqual([[1, 500], [501, 1000], [1001, 1201]]); // prettier-ignore
    const sequences = told.flatMap(({ lines }) => lines.map((line) => Number(line.split('|')[1])));
    expect(sequences).toEqual(unbroken(1201));
    for (const { path, headers, text, lines, recordCount, sha256: sum } of told) {
      expect(path).toBe('/dw/listener/feedBatchEvent');
      expect(recordCount).toBe(lines.length);
      const body = lines.map((line) => `${line}\n`).join('');
      expect(sum).toBe(createHash('sha256').update(body).digest('hex'));
      const content = {
        method: 'POST', target: path ?? '', timestamp: String(headers['x-timestamp']), nonce: String(headers['x-nonce']),
        bodySha256: sha256(text),
      }; // prettier-ignore
      expect(isSignatureOf(String(headers['x-signature']), content, secret)).toBe(true);
    }
    expect(await subscriptions.one(id, actor)).toMatchObject({ acceptedSequence: 1201, attempts: 0 });
  });

  it('[promise 30] that was down goes on where it stopped: the same batch again, nothing left out, nothing overtaken', async () => {
    const id = await subscribe(0);
    await happens(3);
    status = 503;
    await delivering.execute();
    await happens(2); // while it is down
    await delivering.execute();
    expect(told).toHaveLength(1); // it is left alone for a while
    world.clock.pass(6);
    await delivering.execute();
    expect(await subscriptions.one(id, actor)).toMatchObject({
      acceptedSequence: 0,
      attempts: 2,
      lastError: 'HTTP 503',
    });
    status = 200;
    world.clock.pass(11);
    await deliverAll();
    expect(ranges()).toEqual([[1, 3], [1, 3], [1, 3], [4, 5]]); // prettier-ignore
    expect(new Set(told.slice(0, 3).map(({ sha256: sum }) => sum)).size).toBe(1);
    expect(await subscriptions.one(id, actor)).toMatchObject({ acceptedSequence: 5 });
    expect((await subscriptions.one(id, actor)).lastError).toBeUndefined();
  });

  it('[promise 30] gets a batch again when the worker died before it knew that it was accepted, and the next one after it', async () => {
    await happens(600);
    await subscribe(0);
    await world.db.query(
      `UPDATE boss_feed.subscription SET offered_sequence = 500, attempts = 1, next_attempt_at = $1`,
      [new Date(world.clock.now().getTime() + 60_000)],
    );
    await delivering.execute();
    expect(told).toEqual([]); // still in the hands of the one that died
    world.clock.pass(61);
    await deliverAll();
    expect(ranges()).toEqual([[1, 500], [501, 600]]); // prettier-ignore
  });

  it('[promise 30] gets one batch at a time, however many workers deliver', async () => {
    await happens(900);
    await subscribe(0);
    let [open, most] = [0, 0];
    meanwhile = async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 50));
      open--;
    };
    await Promise.all([delivering.execute(), delivering.execute(), delivering.execute()]);
    await Promise.all([deliverAll(), deliverAll()]);
    expect(most).toBe(1);
    expect(ranges()).toEqual([[1, 500], [501, 900]]); // prettier-ignore
  });

  it('[promise 30] may begin anywhere, but not beyond the end', async () => {
    await happens(5);
    await subscribe(3);
    await deliverAll();
    expect(ranges()).toEqual([[4, 5]]);
    await expect(subscribe(6)).rejects.toMatchObject({ code: 'feed.beyond-the-end' });
    const now = await subscribe();
    expect(await subscriptions.one(now, actor)).toMatchObject({ acceptedSequence: 5 });
  });

  it('[promise 28] is sent nothing any more when its key is revoked, or is no longer for everybody', async () => {
    await happens(1);
    const [first, second] = [await subscribe(0), await subscribe(0)];
    isRevoked = true;
    await deliverAll();
    expect(told).toEqual([]);
    expect((await subscriptions.one(first, actor)).endedAt).toBeDefined();
    expect((await subscriptions.one(second, actor)).endedAt).toBeDefined();
    isRevoked = false;
    provinces = ['440000'];
    const third = await subscribe(0);
    await deliverAll();
    expect(told).toEqual([]);
    expect((await subscriptions.one(third, actor)).lastError).toBe('the owner may not have the feed any more');
  });

  it('cannot have us call what only we can reach, and sees the own subscriptions only', async () => {
    const asked = { feedId: 'TIR-ALL', callback: 'https://169.254.169.254/' };
    await expect(subscriptions.subscribe(asked, actor)).rejects.toMatchObject({ code: 'hub.callback-refused' });
    const id = await subscribe(0);
    await expect(subscriptions.one(id, { ...actor, id: 'another' })).rejects.toMatchObject({
      code: 'resource.not-found',
    });
    await expect(subscriptions.end(id, { ...actor, id: 'another' })).rejects.toMatchObject({
      code: 'resource.not-found',
    });
    const stored = await world.db.query<{ row: string }>('SELECT s::text AS row FROM boss_feed.subscription s');
    expect(stored.some(({ row }) => row.includes(secret))).toBe(false);
  });
});
