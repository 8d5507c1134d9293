import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, grant } from '../src/platform/database/migration-tools.js';

/**
 * The hotline: who waits, who is idle, who is held for whom. All of it is local to one server and small.
 *
 * The two partial unique indexes on reservation are the proof that nobody is reserved twice; the code only keeps clear of
 * them.
 */
export class Routing1763700700001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'routing');

    await q.query(`
      CREATE TABLE routing.policy (
        version integer PRIMARY KEY,
        policy jsonb NOT NULL,
        author text NOT NULL,
        approved_by text NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await grant(q, 'routing.policy', 'append-only');

    // domain: pools that share agents are matched behind one lock.
    await q.query(`
      CREATE TABLE routing.pool (
        pool_id text PRIMARY KEY,
        domain text NOT NULL,
        name text NOT NULL,
        held_back integer NOT NULL
      )`);
    await q.query(`ALTER TABLE routing.pool ADD CONSTRAINT pool_held_back CHECK (held_back >= 0)`);
    await grant(q, 'routing.pool', 'read-write');

    await q.query(`CREATE TABLE routing.dialled_code (code text PRIMARY KEY, pool_id text NOT NULL)`);
    await q.query(`
      ALTER TABLE routing.dialled_code ADD CONSTRAINT dialled_code_pool FOREIGN KEY (pool_id) REFERENCES routing.pool`);
    await grant(q, 'routing.dialled_code', 'read-write');

    await q.query(`
      CREATE TABLE routing.agent (
        agent_id uuid PRIMARY KEY,
        staff_id uuid,
        kind text NOT NULL,
        pool_id text NOT NULL,
        domain text NOT NULL,
        endpoint text NOT NULL,
        skills text[] NOT NULL,
        languages text[] NOT NULL,
        state text NOT NULL,
        state_reason text,
        state_since timestamptz NOT NULL,
        state_until timestamptz,
        available_since timestamptz,
        no_answers integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        version integer NOT NULL
      ) WITH (fillfactor = 50)`);
    await q.query(`
      ALTER TABLE routing.agent ADD CONSTRAINT agent_kind CHECK (kind IN ('manager', 'vip_seat', 'general'))`);
    await q.query(`
      ALTER TABLE routing.agent ADD CONSTRAINT agent_state
      CHECK (state IN ('offline', 'available', 'reserved', 'busy', 'wrapup', 'paused'))`);
    await q.query(`ALTER TABLE routing.agent ADD CONSTRAINT agent_pool FOREIGN KEY (pool_id) REFERENCES routing.pool`);
    await q.query(`CREATE UNIQUE INDEX agent_endpoint ON routing.agent (endpoint)`);
    await q.query(`CREATE INDEX agent_idle ON routing.agent (domain, available_since) WHERE state = 'available'`);
    await q.query(`CREATE INDEX agent_wrapping_up ON routing.agent (state_until) WHERE state = 'wrapup'`);
    await grant(q, 'routing.agent', 'read-write');

    await q.query(`
      CREATE TABLE routing.customer_manager (
        customer_id uuid PRIMARY KEY,
        agent_id uuid NOT NULL,
        assigned_at timestamptz NOT NULL
      )`);
    await grant(q, 'routing.customer_manager', 'read-write');

    await q.query(`
      CREATE TABLE routing.contact (
        contact_id uuid PRIMARY KEY,
        source text NOT NULL,
        external_call_id text NOT NULL,
        dialled_code text NOT NULL,
        pool_id text NOT NULL,
        domain text NOT NULL,
        customer_id uuid,
        tier text NOT NULL,
        rank smallint NOT NULL,
        caller_sealed bytea,
        caller_index bytea,
        language text,
        needs text[] NOT NULL,
        manager_id uuid,
        policy_version integer NOT NULL,
        state text NOT NULL,
        queued_at timestamptz NOT NULL,
        promote_at timestamptz NOT NULL,
        agent_id uuid,
        connected_at timestamptz,
        ended_at timestamptz,
        end_cause text,
        version integer NOT NULL
      ) WITH (fillfactor = 70)`);
    await q.query(`
      ALTER TABLE routing.contact ADD CONSTRAINT contact_state
      CHECK (state IN ('queued', 'offered', 'connected', 'completed', 'abandoned'))`);
    await q.query(`ALTER TABLE routing.contact ADD CONSTRAINT contact_once UNIQUE (source, external_call_id)`);
    await q.query(`
      CREATE INDEX contact_waiting ON routing.contact (domain, rank, queued_at, contact_id) WHERE state = 'queued'`);
    await q.query(`
      CREATE INDEX contact_of_customer ON routing.contact (customer_id) WHERE state IN ('queued', 'offered', 'connected')`);
    await grant(q, 'routing.contact', 'read-write');

    await q.query(`
      CREATE TABLE routing.reservation (
        reservation_id uuid PRIMARY KEY,
        contact_id uuid NOT NULL,
        agent_id uuid NOT NULL,
        state text NOT NULL,
        offered_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        decided_at timestamptz,
        cause text,
        excluded_until timestamptz
      ) WITH (fillfactor = 70)`);
    await q.query(`
      ALTER TABLE routing.reservation ADD CONSTRAINT reservation_state CHECK (state IN (
        'pending', 'accepted', 'wrapping', 'completed', 'rejected', 'timedOut', 'rescinded', 'failed'))`);
    await q.query(`
      CREATE UNIQUE INDEX reservation_one_per_contact ON routing.reservation (contact_id)
      WHERE state IN ('pending', 'accepted')`);
    await q.query(`
      CREATE UNIQUE INDEX reservation_one_per_agent ON routing.reservation (agent_id)
      WHERE state IN ('pending', 'accepted', 'wrapping')`);
    await q.query(`CREATE INDEX reservation_of_contact ON routing.reservation (contact_id, offered_at)`);
    await q.query(`CREATE INDEX reservation_ringing ON routing.reservation (expires_at) WHERE state = 'pending'`);
    await grant(q, 'routing.reservation', 'read-write');

    await q.query(`
      CREATE TABLE routing.decision (
        contact_id uuid NOT NULL,
        reservation_id uuid NOT NULL,
        agent_id uuid NOT NULL,
        decided_at timestamptz NOT NULL,
        policy_version integer NOT NULL,
        rank smallint NOT NULL,
        reason text NOT NULL,
        candidates jsonb NOT NULL,
        PRIMARY KEY (contact_id, reservation_id)
      )`);
    await grant(q, 'routing.decision', 'append-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP SCHEMA routing CASCADE');
  }
}
