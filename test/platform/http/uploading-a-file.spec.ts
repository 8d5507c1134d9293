import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createTestDatabase } from '../../support/database.js';
import type { TestDatabase } from '../../support/database.js';
import { startExample } from './example-application.js';
import type { Example } from './example-application.js';

describe('uploading a file', () => {
  let db: TestDatabase;
  let example: Example;
  let headers: Record<string, string>;
  const MEGABYTE = 1024 * 1024;

  beforeAll(async () => {
    db = await createTestDatabase();
    example = await startExample(db, { maxUploadBytes: 3 * MEGABYTE });
    headers = { authorization: `Bearer ${await example.tokenOf('writer')}`, 'content-type': 'application/gzip' };
  });
  afterAll(async () => {
    await example.app.close();
    await db.drop();
  });

  /** Sends chunks without saying how many will come. */
  const upload = async (
    megabytes: number,
    end: 'end' | 'destroy' = 'end',
  ): Promise<{ status: number; text: string }> => {
    const url = new URL('/care-api/example/v1/file', await example.app.getUrl());
    return new Promise((resolve, reject) => {
      const sending = request(
        url,
        { method: 'POST', headers: { ...headers, 'transfer-encoding': 'chunked' } },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part: string) => (text += part));
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        },
      );
      sending.on('error', reject);
      void (async () => {
        for (let i = 0; i < megabytes; i++) {
          sending.write(Buffer.alloc(MEGABYTE));
          await delay(5);
        }
        if (end === 'end') sending.end();
        else sending.destroy();
      })();
    });
  };

  it('may be larger than any JSON body', async () => {
    expect(await upload(3)).toEqual({ status: 200, text: `{"bytes":${3 * MEGABYTE}}` });
  });

  it('is refused while it streams, as soon as it is too large', async () => {
    const { status, text } = await upload(5);
    expect([status, JSON.parse(text)]).toEqual([413, expect.objectContaining({ code: 'request.file-too-large' })]);
  });

  it('that is refused unread does not hold its connection', async () => {
    const url = new URL('/care-api/example/v1/file', await example.app.getUrl());
    const closed = await new Promise<string>((resolve) => {
      const unsigned = { 'content-type': 'application/gzip', 'content-length': 3 * MEGABYTE };
      const sending = request(url, { method: 'POST', headers: unsigned }, (answer) => {
        answer.resume();
        sending.once('close', () => resolve(`${answer.statusCode}, all read past`));
      });
      for (let i = 0; i < 3; i++) sending.write(Buffer.alloc(MEGABYTE));
      sending.end();
    });
    expect(closed).toBe('401, all read past');
  });

  it('that is refused and never ends is hung up on', async () => {
    const url = new URL('/care-api/example/v1/file', await example.app.getUrl());
    const closed = await new Promise<string>((resolve) => {
      const unsigned = { 'content-type': 'application/gzip', 'content-length': 3 * MEGABYTE };
      const sending = request(url, { method: 'POST', headers: unsigned }, (answer) => answer.resume());
      sending.write(Buffer.alloc(MEGABYTE));
      sending.on('error', () => undefined).once('close', () => resolve('hung up on'));
    });
    expect(closed).toBe('hung up on');
  });

  it('that breaks off leaves the server well', async () => {
    await expect(upload(1, 'destroy')).rejects.toThrow();
    expect((await upload(1)).status).toBe(200);
  });
});
