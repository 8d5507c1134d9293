import { createHash } from 'node:crypto';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CustomerErased } from '../../../src/modules/customers/index.js';
import { KeepOutgoingFolder } from '../../../src/modules/boss-feed/application/keep-outgoing-folder.js';
import { PublishFiles } from '../../../src/modules/boss-feed/application/publish-files.js';
import { ReadFeed } from '../../../src/modules/boss-feed/application/read-feed.js';
import {
  firstUnpublished,
  publishContent,
  readFile as readRow,
} from '../../../src/modules/boss-feed/persistence/file-rows.js';
import type { Settings } from '../../../src/platform/config/index.js';
import { Database } from '../../../src/platform/database/index.js';
import { feedWorld, unbroken, wiredTo, type FeedWorld } from './feed-world.js';

describe('[USG-09] the files of a day', () => {
  let world: FeedWorld;

  beforeAll(async () => {
    world = await feedWorld();
  });
  beforeEach(async () => {
    world.clock.set('2026-02-01T09:00:00+08:00');
    await world.db.query(
      'TRUNCATE boss_feed.item, boss_feed.pending_item, boss_feed.file, platform.outbox, platform.handled_event',
    );
    await world.db.query(`DELETE FROM boss_feed.feed WHERE target <> 'ALL'`);
    await world.db.query(
      `UPDATE boss_feed.feed SET last_sequence = 0, last_given_at = '-infinity', filed_sequence = 0, last_file_sequence = 0, filed_until = NULL, created_at = '2026-02-01T08:00:00+08:00'`,
    );
    for (const name of await readdir(world.folder)) await rm(join(world.folder, name));
  });
  afterAll(async () => {
    await world.close();
  });

  const happens = async (...customerIds: string[]): Promise<void> => {
    await world.announce(customerIds.map((customerId) => ({ customerId })));
    await world.relay.drain();
    await world.fill.execute();
  };
  const nextDay = (): void => world.clock.pass(86_400);
  const keepFiles = async (parts: Pick<FeedWorld, 'publish' | 'keepFolder'> = world): Promise<void> => {
    await parts.publish.execute();
    await parts.keepFolder.execute();
  };
  const linesIn = async (name: string): Promise<string[]> =>
    gunzipSync(await readFile(join(world.folder, name)))
      .toString()
      .split('\n');
  const textOf = async (fileId: string): Promise<string> => {
    const row = await readRow(world.database, fileId);
    let text = '';
    if (row) for await (const piece of world.read.textOf(row)) text += piece;
    return text;
  };

  it('[promise 30] hold what got its number on that day, with counts and checksum', async () => {
    const [first = '', second = ''] = await world.customers({}, {});
    await happens(first, second);
    nextDay();
    await keepFiles();
    const lines = await linesIn('TIR_GUIBIN_000000_20260201_000001_01.csv.gz');
    expect(lines[0]).toBe('H|01|GUIBIN|000000|20260201|1|2026-02-02T09:00:00.000+08:00|2');
    expect(lines[1]).toMatch(
      /^D\|1\|[0-9a-f-]{36}\|2026-02-01T09:00:00\.000\+08:00\|BOSS\|A-\d+\|\|0\|SILVER\|GOLD\|2026-02-01\|/,
    );
    const body = `${lines.slice(1, 3).join('\n')}\n`;
    const sha256 = createHash('sha256').update(body).digest('hex');
    const at = '2026-02-01T09:00:00.000+08:00';
    expect(lines.slice(3)).toEqual([`T|2|0|1|2|${at}|${at}|${sha256}`, '']);
    expect(await world.files('TIR-ALL')).toMatchObject([{ state: 'published', body_sha256: sha256, is_tended: true }]);
  });

  it('[promise 30] [promise 12] come also when nothing happened, and for days on which nobody was there', async () => {
    const [customerId = ''] = await world.customers({});
    nextDay();
    await keepFiles();
    await happens(customerId);
    world.clock.pass(3 * 86_400);
    await keepFiles();
    const files = await world.files('TIR-ALL');
    expect(files.map(({ name }) => name)).toEqual([
      'TIR_GUIBIN_000000_20260201_000001_01.csv.gz',
      'TIR_GUIBIN_000000_20260202_000002_01.csv.gz',
      'TIR_GUIBIN_000000_20260203_000003_01.csv.gz',
      'TIR_GUIBIN_000000_20260204_000004_01.csv.gz',
    ]);
    const counts = await Promise.all(
      files.map(async ({ name }) => (await linesIn(name)).filter((line) => line.startsWith('D')).length),
    );
    expect(counts).toEqual([0, 1, 0, 0]);
    const empty = createHash('sha256').digest('hex');
    expect((await linesIn(files[0]?.name ?? ''))[1]).toBe(`T|0|0|||||${empty}`);
    expect((await readdir(world.folder)).filter((name) => /^(PTS|CHN)/.test(name))).toHaveLength(8);
  });

  it('[promise 30] [promise 20] a day ends at midnight in Shanghai', async () => {
    const [a = '', b = ''] = await world.customers({}, {});
    world.clock.set('2026-02-01T23:59:59.999+08:00');
    await happens(a);
    world.clock.set('2026-02-02T00:00:00.000+08:00');
    await happens(b);
    await keepFiles();
    world.clock.set('2026-02-03T00:00:00.000+08:00');
    await keepFiles();
    const [first, second] = await Promise.all((await world.files('TIR-ALL')).map(({ name }) => linesIn(name)));
    expect([first?.[1], second?.[1]].map((line) => line?.slice(0, 4))).toEqual(['D|1|', 'D|2|']);
  });

  it('[promise 30] are made once, however many workers make them, and whatever number of times', async () => {
    const customers = await world.customers(...Array.from({ length: 20 }, () => ({})));
    await happens(...customers);
    nextDay();
    const others = await Promise.all(
      [1, 2, 3].map(async () => wiredTo(await world.db.dataSource(), world.clock, world.folder)),
    );
    await Promise.all([world, ...others].map(keepFiles));
    await keepFiles();
    expect(await world.files('TIR-ALL')).toHaveLength(1);
    expect((await readdir(world.folder)).sort()).toEqual(
      ['CHN', 'PTS', 'TIR'].map((kind) => `${kind}_GUIBIN_000000_20260201_000001_01.csv.gz`),
    );
    const sequences = (await linesIn('TIR_GUIBIN_000000_20260201_000001_01.csv.gz'))
      .slice(1, 21)
      .map((line) => Number(line.split('|')[1]));
    expect(sequences).toEqual(unbroken(20));
  });

  it('[promise 30] never change once they are published, whatever happens afterwards', async () => {
    const [customerId = ''] = await world.customers({});
    await happens(customerId);
    nextDay();
    await keepFiles();
    const [file] = await world.files('TIR-ALL');
    const before = await textOf(file?.file_id ?? '');
    await happens(customerId, customerId);
    await world.db.query(`UPDATE customers.customer SET region = '110000' WHERE customer_id = $1`, [customerId]);
    nextDay();
    await keepFiles();
    expect(await textOf(file?.file_id ?? '')).toBe(before);
    expect((await linesIn(file?.name ?? '')).join('\n')).toBe(before);
    // Nor can the application rewrite what it gave out.
    const application = new Database(await world.db.dataSource());
    await expect(application.query(`UPDATE boss_feed.item SET detail = '{}'`)).rejects.toThrow('permission denied');
    await expect(application.query('DELETE FROM boss_feed.item')).rejects.toThrow('permission denied');
  });

  it('[promise 30] go on where a killed worker left off: at the cut, before publication, in the middle of the folder', async () => {
    const customers = await world.customers({}, {});
    await happens(...customers);
    nextDay();
    const { database, transaction, clock } = world;
    const dying = new ReadFeed(database);
    dying.textOf = () => {
      throw new Error('killed');
    };
    await expect(new PublishFiles(database, transaction, dying, clock).execute()).rejects.toThrow('killed');
    expect((await world.files('CHN-ALL')).map(({ state }) => state)).toEqual(['preparing']);
    expect(await readdir(world.folder)).toEqual([]);

    await world.publish.execute();
    await expect(
      new KeepOutgoingFolder(database, transaction, dying, { feedFolder: world.folder } as Settings).execute(),
    ).rejects.toThrow('killed');
    expect((await readdir(world.folder)).filter((name) => name.startsWith('TIR'))).toEqual([]);
    // What a process left behind when the power went.
    const rest = join(world.folder, '.TIR_GUIBIN_000000_20260201_000001_01.csv.gz.x.part');
    await writeFile(rest, 'half a fi');
    await utimes(rest, new Date(0), new Date(0));

    await keepFiles();
    expect(await readdir(world.folder)).toHaveLength(3);
    expect((await linesIn('TIR_GUIBIN_000000_20260201_000001_01.csv.gz')).length).toBe(5);
  });

  it('[promise 30] that name somebody who is erased are withdrawn, and come again without the account', async () => {
    const [erased = '', other = ''] = await world.customers({}, {});
    await happens(erased, other);
    nextDay();
    await keepFiles();
    const [published] = await world.files('TIR-ALL');
    const account =
      (
        await world.db.query<{ account_no: string }>(
          'SELECT account_no FROM customers.customer WHERE customer_id = $1',
          [erased],
        )
      )[0]?.account_no ?? '';
    expect(await textOf(published?.file_id ?? '')).toContain(`|${account}|`);

    await world.db.query('UPDATE customers.customer SET account_no = NULL WHERE customer_id = $1', [erased]);
    await world.transaction.run((tx) =>
      world.outbox.publish(
        tx,
        CustomerErased,
        { customerId: erased, partyId: erased },
        { customerId: erased, occurredAt: world.clock.now() },
      ),
    );
    await world.relay.drain();
    await keepFiles();
    expect((await world.files('TIR-ALL')).map(({ name, state }) => [name, state])).toEqual([
      ['TIR_GUIBIN_000000_20260201_000001_01.csv.gz', 'withdrawn'],
      ['TIR_GUIBIN_000000_20260201_000001_02.csv.gz', 'published'],
    ]);
    expect((await readdir(world.folder)).filter((name) => name.startsWith('TIR'))).toEqual([
      'TIR_GUIBIN_000000_20260201_000001_02.csv.gz',
    ]);
    const lines = await linesIn('TIR_GUIBIN_000000_20260201_000001_02.csv.gz');
    expect(lines.join('\n')).not.toContain(`|${account}|`);
    expect(lines.join('\n')).toContain(`|||${erased}|0|`);
    expect(lines.filter((line) => line.startsWith('D'))).toHaveLength(2);
    const stored = await world.db.query(`SELECT FROM boss_feed.item i WHERE i::text LIKE '%' || $1 || '%'`, [
      `"${account}"`,
    ]);
    expect(stored).toEqual([]);
  });

  it('[promise 30] are made anew when somebody is erased while they are made', async () => {
    const [customerId = ''] = await world.customers({});
    await happens(customerId);
    nextDay();
    const { database, transaction, clock } = world;
    const dying = new ReadFeed(database);
    dying.textOf = () => {
      throw new Error('killed');
    };
    await new PublishFiles(database, transaction, dying, clock).execute().catch(() => undefined);
    const before = await firstUnpublished(database, 'CHN-ALL');
    await world.db.query(
      `INSERT INTO boss_feed.file (file_id, feed_id, business_date, sequence, version, name, after_sequence, to_sequence, created_at, state)
       VALUES (gen_random_uuid(), 'TIR-ALL', '2026-02-01', 1, 1, 'TIR', 0, 1, now(), 'preparing')`,
    );
    const begun = await firstUnpublished(database, 'TIR-ALL');
    await world.transaction.run((tx) =>
      world.outbox.publish(
        tx,
        CustomerErased,
        { customerId, partyId: customerId },
        { customerId, occurredAt: clock.now() },
      ),
    );
    await world.relay.drain();
    const content = { sum: 0, customers: 1, bodySha256: 'x', contentSha256: 'x', sizeBytes: 1 };
    if (!begun || !before) throw new Error('Both are being made');
    expect(await transaction.run((tx) => publishContent(tx, begun, content, clock.now()))).toBe(false);
    expect(await transaction.run((tx) => publishContent(tx, before, content, clock.now()))).toBe(true);
  });
});
