import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { feedWorld, unbroken, type FeedWorld } from './feed-world.js';
import { SEED } from '../../support/seed.js';

jest.setTimeout(120_000);

const ITEMS = 30_000;
const KILLS = 3;
const NOW = '2026-02-02T09:00:00+08:00';

describe('[USG-09] a worker that is killed, really, again and again', () => {
  let world: FeedWorld;

  beforeAll(async () => {
    world = await feedWorld();
  });
  afterAll(async () => {
    await world.close();
  });

  it('[promise 30] loses nothing, tells nothing twice, and leaves whole files only', async () => {
    const [customerId] = await world.customers({});
    await world.db.query(`UPDATE boss_feed.feed SET created_at = '2026-02-01T08:00:00+08:00'`);
    await world.db.query(
      `INSERT INTO boss_feed.pending_item (kind, event_id, customer_id, occurred_at, is_backfill, detail)
       SELECT (ARRAY['TIR', 'PTS', 'CHN'])[1 + n % 3], gen_random_uuid(), $1, '2026-02-01T09:00:00+08:00', false,
         '{"from": "SILVER", "to": "GOLD", "points": 1, "risk": 70}' FROM generate_series(1, ${ITEMS}) n`,
      [customerId],
    );
    let seed = SEED;
    process.stdout.write(`killed-worker seed ${seed}\n`);
    for (let kill = 0; kill < KILLS; kill++) {
      const hooks = ['--import', './test/support/typescript-process.mjs'];
      const args = ['test/modules/boss-feed/worker-process.ts', world.db.url, world.folder, NOW];
      const worker = spawn(process.execPath, [...hooks, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      await once(worker.stdout, 'data');
      seed = (seed * 48_271) % 2_147_483_647;
      await sleep(seed % 400);
      worker.kill('SIGKILL');
      await once(worker, 'exit');
    }
    world.clock.set(NOW);
    await world.fill.execute();
    await world.publish.execute();
    world.clock.pass(86_400); // what the last turn numbered is in the file of its own day
    await world.publish.execute();
    await world.keepFolder.execute();

    for (const kind of ['TIR', 'PTS', 'CHN']) {
      const items = await world.items(`${kind}-ALL`);
      expect(items.map(({ sequence }) => sequence)).toEqual(unbroken(ITEMS / 3));
      expect(new Set(items.map(({ event_id }) => event_id)).size).toBe(ITEMS / 3);
      const files = await world.files(`${kind}-ALL`);
      expect(files.map(({ sequence, state, is_tended }) => [sequence, state, is_tended])).toEqual(
        files.map((_, nth) => [nth + 1, 'published', true]),
      );
      const told: number[] = [];
      for (const { name, body_sha256: published } of files) {
        const text = gunzipSync(await readFile(join(world.folder, name))).toString();
        const lines = text.split('\n').filter((line) => line.startsWith('D|'));
        const body = lines.map((line) => `${line}\n`).join('');
        expect(createHash('sha256').update(body).digest('hex')).toBe(published);
        told.push(...lines.map((line) => Number(line.split('|')[1])));
      }
      expect(told).toEqual(unbroken(ITEMS / 3));
    }
    const whole = (await readdir(world.folder)).filter((name) => !name.startsWith('.'));
    expect(whole.every((name) => name.endsWith('.csv.gz'))).toBe(true);
  });
});
