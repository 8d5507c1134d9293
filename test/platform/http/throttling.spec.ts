import { Controller, Get, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Operation, TextField } from '../../../src/platform/http/index.js';
import { ActorDirectory, EVERYBODY, hashOfApiKey, type KnownActor } from '../../../src/platform/identity/index.js';
import type { Settings } from '../../../src/platform/config/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { Answer, Call } from '../../support/http.js';
import { startRedis } from '../../support/redis.js';
import { serve } from '../../support/serve.js';

class View {
  @TextField() name!: string;
}

@Controller('/care-api/example/v1')
class Doors {
  @Get('open')
  @Operation({ summary: 'Open (公开)', permission: 'public', returns: View })
  open(): View {
    return { name: 'open' };
  }
  @Post('guess')
  @Operation({ summary: 'Guess (猜)', permission: 'public', returns: View, limit: { perMinute: 2 } })
  guess(): View {
    return { name: 'wrong' };
  }
  @Get('plain')
  @Operation({ summary: 'Plain (普通)', permission: 'things.read', returns: View })
  plain(): View {
    return { name: 'plain' };
  }
  @Get('dear')
  @Operation({ summary: 'Dear (昂贵)', permission: 'things.read', returns: View, limit: { perMinute: 2 } })
  dear(): View {
    return { name: 'dear' };
  }
  @Get('closed')
  @Operation({ summary: 'Closed (关闭)', permission: 'things.never', returns: View })
  closed(): View {
    return { name: 'closed' };
  }
}

/** Everybody whose key starts with `known` is a system of that name; `known-slow` has a rate of its own. */
const directory = {
  actorOfApiKey: async (keyHash: string): Promise<KnownActor | undefined> => {
    const name = ['known-a', 'known-b', 'known-slow'].find((key) => hashOfApiKey(key) === keyHash);
    if (name === undefined) return undefined;
    const actor = { id: name, name, role: 'test', permissions: ['things.read'], unitId: undefined, scope: EVERYBODY };
    return { kind: 'system', ...actor, ...(name === 'known-slow' && { requestsPerMinute: 1 }) };
  },
};

describe('requests in a minute', () => {
  let db: TestDatabase;
  let apps: NestFastifyApplication[] = [];

  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
  });
  afterAll(() => db.drop());

  const start = async (settings: Partial<Settings>): Promise<Call> => {
    const { app, call } = await serve(await db.dataSource(), {
      controllers: [Doors],
      ground: [{ provide: ActorDirectory, useValue: directory }],
      settings: { requestsPerMinute: 3, anonymousPerMinute: 4, ...settings },
    });
    apps.push(app);
    return call;
  };
  const ask = (call: Call, path: string, key = '', headers = {}): Promise<Answer> =>
    call({
      method: path === 'guess' ? 'POST' : 'GET',
      url: `/care-api/example/v1/${path}`,
      headers: { 'x-api-key': key, ...headers },
    });
  const statuses = async (times: number, request: () => Promise<Answer>): Promise<number[]> => {
    const answers: number[] = [];
    for (let i = 0; i < times; i++) answers.push((await request()).status);
    return answers;
  };

  it('are counted for each actor by itself, whatever the route', async () => {
    const call = await start({});
    expect(await statuses(4, () => ask(call, 'plain', 'known-a'))).toEqual([200, 200, 200, 429]);
    expect((await ask(call, 'closed', 'known-a')).status).toBe(429);
    expect((await ask(call, 'plain', 'known-b')).status).toBe(200);
  });

  it('say how many are left, and when to come again', async () => {
    const call = await start({});
    const first = await ask(call, 'dear', 'known-a');
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"actor";q=3;w=60, "route";q=2;w=60',
      ratelimit: '"actor";r=2;t=60, "route";r=1;t=60',
    });
    await ask(call, 'dear', 'known-a');
    const refused = await ask(call, 'dear', 'known-a');
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({
      code: 'request.too-many',
      '@type': 'Error',
      status: '429',
      detail: { perMinute: 2 },
    });
    expect(Number(refused.headers['retry-after'])).toBe(refused.body.detail.retryAfterSeconds);
    expect(refused.body.detail.retryAfterSeconds).toBeGreaterThan(0);
    expect(refused.body.detail.retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(refused.headers['ratelimit']).toMatch(/^"actor";r=0;t=\d+, "route";r=0;t=\d+$/);
  });

  it('that are refused for want of permission count, too', async () => {
    const call = await start({});
    expect(await statuses(4, () => ask(call, 'closed', 'known-a'))).toEqual([403, 403, 403, 429]);
  });

  it('of a system are as many as it was given', async () => {
    const call = await start({});
    expect(await statuses(2, () => ask(call, 'plain', 'known-slow'))).toEqual([200, 429]);
  });

  it('without a name are counted by address, tighter where somebody might guess', async () => {
    const call = await start({});
    expect(await statuses(3, () => ask(call, 'guess'))).toEqual([200, 200, 429]);
    expect(await statuses(2, () => ask(call, 'open'))).toEqual([200, 429]);
  });

  it('with bad credentials soon end, and hold up nobody else at that address', async () => {
    const call = await start({});
    expect(await statuses(6, () => ask(call, 'plain', 'guessed'))).toEqual([401, 401, 401, 401, 429, 429]);
    expect((await ask(call, 'plain', 'known-a')).status).toBe(200);
    expect((await ask(call, 'open')).status).toBe(200);
  });

  it('are not another address because a client says so', async () => {
    const call = await start({});
    let n = 0;
    const guess = (): Promise<Answer> => ask(call, 'guess', '', { 'x-forwarded-for': `192.0.2.${++n}` });
    expect(await statuses(3, guess)).toEqual([200, 200, 429]);
    const behindProxy = await start({ trustProxy: true });
    const proxied = (): Promise<Answer> => ask(behindProxy, 'guess', '', { 'x-forwarded-for': `192.0.2.${++n}` });
    expect(await statuses(3, proxied)).toEqual([200, 200, 200]);
    const madeUp = (): Promise<Answer> =>
      ask(behindProxy, 'guess', '', { 'x-forwarded-for': `192.0.2.${++n}, 10.0.0.1` });
    expect(await statuses(3, madeUp)).toEqual([200, 200, 429]);
    const oneLine = (): Promise<Answer> => ask(behindProxy, 'guess', '', { 'x-forwarded-for': `2001:db8::${++n}` });
    expect(await statuses(3, oneLine)).toEqual([200, 200, 429]);
    const behindTwo = await start({ trustProxy: '127.0.0.1,10.0.0.0/8' });
    const twice = (): Promise<Answer> => ask(behindTwo, 'guess', '', { 'x-forwarded-for': `192.0.2.${++n}, 10.0.0.1` });
    expect(await statuses(3, twice)).toEqual([200, 200, 200]);
    const elsewhere = await start({ trustProxy: '10.0.0.0/8' });
    const direct = (): Promise<Answer> => ask(elsewhere, 'guess', '', { 'x-forwarded-for': `192.0.2.${++n}` });
    expect(await statuses(3, direct)).toEqual([200, 200, 429]);
  });

  it('that race are not more than the limit', async () => {
    const call = await start({ requestsPerMinute: 10 });
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(call, 'plain', 'known-a')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(20);
  });

  it('are not counted where GUIBIN_REQUESTS_PER_MINUTE is 0', async () => {
    const call = await start({ requestsPerMinute: 0 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(call, 'guess')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(answers[0]?.headers['ratelimit']).toBeUndefined();
  });

  it('are counted together by processes that share a Redis, and by each alone while it is away', async () => {
    const { redis, reason } = await startRedis();
    if (!redis) return void console.warn(`Not shown: ${reason}`);
    let stop = redis.stop;
    try {
      const [one, other] = [await start({ redisUrl: redis.url }), await start({ redisUrl: redis.url })];
      await redis.isUsedBy(2);
      expect(await statuses(2, () => ask(one, 'plain', 'known-a'))).toEqual([200, 200]);
      expect(await statuses(2, () => ask(other, 'plain', 'known-a'))).toEqual([200, 429]);
      await stop();
      stop = () => Promise.resolve();
      expect(await statuses(4, () => ask(one, 'plain', 'known-b'))).toEqual([200, 200, 200, 429]);
    } finally {
      await stop();
    }
  });
});
