import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/**
 * Writes the stored usage as COPY takes it, into `file-order.rows` and `key-order.rows`, and makes a table for it with the columns,
 * key and months of the real one.
 */
export async function unloadUsage(owner: pg.Client, dataDir: string): Promise<void> {
  await owner.query(
    'CREATE TABLE usage.bare_record (LIKE usage.usage_record INCLUDING ALL) PARTITION BY RANGE (month)',
  );
  const { rows: months } = await owner.query<{ month: string; until: string }>(
    `SELECT month::text, (month + interval '1 month')::date::text AS until
     FROM (SELECT DISTINCT month FROM usage.usage_record) m`,
  );
  for (const { month, until } of months) {
    const part = `usage.bare_record_${month.slice(0, 7).replace('-', '')}`;
    await owner.query(
      `CREATE TABLE ${part} PARTITION OF usage.bare_record FOR VALUES FROM ('${month}') TO ('${until}')`,
    );
  }
  const orders = { file: 'record_id', key: 'customer_id, month, source, record_id, version' };
  for (const [name, order] of Object.entries(orders)) {
    const rows = owner.query(copyTo(`COPY (SELECT * FROM usage.usage_record ORDER BY ${order}) TO STDOUT`));
    await pipeline(rows, createWriteStream(join(dataDir, `${name}-order.rows`)));
  }
}

/** Seconds of a bare COPY of rows that {@link unloadUsage} wrote. */
export async function bareCopy(owner: pg.Client, path: string): Promise<number> {
  await owner.query('TRUNCATE usage.bare_record');
  await owner.query('CHECKPOINT');
  const began = performance.now();
  const rows = createReadStream(path, { highWaterMark: 1 << 18 });
  await pipeline(rows, owner.query(copyFrom('COPY usage.bare_record FROM STDIN')));
  return Math.round(performance.now() - began) / 1000;
}
