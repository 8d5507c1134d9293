import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pushFiles } from '../../src/startup/push-files.js';

const NAME = 'USG_BOSS_000000_20250101_000001_01.csv';
const ANSWER = { state: 'OK', counts: { received: 3, loaded: 2, duplicate: 1, rejected: 0, held: 0 }, isRepeat: false };

describe('pushing files', () => {
  const asked: { query: URLSearchParams; nonce: IncomingMessage['headers'][string]; body: string }[] = [];
  let refusals = 0;
  const intake = createServer((request, response) => {
    void text(request).then((body) => {
      const { searchParams: query } = new URL(request.url ?? '', 'http://intake');
      asked.push({ query, nonce: request.headers['x-nonce'], body });
      const isBusy = refusals-- > 0;
      response.writeHead(isBusy ? 429 : 201, isBusy ? { 'retry-after': '0' } : {});
      response.end(JSON.stringify(isBusy ? { message: 'busy' } : ANSWER));
    });
  });
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'guibin-push-'));
    await writeFile(join(directory, NAME), 'as it is');
    await once(intake.listen(0, '127.0.0.1'), 'listening');
  });
  beforeEach(() => asked.splice(0));
  afterAll(async () => {
    intake.close();
    intake.closeAllConnections();
    await rm(directory, { recursive: true });
  });

  const push = (lane?: 'backfill') =>
    pushFiles(
      {
        address: `http://127.0.0.1:${(intake.address() as AddressInfo).port}`,
        system: { apiKeyId: 'id', key: 'key' },
        ...(lane && { lane }),
      },
      [join(directory, NAME)],
      () => undefined,
    );

  it('says whether they are history', async () => {
    await push();
    await push('backfill');
    expect(asked.map(({ query }) => [query.get('name'), query.get('lane')])).toEqual([
      [NAME, 'normal'],
      [NAME, 'backfill'],
    ]);
  });

  it('waits while the intake has no place, and sends the whole file again with a signature of its own', async () => {
    refusals = 2;
    expect(await push('backfill')).toMatchObject({ files: 1, received: 3, newlyLoaded: 2 });
    expect(asked.map(({ body }) => body)).toEqual(['as it is', 'as it is', 'as it is']);
    expect(new Set(asked.map(({ nonce }) => nonce)).size).toBe(3);
  });
});
