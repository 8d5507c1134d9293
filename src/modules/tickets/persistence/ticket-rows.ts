import type { Database, Tx } from '../../../platform/database/index.js';
import type { CustomerSeals } from '../../customers/index.js';
import { clockDueAt } from '../domain/service-clock.js';
import type { Priority } from '../domain/service-level.js';
import type { Status } from '../domain/status.js';
import { runningClocksOf, type ClockName, type Ticket } from '../domain/ticket.js';
import type { Note, RelatedParty, StatusChange, TicketRecord } from '../domain/ticket-record.js';
import { openWords, sealWords, type Words } from './sealed-words.js';

type Reader = Pick<Database | Tx, 'query'>;

export interface TicketRow {
  readonly ticket_id: string;
  readonly customer_id: string;
  readonly source: string;
  readonly external_id: string | null;
  readonly ticket_type: string;
  readonly severity: string;
  readonly priority: Priority;
  readonly name: string | null;
  readonly description: string | null;
  readonly words_sealed: Buffer | null;
  readonly status: Status;
  readonly status_reason: string | null;
  readonly status_at: Date;
  readonly tier: string;
  readonly service_rank: number;
  readonly service_level_version: number;
  readonly cycle: number;
  readonly first_answer_target_seconds: number;
  readonly first_answered_at: Date | null;
  readonly resolution_started_at: Date;
  readonly resolution_target_seconds: number;
  readonly paused_seconds: number;
  readonly paused_since: Date | null;
  readonly resolution_stopped_at: Date | null;
  readonly requested_resolution_at: Date | null;
  readonly resolved_at: Date | null;
  readonly related_party: readonly RelatedParty[] | null;
  readonly extension: Readonly<Record<string, unknown>> | null;
  readonly opened_at: Date;
  readonly updated_at: Date;
  readonly version: number;
  readonly status_changes: readonly { nth: number; status: Status; reason: string | null; changed_at: string }[] | null;
  readonly notes: readonly { note_id: string; author: string; text: string | null; written_at: string }[] | null;
}

/** What a list or a single read selects `FROM tickets.ticket t`. */
export const TICKET_COLUMNS = `t.*,
  (SELECT jsonb_agg(jsonb_build_object('nth', s.nth, 'status', s.status, 'reason', s.reason, 'changed_at', s.changed_at)
     ORDER BY s.nth)
   FROM tickets.status_change s WHERE s.customer_id = t.customer_id AND s.ticket_id = t.ticket_id) AS status_changes,
  (SELECT jsonb_agg(jsonb_build_object('note_id', n.note_id, 'author', n.author, 'text', n.text, 'written_at', n.written_at)
     ORDER BY n.written_at, n.note_id)
   FROM tickets.note n WHERE n.customer_id = t.customer_id AND n.ticket_id = t.ticket_id) AS notes`;

/** The ticket and its clocks, without a word of what was written about it. */
const standingOf = (row: Omit<TicketRow, 'status_changes' | 'notes'>): Ticket & TicketKey => ({
  ticketId: row.ticket_id,
  customerId: row.customer_id,
  status: row.status,
  severity: row.severity,
  priority: row.priority,
  serviceRank: row.service_rank,
  cycle: row.cycle,
  firstAnswer: {
    startedAt: row.opened_at,
    targetSeconds: row.first_answer_target_seconds,
    pausedSeconds: 0,
    pausedSince: undefined,
    stoppedAt: row.first_answered_at ?? undefined,
  },
  resolution: {
    startedAt: row.resolution_started_at,
    targetSeconds: row.resolution_target_seconds,
    pausedSeconds: row.paused_seconds,
    pausedSince: row.paused_since ?? undefined,
    stoppedAt: row.resolution_stopped_at ?? undefined,
  },
});

/** As they were written, when the ticket is of an earlier release and not sealed yet. */
const wordsIn = (row: TicketRow, seals: CustomerSeals): Words =>
  row.description === null
    ? openWords(seals, { customerId: row.customer_id, ticketId: row.ticket_id }, row.words_sealed)
    : {
        name: row.name ?? undefined,
        description: row.description,
        statusReason: row.status_reason ?? undefined,
        otherParties: row.related_party ?? [],
        extension: row.extension ?? {},
        notes: Object.fromEntries((row.notes ?? []).map(({ note_id, text }) => [note_id, text ?? ''])),
        reasons: Object.fromEntries(
          (row.status_changes ?? []).flatMap(({ nth, reason }) => (reason === null ? [] : [[nth, reason]])),
        ),
      };

/** @param seals of the ticket's customer, among others. */
export function ticketOf(row: TicketRow, seals: CustomerSeals): TicketRecord {
  const standing = standingOf(row);
  const words = wordsIn(row, seals);
  return {
    ...standing,
    source: row.source,
    externalId: row.external_id ?? undefined,
    ticketType: row.ticket_type,
    name: words.name,
    description: words.description,
    statusReason: words.statusReason,
    statusAt: row.status_at,
    tier: row.tier,
    serviceLevelVersion: row.service_level_version,
    requestedResolutionAt: row.requested_resolution_at ?? undefined,
    resolvedAt: row.resolved_at ?? undefined,
    otherParties: words.otherParties,
    extension: words.extension,
    openedAt: row.opened_at,
    updatedAt: row.updated_at,
    version: row.version,
    statusChanges: (row.status_changes ?? []).map(({ nth, status, changed_at }) => ({
      status,
      reason: words.reasons[nth],
      changedAt: new Date(changed_at),
    })),
    notes: (row.notes ?? []).map(({ note_id, author, written_at }) => ({
      noteId: note_id,
      author,
      text: words.notes[note_id] ?? '',
      writtenAt: new Date(written_at),
    })),
  };
}

export async function customerOfTicket(reader: Reader, ticketId: string): Promise<string | undefined> {
  const [row] = await reader.query<{ customer_id: string }>(
    'SELECT customer_id FROM tickets.ticket_directory WHERE ticket_id = $1',
    [ticketId],
  );
  return row?.customer_id;
}

interface TicketKey {
  readonly customerId: string;
  readonly ticketId: string;
}

export async function readTicket(
  reader: Reader,
  key: TicketKey,
  seals: CustomerSeals,
): Promise<TicketRecord | undefined> {
  const [row] = await reader.query<TicketRow>(
    `SELECT ${TICKET_COLUMNS} FROM tickets.ticket t WHERE t.customer_id = $1 AND t.ticket_id = $2`,
    [key.customerId, key.ticketId],
  );
  return row && ticketOf(row, seals);
}

/** Holds the ticket until the transaction ends, and reads it as it is then. */
export async function lockTicket(tx: Tx, key: TicketKey, seals: CustomerSeals): Promise<TicketRecord | undefined> {
  await tx.query('SELECT FROM tickets.ticket WHERE customer_id = $1 AND ticket_id = $2 FOR UPDATE', [
    key.customerId,
    key.ticketId,
  ]);
  return readTicket(tx, key, seals);
}

/** Claims `(source, externalId)`; the claim of another ticket that holds it already is returned instead. */
export async function claimExternalId(
  tx: Tx,
  claim: {
    readonly source: string;
    readonly externalId: string;
    readonly ticketId: string;
    readonly requestHash: Buffer;
  },
): Promise<{ readonly ticketId: string; readonly requestHash: Buffer } | undefined> {
  // Waits for whoever is claiming the same id at this moment.
  const claimed = await tx.execute(
    `INSERT INTO tickets.external_id_directory (source, external_id, ticket_id, request_hash)
     VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [claim.source, claim.externalId, claim.ticketId, claim.requestHash],
  );
  if (claimed === 1) return undefined;
  const [held] = await tx.query<{ ticketId: string; requestHash: Buffer }>(
    `SELECT ticket_id AS "ticketId", request_hash AS "requestHash" FROM tickets.external_id_directory
     WHERE source = $1 AND external_id = $2`,
    [claim.source, claim.externalId],
  );
  return held;
}

const STORED = [
  'customer_id', 'ticket_id', 'source', 'external_id', 'ticket_type', 'severity', 'priority', 'words_sealed',
  'channel_id', 'status', 'status_at', 'tier', 'service_rank', 'service_level_version', 'cycle',
  'first_answer_target_seconds', 'first_answered_at', 'resolution_started_at', 'resolution_target_seconds',
  'paused_seconds', 'paused_since', 'resolution_stopped_at', 'expected_resolution_at', 'requested_resolution_at',
  'resolved_at', 'opened_at', 'updated_at', 'version',
] as const; // prettier-ignore

const valuesOf = (ticket: TicketRecord, seals: CustomerSeals): readonly unknown[] => [
  ticket.customerId,
  ticket.ticketId,
  ticket.source,
  ticket.externalId ?? null,
  ticket.ticketType,
  ticket.severity,
  ticket.priority,
  sealWords(seals, ticket),
  channelIdOf(ticket.extension['channel']),
  ticket.status,
  ticket.statusAt,
  ticket.tier,
  ticket.serviceRank,
  ticket.serviceLevelVersion,
  ticket.cycle,
  ticket.firstAnswer.targetSeconds,
  ticket.firstAnswer.stoppedAt ?? null,
  ticket.resolution.startedAt,
  ticket.resolution.targetSeconds,
  ticket.resolution.pausedSeconds,
  ticket.resolution.pausedSince ?? null,
  ticket.resolution.stoppedAt ?? null,
  clockDueAt(ticket.resolution),
  ticket.requestedResolutionAt ?? null,
  ticket.resolvedAt ?? null,
  ticket.openedAt,
  ticket.updatedAt,
  ticket.version,
];

const channelIdOf = (channel: unknown): string | null =>
  typeof channel === 'object' && channel !== null && 'id' in channel ? String(channel.id) : null;

/** @throws CustomerIsErased */
export async function insertTicket(tx: Tx, ticket: TicketRecord, seals: CustomerSeals): Promise<void> {
  await tx.execute('INSERT INTO tickets.ticket_directory (ticket_id, customer_id) VALUES ($1, $2)', [
    ticket.ticketId,
    ticket.customerId,
  ]);
  await tx.execute(
    `INSERT INTO tickets.ticket (${STORED.join(', ')}) VALUES (${STORED.map((_, nth) => `$${nth + 1}`).join(', ')})`,
    valuesOf(ticket, seals),
  );
  await windClocks(tx, ticket);
}

/** The ticket must be locked: see {@link lockTicket}. @throws CustomerIsErased */
export async function updateTicket(tx: Tx, ticket: TicketRecord, seals: CustomerSeals): Promise<void> {
  const assignments = STORED.map((column, nth) => `${column} = $${nth + 1}`).slice(2);
  await tx.execute(
    `UPDATE tickets.ticket SET ${assignments.join(', ')} WHERE customer_id = $1 AND ticket_id = $2`,
    valuesOf(ticket, seals),
  );
  await dropPlainWords(tx, [ticket]);
  await windClocks(tx, ticket);
}

/** What an earlier release kept as it was written, of tickets whose words are sealed now. */
export async function dropPlainWords(tx: Tx, tickets: readonly TicketKey[]): Promise<void> {
  await tx.execute(
    `WITH dropped AS (
       UPDATE tickets.ticket SET name = NULL, description = NULL, status_reason = NULL, related_party = NULL, extension = NULL
       WHERE (customer_id, ticket_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) AND description IS NOT NULL
       RETURNING customer_id, ticket_id
     ), notes AS (
       UPDATE tickets.note n SET text = NULL FROM dropped d WHERE n.customer_id = d.customer_id AND n.ticket_id = d.ticket_id
     )
     UPDATE tickets.status_change s SET reason = NULL FROM dropped d
     WHERE s.customer_id = d.customer_id AND s.ticket_id = d.ticket_id`,
    [tickets.map(({ customerId }) => customerId), tickets.map(({ ticketId }) => ticketId)],
  );
}

/** Lets the table of running clocks say what the ticket says. */
async function windClocks(tx: Tx, ticket: TicketRecord): Promise<void> {
  const running = runningClocksOf(ticket);
  await tx.execute('DELETE FROM tickets.running_clock WHERE ticket_id = $1 AND NOT clock = ANY ($2::text[])', [
    ticket.ticketId,
    running,
  ]);
  await tx.execute(
    `INSERT INTO tickets.running_clock (ticket_id, clock, customer_id, due_at)
     SELECT $1, clock, $2, due_at FROM unnest($3::text[], $4::timestamptz[]) AS c (clock, due_at)
     WHERE NOT EXISTS (SELECT FROM tickets.breach b
       WHERE b.customer_id = $2 AND b.ticket_id = $1 AND b.clock = c.clock AND b.cycle = $5)
     ON CONFLICT (ticket_id, clock) DO UPDATE SET due_at = EXCLUDED.due_at`,
    [ticket.ticketId, ticket.customerId, running, running.map((clock) => clockDueAt(ticket[clock])), ticket.cycle],
  );
}

/** Its reason is among the ticket's words. */
export async function appendStatusChange(
  tx: Tx,
  { customerId, ticketId }: TicketKey,
  {
    status,
    changedAt,
    nth,
    actorId,
  }: Omit<StatusChange, 'reason'> & { readonly nth: number; readonly actorId: string },
): Promise<void> {
  await tx.execute(
    `INSERT INTO tickets.status_change (customer_id, ticket_id, nth, status, changed_at, actor_id)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [customerId, ticketId, nth, status, changedAt, actorId],
  );
}

/** Their texts are among the ticket's words. */
export async function appendNotes(tx: Tx, ticket: TicketKey, notes: readonly Note[]): Promise<void> {
  if (notes.length === 0) return;
  await tx.execute(
    `INSERT INTO tickets.note (customer_id, ticket_id, note_id, author, written_at)
     SELECT $1, $2, * FROM unnest($3::uuid[], $4::text[], $5::timestamptz[])`,
    [
      ticket.customerId,
      ticket.ticketId,
      notes.map(({ noteId }) => noteId),
      notes.map(({ author }) => author),
      notes.map(({ writtenAt }) => writtenAt),
    ],
  );
}

/** Those of the breaches that nobody has recorded yet; they are recorded now. */
export async function recordBreaches(
  tx: Tx,
  ticket: TicketKey & Pick<Ticket, 'cycle' | ClockName>,
  clocks: readonly ClockName[],
  recordedAt: Date,
): Promise<readonly ClockName[]> {
  if (clocks.length === 0) return [];
  const recorded = await tx.query<{ clock: ClockName }>(
    `INSERT INTO tickets.breach (customer_id, ticket_id, clock, cycle, due_at, recorded_at)
     SELECT $1, $2, clock, CASE clock WHEN 'firstAnswer' THEN 1 ELSE $3::integer END, due_at, $4
     FROM unnest($5::text[], $6::timestamptz[]) AS b (clock, due_at)
     ON CONFLICT DO NOTHING RETURNING clock`,
    [ticket.customerId, ticket.ticketId, ticket.cycle, recordedAt, clocks, clocks.map((c) => clockDueAt(ticket[c]))],
  );
  return recorded.map(({ clock }) => clock);
}

/** Tickets with a clock that has run out, oldest first, held for this transaction. Tickets at work elsewhere are left. */
export async function claimOverdue(tx: Tx, now: Date, limit: number): Promise<readonly (Ticket & TicketKey)[]> {
  const due = await tx.query<{ customer_id: string; ticket_id: string }>(
    `SELECT customer_id, ticket_id FROM tickets.running_clock WHERE due_at < $1
     ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );
  if (due.length === 0) return [];
  // Skipping here, too: whoever changes a ticket holds it first and its clocks after, and must not meet us half-way.
  const rows = await tx.query<Omit<TicketRow, 'status_changes' | 'notes'>>(
    `SELECT * FROM tickets.ticket
     WHERE (customer_id, ticket_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) FOR UPDATE SKIP LOCKED`,
    [due.map((row) => row.customer_id), due.map((row) => row.ticket_id)],
  );
  return rows.map(standingOf);
}

export async function stopWatching(tx: Tx, ticketId: string, clocks: readonly ClockName[]): Promise<void> {
  await tx.execute('DELETE FROM tickets.running_clock WHERE ticket_id = $1 AND clock = ANY ($2::text[])', [
    ticketId,
    clocks,
  ]);
}
