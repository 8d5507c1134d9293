import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows, unprotectRows } from '../src/platform/database/migration-tools.js';

/**
 * What a rule set would do to everybody (试算). Slices count side by side, and the end of the run adds them up under slice 0. The rules
 * are kept as they were: a draft may be changed meanwhile, and what was counted is still told.
 */
export class PreviewsOfRuleSets1764000600001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE tiering.preview (
        run_id uuid PRIMARY KEY,
        program text NOT NULL REFERENCES tiering.program,
        as_of date NOT NULL,
        version text NOT NULL,
        checksum text NOT NULL,
        body jsonb NOT NULL,
        is_yearly boolean NOT NULL,
        against_version text,
        against_checksum text,
        against_body jsonb,
        against_is_yearly boolean,
        started_at timestamptz NOT NULL,
        finished_at timestamptz
      )`);
    await q.query('CREATE INDEX preview_of_version ON tiering.preview (version, started_at)');
    await grant(q, 'tiering.preview', 'read-write');

    // An unknown region or brand is ''; so is the decisive condition where nobody falls.
    await q.query(`
      CREATE TABLE tiering.preview_cell (
        run_id uuid NOT NULL,
        slice_no int NOT NULL,
        region text NOT NULL,
        brand text NOT NULL,
        held text NOT NULL,
        given text NOT NULL,
        outcome text NOT NULL,
        against_given text NOT NULL,
        against_outcome text NOT NULL,
        decided_by text NOT NULL,
        customers bigint NOT NULL,
        at_risk_fen bigint NOT NULL,
        against_at_risk_fen bigint NOT NULL,
        hash numeric NOT NULL,
        PRIMARY KEY (run_id, slice_no, region, brand, held, given, outcome, against_given, against_outcome, decided_by)
      )`);
    await grant(q, 'tiering.preview_cell', 'read-write');

    // Of a border band, customers below and above a threshold; of a route, whom it gives less and more; of a gate, for whom it holds no
    // more and for whom it holds now.
    await q.query(`
      CREATE TABLE tiering.preview_measure (
        run_id uuid NOT NULL,
        slice_no int NOT NULL,
        kind text NOT NULL,
        code text NOT NULL,
        tier text NOT NULL,
        below bigint NOT NULL,
        above bigint NOT NULL,
        PRIMARY KEY (run_id, slice_no, kind, code, tier)
      )`);
    await q.query(`
      ALTER TABLE tiering.preview_measure ADD CONSTRAINT preview_measure_kind
      CHECK (kind IN ('border', 'requirement', 'exclusion', 'route'))`);
    await grant(q, 'tiering.preview_measure', 'read-write');

    await q.query(`
      CREATE TABLE tiering.preview_portfolio (
        run_id uuid NOT NULL,
        slice_no int NOT NULL,
        manager_id uuid NOT NULL,
        customers bigint NOT NULL,
        rises bigint NOT NULL,
        falls bigint NOT NULL,
        warned bigint NOT NULL,
        kept bigint NOT NULL,
        at_risk_fen bigint NOT NULL,
        PRIMARY KEY (run_id, slice_no, manager_id)
      )`);
    await grant(q, 'tiering.preview_portfolio', 'read-write');

    // The most valuable ones who would fall, kept as long as the preview may be approved by.
    await q.query(`
      CREATE TABLE tiering.preview_drop (
        customer_id uuid NOT NULL,
        run_id uuid NOT NULL,
        place int,
        from_tier text NOT NULL,
        to_tier text NOT NULL,
        outcome text NOT NULL,
        ranks_lost int NOT NULL,
        net_spend_fen bigint NOT NULL,
        decided_by text NOT NULL,
        lowers_on date NOT NULL,
        PRIMARY KEY (customer_id, run_id)
      )`);
    await q.query('CREATE INDEX preview_drop_of_run ON tiering.preview_drop (run_id, place)');
    await grant(q, 'tiering.preview_drop', 'read-write');
    await protectCustomerRows(q, 'tiering.preview_drop');
  }

  async down(q: QueryRunner): Promise<void> {
    await unprotectRows(q, 'tiering.preview_drop');
    for (const table of ['preview_drop', 'preview_portfolio', 'preview_measure', 'preview_cell', 'preview']) {
      await q.query(`DROP TABLE tiering.${table}`);
    }
  }
}
