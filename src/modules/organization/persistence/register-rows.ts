import type { Pool } from 'pg';
import type { Database } from '../../../platform/database/index.js';
import type { ChainHead, RegisterLine } from '../domain/register-chain.js';

type Connection = Pick<Pool, 'query'>;

/** The end of one of the chains, whichever. */
export async function anyHead(connection: Connection): Promise<ChainHead | undefined> {
  const text = 'SELECT chain, seq, hash FROM organization.register_head ORDER BY random() LIMIT 1';
  return (await connection.query<ChainHead>({ text })).rows[0];
}

/**
 * Appends the lines and moves the head, together or not at all; `false` when the chain does not end at `before` any more, because
 * another process has written to it.
 */
export async function appendLines(
  connection: Connection,
  before: ChainHead,
  after: ChainHead,
  lines: readonly RegisterLine[],
): Promise<boolean> {
  const rows = lines.map(({ prevHash, rowHash, ...line }) => ({
    ...line,
    prevHash: bytea(prevHash),
    rowHash: bytea(rowHash),
  }));
  const { rowCount } = await connection.query({
    ...APPEND,
    values: [before.chain, before.seq, before.hash, after.seq, after.hash, JSON.stringify(rows)],
  });
  return rowCount === lines.length;
}

const bytea = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`;

/** Column of the table → field of the line, with the type in which JSON carries it. */
const COLUMNS: readonly (readonly [column: string, field: keyof RegisterLine, type: string])[] = [
  ['entry_id', 'entryId', 'uuid'],
  ['occurred_at', 'occurredAt', 'timestamptz'],
  ['actor_kind', 'actorKind', 'text'],
  ['actor_id', 'actorId', 'text'],
  ['actor_role', 'actorRole', 'text'],
  ['unit_id', 'unitId', 'uuid'],
  ['session_id', 'sessionId', 'text'],
  ['client_address', 'clientAddress', 'text'],
  ['request_id', 'requestId', 'text'],
  ['action', 'action', 'text'],
  ['object_type', 'objectType', 'text'],
  ['object_id', 'objectId', 'text'],
  ['customer_ids', 'customerIds', 'uuid[]'],
  ['customer_count', 'customerCount', 'integer'],
  ['field_groups', 'fieldGroups', 'text[]'],
  ['purpose', 'purpose', 'text'],
  ['ticket_ref', 'ticketRef', 'text'],
  ['result', 'result', 'text'],
  ['refusal', 'refusal', 'text'],
  ['chain', 'chain', 'smallint'],
  ['seq', 'seq', 'bigint'],
  ['prev_hash', 'prevHash', 'bytea'],
  ['row_hash', 'rowHash', 'bytea'],
];

// One statement is one transaction, and one trip to the server.
const APPEND = {
  name: 'organization.append-register',
  text: `
    WITH moved AS (
      UPDATE organization.register_head SET seq = $4, hash = $5 WHERE chain = $1 AND seq = $2 AND hash = $3 RETURNING chain
    )
    INSERT INTO organization.access_register (${COLUMNS.map(([column]) => column).join(', ')})
    SELECT ${COLUMNS.map(([, field]) => `l."${field}"`).join(', ')}
    FROM moved CROSS JOIN json_to_recordset($6::json) AS l (${COLUMNS.map(([, field, type]) => `"${field}" ${type}`).join(', ')})`,
};

const LINE = COLUMNS.map(([column, field]) =>
  column === 'occurred_at'
    ? `to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "${field}"`
    : `${column} AS "${field}"`,
).join(', ');

type Source = Pick<Database, 'query'>;

/** Lines of a chain in the order in which they hang together, a page at a time; two of the same number both. */
export async function* linesOf(
  source: Source,
  { chain, after, upTo }: { readonly chain: number; readonly after: number; readonly upTo: number },
): AsyncGenerator<RegisterLine> {
  let [seq, entryId] = [after, LAST_ID];
  for (;;) {
    const page = await source.query<RegisterLine>(
      `SELECT ${LINE} FROM organization.access_register
       WHERE chain = $1 AND (seq, entry_id) > ($2::bigint, $3::uuid) AND seq <= $4 ORDER BY seq, entry_id LIMIT ${PAGE}`,
      [chain, seq, entryId, upTo],
    );
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    ({ seq, entryId } = last);
  }
}

const PAGE = 2000;
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** One moment of a chain: its head, and the last line that is stored. */
export async function endOf(
  source: Source,
  chain: number,
): Promise<{ readonly head: ChainHead | undefined; readonly lastSeq: number }> {
  const [row] = await source.query<{ head: number | null; hash: Buffer | null; last: number | null }>(
    `SELECT h.seq AS head, h.hash, (SELECT max(seq) FROM organization.access_register WHERE chain = $1) AS last
     FROM (SELECT) AS one LEFT JOIN organization.register_head h ON h.chain = $1`,
    [chain],
  );
  const { head = null, hash = null, last = null } = row ?? {};
  return { head: head === null || hash === null ? undefined : { chain, seq: head, hash }, lastSeq: last ?? 0 };
}

/** Numbers of the first and the last line of a chain in a time; `undefined` when it has none then. */
export async function seqsBetween(
  source: Source,
  chain: number,
  { from, until }: { readonly from: Date | undefined; readonly until: Date | undefined },
): Promise<{ readonly first: number; readonly last: number } | undefined> {
  const [row] = await source.query<{ first: number | null; last: number | null }>(
    `SELECT min(seq) AS first, max(seq) AS last FROM organization.access_register
     WHERE chain = $1 AND occurred_at >= COALESCE($2::timestamptz, '-infinity') AND occurred_at < COALESCE($3::timestamptz, 'infinity')`,
    [chain, from ?? null, until ?? null],
  );
  const { first = null, last = null } = row ?? {};
  return first === null || last === null ? undefined : { first, last };
}

export interface HeadLine extends ChainHead {
  readonly entryId: string;
  readonly occurredAt: Date;
}

/** The last line of each chain in a time. */
export function headsBetween(source: Source, from: Date, until: Date): Promise<HeadLine[]> {
  return source.query<HeadLine>(
    `SELECT a.chain, a.seq, a.row_hash AS hash, a.entry_id AS "entryId", a.occurred_at AS "occurredAt"
     FROM (SELECT chain, max(seq) AS seq FROM organization.access_register
           WHERE occurred_at >= $1 AND occurred_at < $2 AND seq IS NOT NULL GROUP BY chain) last
     JOIN organization.access_register a ON a.chain = last.chain AND a.seq = last.seq
     WHERE a.occurred_at >= $1 AND a.occurred_at < $2 ORDER BY a.chain`,
    [from, until],
  );
}

/** Lines that an earlier release has written; they hang in no chain. */
export async function countUnchained(source: Source): Promise<number> {
  const [row] = await source.query<{ count: number }>(
    'SELECT count(*) AS count FROM organization.access_register WHERE chain IS NULL',
  );
  return row?.count ?? 0;
}
