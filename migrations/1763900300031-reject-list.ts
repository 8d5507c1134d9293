import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/**
 * The work list of refused records (错单): each once, however often it was sent. `usage.rejected_record` stays what it was, a line
 * for each time that one was refused, which the answer files are made of.
 */
export class RejectList1763900300031 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.reject (
        reject_id uuid PRIMARY KEY,
        source text NOT NULL,
        kind text NOT NULL,
        content_key bytea NOT NULL,
        province text NOT NULL,
        business_date date NOT NULL,
        record_id text,
        code text NOT NULL,
        field text,
        reason text NOT NULL,
        first_seen timestamptz NOT NULL,
        last_seen timestamptz NOT NULL,
        attempts int NOT NULL,
        state text NOT NULL DEFAULT 'OPEN',
        decided_at timestamptz,
        decided_by text,
        decision text,
        intake_id uuid NOT NULL,
        line_no int NOT NULL,
        sealed bytea NOT NULL
      )`);
    await q.query(
      `COMMENT ON COLUMN usage.reject.content_key IS 'keyed hash of the line: the same line of the same source is the same reject'`,
    );
    await q.query(`CREATE UNIQUE INDEX reject_once ON usage.reject (source, kind, content_key)`);
    await q.query(`
      ALTER TABLE usage.reject ADD CONSTRAINT reject_state
      CHECK (state IN ('OPEN', 'REPLAYED', 'DISMISSED') AND (state = 'OPEN') = (decided_at IS NULL))`);
    await q.query(
      `CREATE INDEX reject_day ON usage.reject (business_date, source, kind, province) WHERE state = 'OPEN'`,
    );
    await q.query(`CREATE INDEX reject_seen ON usage.reject (last_seen, reject_id)`);
    await q.query(`CREATE INDEX reject_kept ON usage.reject (last_seen) WHERE sealed <> ''`);
    await q.query(`GRANT SELECT, INSERT ON usage.reject TO ${APPLICATION_ROLE}`);
    await q.query(
      `GRANT UPDATE (province, business_date, code, field, reason, first_seen, last_seen, attempts, state, decided_at,
         decided_by, decision, intake_id, line_no, sealed) ON usage.reject TO ${APPLICATION_ROLE}`,
    );

    await q.query(`ALTER TABLE usage.rejected_record ADD COLUMN reject_id uuid`);
    await q.query(`GRANT UPDATE (reject_id) ON usage.rejected_record TO ${APPLICATION_ROLE}`);
    // What was refused before keeps its own key: nobody can tell any more whether two lines were the same.
    await q.query(`
      INSERT INTO usage.reject (reject_id, source, kind, content_key, province, business_date, record_id, code, field, reason,
        first_seen, last_seen, attempts, intake_id, line_no, sealed)
      SELECT gen_random_uuid(), r.source, r.kind, sha256(convert_to(r.intake_id || '/' || r.line_no, 'UTF8')),
        COALESCE(f.province, '000000'),
        COALESCE(f.business_date, (r.rejected_at AT TIME ZONE 'Asia/Shanghai')::date), r.record_id, r.code, r.field, r.reason,
        r.rejected_at, r.rejected_at, 1, r.intake_id, r.line_no, r.sealed
      FROM usage.rejected_record r LEFT JOIN usage.intake_file f ON f.file_id = r.intake_id
      WHERE f.state IS DISTINCT FROM 'BAD'`);
    await q.query(`
      UPDATE usage.rejected_record r SET reject_id = l.reject_id, sealed = ''
      FROM usage.reject l WHERE l.intake_id = r.intake_id AND l.line_no = r.line_no`);

    await q.query(`
      CREATE TABLE usage.reject_replay (
        reject_id uuid NOT NULL,
        run_id uuid NOT NULL,
        intake_id uuid,
        outcome text NOT NULL,
        code text,
        field text,
        replayed_by text NOT NULL,
        replayed_at timestamptz NOT NULL,
        PRIMARY KEY (run_id, reject_id)
      )`);
    await q.query(`CREATE INDEX reject_replay_reject ON usage.reject_replay (reject_id)`);
    await q.query(`GRANT SELECT, INSERT ON usage.reject_replay TO ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE usage.reject_replay');
    await q.query('ALTER TABLE usage.rejected_record DROP COLUMN reject_id');
    await q.query('DROP TABLE usage.reject');
  }
}
