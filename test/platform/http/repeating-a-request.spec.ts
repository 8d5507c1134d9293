import { createTestDatabase } from '../../support/database.js';
import type { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { gate, notes, startExample } from './example-application.js';
import type { Example } from './example-application.js';

describe('repeating a request with its Idempotency-Key', () => {
  let db: TestDatabase;
  let example: Example;
  let token: string;

  beforeAll(async () => {
    db = await createTestDatabase();
    example = await startExample(db);
    token = await example.tokenOf('writer');
  });
  afterAll(async () => {
    await example.app.close();
    await db.drop();
  });
  afterEach(() => {
    gate.wait = undefined;
  });

  const write = (key: string, payload: object, headers: Record<string, string> = {}) =>
    example.call({
      method: 'POST',
      url: notes.path,
      payload,
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': key, ...headers },
    });
  const written = async (title: string): Promise<number> =>
    (await db.query('SELECT 1 FROM example.note WHERE title = $1', [title])).length;

  it('is answered with the stored answer, and has one effect', async () => {
    const first = await write('once', { title: 'once', weight: 3 });
    const second = await write('once', { weight: 3, title: 'once' }); // attributes in another order
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(second.headers['location']).toBe(first.headers['location']);
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    expect(await written('once')).toBe(1);
  });

  it('is refused when the body is another one', async () => {
    await write('reused', { title: 'reused' });
    const other = await write('reused', { title: 'reused, changed' });
    expect([other.status, other.body.code]).toEqual([409, 'idempotency.key-reused']);
    expect(await written('reused, changed')).toBe(0);
  });

  it('does not meet the key of another actor', async () => {
    await write('shared', { title: 'mine' });
    const other = await write('shared', { title: 'theirs' }, { authorization: '', 'x-api-key': 'gbk_example' });
    expect([other.status, await written('theirs')]).toEqual([201, 1]);
  });

  it('twenty twins at once have one effect and one answer', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => write('twins', { title: 'twins' })));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(19);
    expect(await written('twins')).toBe(1);
  });

  it('is told to come back while the first one still runs', async () => {
    let open: () => void = () => undefined;
    gate.wait = new Promise((resolve) => (open = resolve));
    const first = write('slow', { title: 'slow' });
    // Two requests may overtake each other on their way.
    await eventually(
      async () => (await db.query(`SELECT FROM platform.idempotency_key WHERE key = 'slow'`)).length > 0,
    );
    const second = await write('slow', { title: 'slow' });
    expect([second.status, second.body.code, second.headers['retry-after']]).toEqual([
      409,
      'idempotency.in-progress',
      '5',
    ]);
    open();
    expect((await first).status).toBe(201);
    expect((await write('slow', { title: 'slow' })).headers['idempotency-replayed']).toBe('true');
    expect(await written('slow')).toBe(1);
  });

  it('may try again after a refusal, which had no effect', async () => {
    const refused = await write('heavy', { title: 'heavy', weight: 95 });
    expect([refused.status, await written('heavy')]).toEqual([422, 0]);
    const again = await write('heavy', { title: 'heavy', weight: 5 });
    expect([again.status, await written('heavy')]).toEqual([201, 1]);
  });

  it('is not blocked for ever by a process that died in the middle', async () => {
    const twin = async (leasedUntil: string) => {
      await db.query(
        `UPDATE platform.idempotency_key SET status = NULL, body = NULL, leased_until = now() + $1::interval`,
        [leasedUntil],
      );
      return write('died', { title: 'died' });
    };
    await write('died', { title: 'died' });
    expect((await twin('1 minute')).status).toBe(409);
    expect((await twin('-1 second')).status).toBe(201);
  });

  it('stores answers sealed, since they may hold personal data', async () => {
    await write('sealed', { title: 'Zhang San' });
    const [row] = await db.query<{ body: Buffer }>(`SELECT body FROM platform.idempotency_key WHERE key = 'sealed'`);
    expect(row?.body.length).toBeGreaterThan(50);
    expect(row?.body.includes('Zhang')).toBe(false);
  });
});
