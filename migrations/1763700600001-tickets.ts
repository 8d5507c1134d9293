import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, grant } from '../src/platform/database/migration-tools.js';

/** Trouble tickets (TMF621), what happened to them, and the clocks that run against them. */
export class Tickets1763700600001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'tickets');

    await q.query(`
      CREATE TABLE tickets.service_level (
        version integer PRIMARY KEY,
        effective_from timestamptz NOT NULL,
        targets jsonb NOT NULL,
        severity_percent jsonb NOT NULL,
        author text NOT NULL,
        approved_by text NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE tickets.service_level ADD CONSTRAINT service_level_one_at_a_time UNIQUE (effective_from)`);
    await grant(q, 'tickets.service_level', 'read-only');

    // extension: what TM Forum's model has and we have no rule for, and attributes of the client's own.
    await q.query(`
      CREATE TABLE tickets.ticket (
        customer_id uuid NOT NULL,
        ticket_id uuid NOT NULL,
        source text NOT NULL,
        external_id text,
        ticket_type text NOT NULL,
        severity text NOT NULL,
        priority text NOT NULL,
        name text,
        description text NOT NULL,
        channel_id text,
        status text NOT NULL,
        status_reason text,
        status_at timestamptz NOT NULL,
        tier text NOT NULL,
        service_rank smallint NOT NULL,
        service_level_version integer NOT NULL,
        cycle integer NOT NULL,
        first_answer_target_seconds integer NOT NULL,
        first_answered_at timestamptz,
        resolution_started_at timestamptz NOT NULL,
        resolution_target_seconds integer NOT NULL,
        paused_seconds integer NOT NULL,
        paused_since timestamptz,
        resolution_stopped_at timestamptz,
        expected_resolution_at timestamptz NOT NULL,
        requested_resolution_at timestamptz,
        resolved_at timestamptz,
        related_party jsonb NOT NULL,
        extension jsonb NOT NULL,
        opened_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        version integer NOT NULL,
        PRIMARY KEY (customer_id, ticket_id)
      ) WITH (fillfactor = 80)`);
    await q.query(`
      ALTER TABLE tickets.ticket ADD CONSTRAINT ticket_status CHECK (status IN (
        'acknowledged', 'inProgress', 'pending', 'held', 'resolved', 'closed', 'cancelled', 'rejected'))`);
    await q.query(`
      ALTER TABLE tickets.ticket ADD CONSTRAINT ticket_priority
      CHECK (priority IN ('Critical', 'High', 'Medium', 'Low'))`);
    await q.query(`
      ALTER TABLE tickets.ticket ADD CONSTRAINT ticket_pause CHECK ((paused_since IS NOT NULL) = (status = 'pending'))`);
    await q.query(`CREATE INDEX ticket_opened ON tickets.ticket (opened_at, ticket_id)`);
    await q.query(`CREATE INDEX ticket_of_customer ON tickets.ticket (customer_id, opened_at)`);
    await q.query(`
      CREATE INDEX ticket_open_due ON tickets.ticket (expected_resolution_at, ticket_id)
      WHERE status IN ('acknowledged', 'inProgress', 'pending', 'held')`);
    await grant(q, 'tickets.ticket', 'read-write');

    await q.query(`
      CREATE TABLE tickets.status_change (
        customer_id uuid NOT NULL,
        ticket_id uuid NOT NULL,
        nth integer NOT NULL,
        status text NOT NULL,
        reason text,
        changed_at timestamptz NOT NULL,
        actor_id text NOT NULL,
        PRIMARY KEY (customer_id, ticket_id, nth)
      )`);
    await grant(q, 'tickets.status_change', 'append-only');

    await q.query(`
      CREATE TABLE tickets.note (
        customer_id uuid NOT NULL,
        ticket_id uuid NOT NULL,
        note_id uuid NOT NULL,
        author text NOT NULL,
        text text NOT NULL,
        written_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, ticket_id, note_id)
      )`);
    await grant(q, 'tickets.note', 'append-only');

    // The key is the promise that a breach is told once.
    await q.query(`
      CREATE TABLE tickets.breach (
        customer_id uuid NOT NULL,
        ticket_id uuid NOT NULL,
        clock text NOT NULL,
        cycle integer NOT NULL,
        due_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, ticket_id, clock, cycle)
      )`);
    await grant(q, 'tickets.breach', 'append-only');

    await q.query(`CREATE TABLE tickets.ticket_directory (ticket_id uuid PRIMARY KEY, customer_id uuid NOT NULL)`);
    await grant(q, 'tickets.ticket_directory', 'append-only');

    await q.query(`
      CREATE TABLE tickets.external_id_directory (
        source text NOT NULL,
        external_id text NOT NULL,
        ticket_id uuid NOT NULL,
        request_hash bytea NOT NULL,
        PRIMARY KEY (source, external_id)
      )`);
    await grant(q, 'tickets.external_id_directory', 'append-only');

    // The clocks that are running now, so that one small local table tells what is due across all customers.
    await q.query(`
      CREATE TABLE tickets.running_clock (
        ticket_id uuid NOT NULL,
        clock text NOT NULL,
        customer_id uuid NOT NULL,
        due_at timestamptz NOT NULL,
        PRIMARY KEY (ticket_id, clock)
      )`);
    await q.query(`CREATE INDEX running_clock_due ON tickets.running_clock (due_at)`);
    await grant(q, 'tickets.running_clock', 'read-write');

    await q.query(`
      CREATE VIEW tickets.ticket_fact AS
      SELECT customer_id, ticket_id, ticket_type, severity, priority, tier, status, opened_at, resolved_at,
        expected_resolution_at, cycle > 1 AS is_reopened,
        EXISTS (SELECT FROM tickets.breach b WHERE b.customer_id = t.customer_id AND b.ticket_id = t.ticket_id) AS is_overdue
      FROM tickets.ticket t`);
    await grant(q, 'tickets.ticket_fact', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP SCHEMA tickets CASCADE');
  }
}
