import { Injectable, Logger } from '@nestjs/common';
import { Recurring } from '../clock/recurring.js';
import { Database, Transaction, type Tx } from '../database/index.js';
import { errorWithoutData, framesOf } from '../errors/index.js';
import type { Delivered } from './event.js';
import { ListenerRegistry, type RegisteredListener } from './listener-registry.js';

interface OutboxRow {
  readonly position: number;
  readonly event_id: string;
  readonly name: string;
  readonly customer_id: string | null;
  readonly payload: object;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
  readonly attempts: number;
}

interface Undelivered {
  readonly position: number;
  readonly error: string;
}

export interface Backlog {
  readonly waiting: number;
  /** Given up after {@link MAX_ATTEMPTS}; `retryParked` lets them try again. */
  readonly parked: number;
  readonly oldestWaitingSeconds: number;
}

const BATCH = 500;
// Polled, not woken by NOTIFY: a notifying transaction takes a lock of the whole server at commit, one after the other.
const POLL_MS = 200;
const AFTER_FAILURE_MS = 2_000;
const MAX_ATTEMPTS = 12;
const FIRST_RETRY_SECONDS = 0.5;
const LAST_RETRY_SECONDS = 300;
const PURGE_EVERY_MS = 60_000;
const PURGE_BATCH = 10_000;
const KEPT = '2 days';

/**
 * Delivers the outbox, at least once, to every listener: in the order of publication for each customer, in a transaction per
 * listener that also stores `handled_event`, so that the effect happens once. Relays of several processes share the lanes.
 *
 * A listener that fails is tried again later and holds back only the later events of the same customer; after
 * {@link MAX_ATTEMPTS} the event is parked, and holds back nothing any more.
 */
@Injectable()
export class Relay extends Recurring {
  private readonly logger = new Logger(Relay.name);
  private purgeAt = Date.now() + PURGE_EVERY_MS;
  private nextLane = 0;

  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly listeners: ListenerRegistry,
  ) {
    super(POLL_MS);
  }

  /** What is on its way and what is stuck. */
  async backlog(): Promise<Backlog> {
    const [row] = await this.database.query<{ waiting: number; parked: number; oldest: number }>(
      `SELECT count(*) FILTER (WHERE parked_at IS NULL)::int AS waiting, count(*) FILTER (WHERE parked_at IS NOT NULL)::int AS parked,
         COALESCE(extract(epoch FROM clock_timestamp() - min(recorded_at) FILTER (WHERE parked_at IS NULL)), 0)::int AS oldest
       FROM platform.outbox WHERE relayed_at IS NULL`,
    );
    return { waiting: row?.waiting ?? 0, parked: row?.parked ?? 0, oldestWaitingSeconds: row?.oldest ?? 0 };
  }

  /** Sends parked events on their way again, once their listener has been mended. Returns how many. */
  retryParked(): Promise<number> {
    return this.transaction.run((tx) =>
      tx.execute(
        `UPDATE platform.outbox SET parked_at = NULL, attempts = 0, next_attempt_at = '-infinity' WHERE parked_at IS NOT NULL`,
      ),
    );
  }

  /** Delivers until nothing is due. Returns the number of events that were relayed. */
  async drain(): Promise<number> {
    let relayed = 0;
    for (;;) {
      const batch = await this.relayBatch();
      if (batch === undefined) return relayed;
      relayed += batch;
    }
  }

  protected async takeTurn(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted && (await this.relayBatch()) !== undefined);
    if (Date.now() < this.purgeAt) return;
    await this.purge();
    this.purgeAt = Date.now() + PURGE_EVERY_MS;
  }

  protected onFailure(error: unknown): { readonly pauseMs: number } {
    // The server may be restarting: nothing is lost, the next poll finds it all again.
    this.logger.error(`The relay was interrupted: ${errorWithoutData(error)}`, framesOf(error));
    return { pauseMs: AFTER_FAILURE_MS };
  }

  /** One lane's next batch; `undefined` when no lane has anything due that is not in another relay's hands. */
  private relayBatch(): Promise<number | undefined> {
    return this.transaction.run(async (claim) => {
      const [lane] = await claim.query<{ lane: number }>(
        `SELECT l.lane FROM platform.outbox_lane l
         WHERE EXISTS (SELECT FROM platform.outbox o WHERE o.lane = l.lane AND ${IS_DUE})
         ORDER BY (l.lane - $1 + 16) % 16 LIMIT 1 FOR UPDATE OF l SKIP LOCKED`,
        [this.nextLane],
      );
      if (!lane) return undefined;
      this.nextLane = (lane.lane + 1) % 16;
      // A statement of its own: it must see what the last holder of the lane has committed.
      const rows = await claim.query<OutboxRow>(
        `SELECT position, event_id, name, customer_id, payload, occurred_at, recorded_at, attempts
         FROM platform.outbox o WHERE lane = $1 AND ${IS_DUE} ORDER BY position LIMIT ${BATCH}`,
        [lane.lane],
      );
      if (rows.length === 0) return 0;
      const undelivered = await this.deliver(rows);
      await markFailed(claim, undelivered);
      const failed = new Set(undelivered.map(({ position }) => position));
      const relayed = rows.filter(({ position }) => !failed.has(position)).map(({ position }) => position);
      await claim.execute(
        `UPDATE platform.outbox SET relayed_at = clock_timestamp(), last_error = NULL WHERE position = ANY ($1::bigint[])`,
        [relayed],
      );
      return relayed.length;
    });
  }

  /** Hands the events to their listeners, all of one kind in a row together. Returns those that were not delivered. */
  private async deliver(rows: readonly OutboxRow[]): Promise<readonly Undelivered[]> {
    const undelivered = new Map<number, Undelivered>();
    const heldBack = new Set<string>();
    const isHeldBack = (row: OutboxRow): boolean => row.customer_id !== null && heldBack.has(row.customer_id);
    const fail = (row: OutboxRow, error: string): void => {
      undelivered.set(row.position, { position: row.position, error });
      if (row.customer_id !== null) heldBack.add(row.customer_id);
    };
    for (const stretch of stretches(rows)) {
      for (const row of stretch) if (isHeldBack(row)) fail(row, HELD_BACK);
      const [first] = stretch;
      if (!first) continue;
      for (const listener of this.listeners.to(first.name)) {
        const open = stretch.filter((row) => !undelivered.has(row.position));
        for (const [row, error] of await this.handBatch(listener, open)) fail(row, error);
      }
    }
    return [...undelivered.values()];
  }

  /** The batch in one transaction; when that fails, one by one, to find the event that is to blame. */
  private async handBatch(
    listener: RegisteredListener,
    rows: readonly OutboxRow[],
  ): Promise<ReadonlyMap<OutboxRow, string>> {
    const failures = new Map<OutboxRow, string>();
    if (rows.length === 0) return failures;
    try {
      await this.hand(listener, rows);
      return failures;
    } catch (error) {
      if (rows.length === 1 && rows[0]) return failures.set(rows[0], this.report(listener, error));
    }
    const heldBack = new Set<string>();
    for (const row of rows) {
      if (row.customer_id !== null && heldBack.has(row.customer_id)) {
        failures.set(row, HELD_BACK);
        continue;
      }
      try {
        await this.hand(listener, [row]);
      } catch (error) {
        failures.set(row, this.report(listener, error));
        if (row.customer_id !== null) heldBack.add(row.customer_id);
      }
    }
    return failures;
  }

  private hand(listener: RegisteredListener, rows: readonly OutboxRow[]): Promise<void> {
    return this.transaction.run(async (tx) => {
      const fresh = await tx.query<{ event_id: string }>(
        `INSERT INTO platform.handled_event (event_id, listener, handled_at)
         SELECT event_id, $2, clock_timestamp() FROM unnest($1::uuid[]) AS e (event_id)
         ON CONFLICT DO NOTHING RETURNING event_id`,
        [rows.map((row) => row.event_id), listener.name],
      );
      const isFresh = new Set(fresh.map((row) => row.event_id));
      const events = rows.filter((row) => isFresh.has(row.event_id)).map(delivered);
      if (events.length > 0) await listener.handle(tx, events);
    });
  }

  private report(listener: RegisteredListener, error: unknown): string {
    const text = `${listener.name}: ${errorWithoutData(error)}`;
    this.logger.warn(`An event was not handled. ${text}\n${framesOf(error)}`);
    return text;
  }

  /** What was relayed long ago goes, with its marks; the marks of an event that is still on its way stay. */
  async purge(): Promise<number> {
    let purged = 0;
    for (;;) {
      const gone = await this.transaction.run((tx) =>
        tx.query(
          `WITH gone AS (
             DELETE FROM platform.outbox WHERE position IN (
               SELECT position FROM platform.outbox WHERE relayed_at < clock_timestamp() - interval '${KEPT}'
               ORDER BY relayed_at LIMIT ${PURGE_BATCH} FOR UPDATE SKIP LOCKED)
             RETURNING event_id
           ), marks AS (
             DELETE FROM platform.handled_event h USING gone WHERE h.event_id = gone.event_id
           )
           SELECT event_id FROM gone`,
        ),
      );
      purged += gone.length;
      if (gone.length < PURGE_BATCH) return purged;
    }
  }
}

const HELD_BACK = 'held back by an earlier event of the same customer';

/** Due, and no earlier event of its customer is waiting for another attempt. */
const IS_DUE = `o.relayed_at IS NULL AND o.parked_at IS NULL AND o.next_attempt_at <= clock_timestamp() AND NOT EXISTS (
  SELECT FROM platform.outbox e WHERE e.customer_id = o.customer_id AND e.position < o.position
    AND e.relayed_at IS NULL AND e.parked_at IS NULL AND e.attempts > 0 AND e.next_attempt_at > clock_timestamp())`;

/** An event that was only held back has not been tried: it keeps its attempts, and comes after the one before it. */
async function markFailed(claim: Tx, undelivered: readonly Undelivered[]): Promise<void> {
  const failed = undelivered.filter(({ error }) => error !== HELD_BACK);
  if (failed.length === 0) return;
  await claim.execute(
    `UPDATE platform.outbox o SET
       attempts = o.attempts + 1,
       last_error = f.error,
       parked_at = CASE WHEN o.attempts + 1 >= ${MAX_ATTEMPTS} THEN clock_timestamp() END,
       next_attempt_at = clock_timestamp()
         + make_interval(secs => least(${LAST_RETRY_SECONDS}, ${FIRST_RETRY_SECONDS} * 2 ^ o.attempts))
     FROM unnest($1::bigint[], $2::text[]) AS f (position, error) WHERE o.position = f.position`,
    [failed.map(({ position }) => position), failed.map(({ error }) => error)],
  );
}

/** Neighbours of one kind stay together; the order between kinds is kept. */
function stretches(rows: readonly OutboxRow[]): OutboxRow[][] {
  const result: OutboxRow[][] = [];
  for (const row of rows) {
    const last = result.at(-1);
    if (last?.[0]?.name === row.name) last.push(row);
    else result.push([row]);
  }
  return result;
}

function delivered(row: OutboxRow): Delivered<object> {
  return {
    eventId: row.event_id,
    name: row.name,
    customerId: row.customer_id ?? undefined,
    payload: row.payload,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
  };
}
