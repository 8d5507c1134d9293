import type { TestDatabase } from '../support/database.js';

/** Written also when a request is refused, or on their own while nobody asks. */
const KEPT_BY_DESIGN = new Set([
  'organization.access_register',
  // Says also who asked for work that stored nothing in the end.
  'organization.audit_entry',
  'organization.register_head',
  'platform.idempotency_key',
  'platform.outbox_lane',
]);
const SCHEMAS = [
  ...[
    'platform',
    'organization',
    'customers',
    'vault',
    'usage',
    'tiering',
    'points',
    'benefits',
    'merchants',
    'tickets',
  ],
  ...['routing', 'care', 'analytics', 'boss_feed'],
];

/** What is stored in every table of ours, as one text per table: two of them are equal when nothing was stored between. */
export async function fingerprintOf(database: TestDatabase): Promise<ReadonlyMap<string, string>> {
  const tables = await database.query<{ name: string }>(
    `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
    [SCHEMAS],
  );
  const parts = tables
    .filter(({ name }) => !KEPT_BY_DESIGN.has(name))
    .map(
      ({ name }) =>
        `SELECT '${name}' AS name, md5(string_agg(t::text, ';' ORDER BY t::text)) AS content FROM ${name} AS t`,
    );
  const rows = await database.query<{ name: string; content: string | null }>(parts.join(' UNION ALL '));
  return new Map(rows.map(({ name, content }) => [name, content ?? '']));
}

/** The tables whose content is not the same in both. */
export const changedTables = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...after.keys()].filter((name) => before.get(name) !== after.get(name)).sort();
