import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Body, Controller, Get, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Database, Transaction } from '../../../src/platform/database/index.js';
import { fastifyOptions, FileBody, Operation, TextField } from '../../../src/platform/http/index.js';
import { ActorDirectory, EVERYBODY, NOBODY, type KnownActor } from '../../../src/platform/identity/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { Call } from '../../support/http.js';
import { serve } from '../../support/serve.js';
import type { Readable } from 'node:stream';

class View {
  @TextField() name!: string;
}
const slow = 'SELECT pg_sleep(1.4)';
const done = { name: 'done' };

@Controller('/care-api/example/v1')
class SlowController {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
  ) {}

  @Get('read')
  @Operation({ summary: 'Slow read (慢查询)', permission: 'things.read', returns: View })
  async read(): Promise<View> {
    await this.database.query(slow);
    return done;
  }
  @Get('transaction')
  @Operation({ summary: 'Slow transaction (慢事务)', permission: 'things.read', returns: View })
  async work(): Promise<View> {
    await this.transaction.run((tx) => tx.query(slow));
    return done;
  }
  @Get('orm')
  @Operation({ summary: 'Slow ORM (慢对象)', permission: 'things.read', returns: View })
  async orm(): Promise<View> {
    await this.transaction.run((tx) => tx.manager.query(slow));
    return done;
  }
  @Get('everybody')
  @Operation({ summary: 'A look at everybody (全量)', permission: 'things.read', returns: View, takesLong: true })
  async everybody(): Promise<View> {
    await this.transaction.run((tx) => tx.query(slow));
    return done;
  }
  @Post('echo')
  @Operation({ summary: 'Echo (回显)', permission: 'things.read', returns: View })
  echo(@Body() body: View): View {
    return body;
  }
  @Post('file')
  @Operation({ summary: 'File (文件)', permission: 'things.read', returns: View })
  async file(@FileBody() file: Readable): Promise<View> {
    let bytes = 0;
    for await (const chunk of file) bytes += (chunk as Buffer).length;
    return { name: String(bytes) };
  }
}

describe('the time of a request', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  let call: Call;
  let scope = EVERYBODY;

  beforeAll(async () => {
    db = await createTestDatabase();
    const actor = (): KnownActor => ({
      kind: 'system', id: 'a', name: 'a', role: 'a', permissions: ['things.read'], unitId: undefined, scope,
    }); // prettier-ignore
    ({ app, call } = await serve(await db.dataSource([], 1), {
      controllers: [SlowController],
      ground: [{ provide: ActorDirectory, useValue: { actorOfApiKey: () => Promise.resolve(actor()) } }],
      settings: { requestSeconds: 1 },
    }));
  });
  afterAll(async () => {
    await app.close();
    await db.drop();
  });
  const get = (path: string) => call({ url: `/care-api/example/v1/${path}`, headers: { 'x-api-key': 'k' } });

  describe.each([
    ['everybody', EVERYBODY],
    ['a part', NOBODY],
  ])('of an actor who sees %s', (_, ofActor) => {
    beforeAll(() => {
      scope = ofActor;
    });

    it.each(['read', 'transaction', 'orm'])('ends its statements: %s', async (path) => {
      const { status, body } = await get(path);
      expect([status, body.code, body['@type']]).toEqual([503, 'request.timed-out', 'Error']);
      expect(await db.query(`SELECT FROM pg_stat_activity WHERE query = '${slow}' AND state = 'active'`)).toEqual([]);
    });

    it('is not that of a route that takes long, nor is its connection spoilt by others', async () => {
      await Promise.all(Array.from({ length: 4 }, () => get('read')));
      expect((await get('everybody')).status).toBe(200);
    });
  });

  it('is not that of the work of the system', async () => {
    expect(await app.get(Transaction).run((tx) => tx.query(slow))).toHaveLength(1);
  });

  const send = (head: readonly string[], parts: readonly string[], everyMs: number): Promise<string> =>
    new Promise((resolve, reject) => {
      void (async () => {
        const socket = connect(Number(new URL(await app.getUrl()).port), '127.0.0.1');
        let answer = '';
        socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
        socket.on('close', () => resolve(answer)).on('error', reject);
        socket.write(`${head.join('\r\n')}\r\nHost: x\r\nX-API-Key: k\r\nConnection: close\r\n\r\n`);
        for (const part of parts) {
          await delay(everyMs);
          if (!socket.destroyed) socket.write(part);
        }
      })();
    });

  it('is that of its body, too: one that trickles in is refused and hung up on', async () => {
    const answer = await send(
      ['POST /care-api/example/v1/echo HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 14'],
      ['{"name"', ':'],
      300,
    );
    expect(answer).toMatch(/^HTTP\/1.1 408 [\s\S]*"code":"request.too-slow"/);
  });

  it('is enough for a body in parts', async () => {
    const answer = await send(
      ['POST /care-api/example/v1/echo HTTP/1.1', 'Content-Type: application/json', 'Content-Length: 15'],
      ['{"name"', ':"abcd', '"}'],
      100,
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 [\s\S]*\{"name":"abcd"\}/);
  });

  it('is not that of a file', async () => {
    const answer = await send(
      ['POST /care-api/example/v1/file HTTP/1.1', 'Content-Type: Text/CSV; charset=utf-8', 'Content-Length: 4'],
      ['ab', 'cd'],
      700,
    );
    expect(answer).toMatch(/^HTTP\/1.1 200 [\s\S]*\{"name":"4"\}/);
  });

  it('begins with headers that come within seconds', () => {
    const { http, requestTimeout, keepAliveTimeout } = fastifyOptions({ trustProxy: false });
    const { headersTimeout, keepAliveTimeout: inUse } = app.getHttpServer();
    expect([headersTimeout, inUse]).toEqual([http.headersTimeout, keepAliveTimeout]);
    expect(headersTimeout).toBeLessThan(requestTimeout);
  });
});
