import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant } from '../src/platform/database/migration-tools.js';

/**
 * Erasing customers (PIPL art. 47) and how long what is kept (DOMAIN §3.4). The application has no right to delete a customer's
 * data (CUS-35): the two functions here do it, and they look at the term themselves.
 */
export class Erasure1763800200021 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE customers.retention_class (
        code text PRIMARY KEY,
        what text NOT NULL,
        kept_from text NOT NULL,
        term interval NOT NULL,
        action text NOT NULL,
        basis text NOT NULL
      )`);
    await q.query(`
      ALTER TABLE customers.retention_class ADD CONSTRAINT retention_class_action
      CHECK (action IN ('ERASE_IDENTITY', 'DELETE', 'REPORT', 'KEEP'))`);
    await grant(q, 'customers.retention_class', 'read-only');
    for (const row of CLASSES) {
      await q.query(
        `INSERT INTO customers.retention_class (code, what, kept_from, term, action, basis) VALUES ($1, $2, $3, $4, $5, $6)`,
        [...row],
      );
    }

    await q.query(`ALTER TABLE customers.customer ADD COLUMN restricted_at timestamptz`);
    await q.query(`ALTER TABLE customers.customer ADD COLUMN erased_at timestamptz`);
    await q.query(`
      CREATE INDEX customer_restricted ON customers.customer (customer_id) WHERE restricted_at IS NOT NULL`);
    await q.query(`ALTER TABLE customers.party ALTER COLUMN identity_sealed DROP NOT NULL`);
    await q.query(`ALTER TABLE customers.subscription ALTER COLUMN msisdn_sealed DROP NOT NULL`);
    await q.query(`ALTER TABLE customers.subscription ALTER COLUMN account_no DROP NOT NULL`);
    // Who is a party besides a customer's main one is asked by erasure.
    await q.query(`CREATE INDEX subscription_party ON customers.subscription (party_id)`);
    await q.query(`CREATE INDEX party_directory_party ON customers.party_directory (party_id)`);

    // The last day of service of anybody who was erased: no snapshot up to that day opens an archive again. It names nobody.
    await q.query(`CREATE TABLE customers.erased_until (is_only boolean PRIMARY KEY DEFAULT true, day date NOT NULL)`);
    await q.query(`ALTER TABLE customers.erased_until ADD CONSTRAINT erased_until_only CHECK (is_only)`);
    await q.query(`INSERT INTO customers.erased_until (day) VALUES ('-infinity')`);
    await grant(q, 'customers.erased_until', 'read-only');

    await q.query(ERASE);
    await q.query(WITHDRAW);
    for (const signature of ['erase(uuid[], date, timestamptz)', 'withdraw(uuid)']) {
      await q.query(`REVOKE ALL ON FUNCTION customers.${signature} FROM PUBLIC`);
      await q.query(`GRANT EXECUTE ON FUNCTION customers.${signature} TO ${APPLICATION_ROLE}`);
    }
    for (const table of UNDELETABLE) await q.query(`REVOKE DELETE ON ${table} FROM ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of UNDELETABLE) await q.query(`GRANT DELETE ON ${table} TO ${APPLICATION_ROLE}`);
    for (const signature of ['erase(uuid[], date, timestamptz)', 'withdraw(uuid)']) {
      await q.query(`DROP FUNCTION customers.${signature}`);
    }
    await q.query(`DROP INDEX customers.party_directory_party`);
    await q.query(`DROP INDEX customers.subscription_party`);
    await q.query(`ALTER TABLE customers.customer DROP COLUMN erased_at, DROP COLUMN restricted_at`);
    await q.query('DROP TABLE customers.erased_until, customers.retention_class');
  }
}

const UNDELETABLE = [
  'party',
  'party_directory',
  'customer',
  'subscription',
  'msisdn_directory',
  'account_directory',
].map((table) => `customers.${table}`);

const ACCOUNTING = 'Accounting law: ten years; pseudonymised, PIPL art. 19 holds for the identity';

const CLASSES: readonly (readonly [
  code: string,
  what: string,
  keptFrom: string,
  term: string,
  action: string,
  basis: string,
])[] = [
  [
    'customers.identity',
    'Name, document, birthday, numbers, account and contact data of customers who left',
    'the end of the last service',
    '24 months',
    'ERASE_IDENTITY',
    'MIIT Order 25 art. 11: during service and two years after; PIPL art. 19 and 47',
  ],
  [
    'usage.rejected-line',
    'Billing records that were refused, as they came',
    'the refusal',
    '90 days',
    'DELETE',
    'PIPL art. 19: as long as BOSS may send a corrected record',
  ],
  [
    'usage.held-line',
    'Billing records that wait for a customer or a record, as they came',
    'their arrival',
    '90 days',
    'DELETE',
    'PIPL art. 19: what has found no customer by then is refused',
  ],
  [
    'tickets.text',
    'Words of tickets and their notes, outside parties',
    'the end of the ticket',
    '36 months',
    'DELETE',
    'Complaints handling: three years; PIPL art. 19',
  ],
  [
    'routing.caller',
    'Numbers of callers at the hotline',
    'the end of the call',
    '6 months',
    'DELETE',
    'Cybersecurity law art. 21: network logs at least six months',
  ],
  [
    'organization.access-register',
    'Who looked at whose data',
    'the look',
    '36 months',
    'REPORT',
    'Network data regulation art. 12, PIPL art. 56: at least three years; an administrator detaches the months before',
  ],
  ['usage.bill', 'Bills, payments and months of usage', 'the month', '120 months', 'KEEP', ACCOUNTING],
  ['points.ledger', 'The points ledger', 'the posting', '120 months', 'KEEP', ACCOUNTING],
];

const ERASE = `
  CREATE FUNCTION customers.erase(asked uuid[], as_of date, at timestamptz)
  RETURNS TABLE (erased_customer uuid, former_party uuid)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DECLARE
    due uuid[];
    parties uuid[];
    numbers bytea[];
    last_day date;
  BEGIN
    -- Intake that is naming somebody is waited for; later intake finds nobody to name.
    PERFORM pg_advisory_xact_lock(hashtext('customers.identities'));
    -- Nobody is erased before the term, whatever day the caller says it is.
    SELECT array_agg(locked.customer_id), max(locked.closed_on) INTO due, last_day FROM (
      SELECT c.customer_id, c.closed_on FROM customers.customer c
      WHERE c.customer_id = ANY (asked) AND c.erased_at IS NULL AND (c.status = 'initialized' OR
        c.closed_on + (SELECT k.term FROM customers.retention_class k WHERE k.code = 'customers.identity')
          < LEAST(as_of, (now() AT TIME ZONE 'Asia/Shanghai')::date))
      ORDER BY c.customer_id FOR NO KEY UPDATE
    ) locked;
    IF due IS NULL THEN RETURN; END IF;

    SELECT array_agg(DISTINCT held.party_id) INTO parties FROM (
      SELECT c.party_id FROM customers.customer c WHERE c.customer_id = ANY (due)
      UNION ALL SELECT s.party_id FROM customers.subscription s WHERE s.customer_id = ANY (due)
    ) held;
    SELECT array_agg(s.msisdn_index) INTO numbers FROM customers.subscription s WHERE s.customer_id = ANY (due);
    RETURN QUERY SELECT c.customer_id, c.party_id FROM customers.customer c WHERE c.customer_id = ANY (due);

    -- A nameless party of its own takes the place of the person's, who may have other customers. It has the customer's id.
    INSERT INTO customers.party (party_id, kind, identity_sealed, id_type, precedence, updated_at)
    SELECT c.customer_id, p.kind, NULL, NULL, '', at
    FROM customers.customer c JOIN customers.party p ON p.party_id = c.party_id WHERE c.customer_id = ANY (due);
    DELETE FROM customers.account_directory d USING customers.customer c
    WHERE c.customer_id = ANY (due) AND d.source = c.source AND d.account_no = c.account_no;
    -- In the ranks of snapshots, the last eight bytes are a fingerprint of their content.
    UPDATE customers.subscription s
    SET party_id = s.customer_id, account_no = NULL, msisdn_sealed = NULL, msisdn_index = uuid_send(s.subscription_id),
        precedence = substring(s.precedence FOR 20) || '\\x0000000000000000', updated_at = at
    WHERE s.customer_id = ANY (due);
    UPDATE customers.customer c
    SET party_id = c.customer_id, account_no = NULL, extra_sealed = NULL, manager_id = NULL, status_reason = 'erased',
        erased_at = at, version = c.version + 1, updated_at = at
    WHERE c.customer_id = ANY (due);

    UPDATE customers.msisdn_directory d SET customer_id = holder.customer_id, subscription_id = holder.subscription_id
    FROM (
      SELECT DISTINCT ON (s.msisdn_index) s.msisdn_index, s.customer_id, s.subscription_id
      FROM customers.subscription s WHERE s.msisdn_index = ANY (numbers)
      ORDER BY s.msisdn_index, s.status = 'terminated', s.activated_on DESC, s.status_at DESC, s.account_no, s.customer_id
    ) holder
    WHERE d.msisdn_index = holder.msisdn_index AND d.customer_id = ANY (due);
    DELETE FROM customers.msisdn_directory d WHERE d.msisdn_index = ANY (numbers) AND d.customer_id = ANY (due);

    SELECT array_agg(gone.party_id) INTO parties FROM unnest(parties) gone (party_id)
    WHERE NOT EXISTS (SELECT FROM customers.customer c WHERE c.party_id = gone.party_id)
      AND NOT EXISTS (SELECT FROM customers.subscription s WHERE s.party_id = gone.party_id);
    DELETE FROM customers.party_directory d WHERE d.party_id = ANY (parties);
    DELETE FROM customers.party p WHERE p.party_id = ANY (parties);

    -- What hangs on the customer keeps its dates and outcomes. (These tables come with later migrations.)
    UPDATE customers.real_name_verification v SET document_sealed = '', document_index = uuid_send(v.verification_id)
    WHERE v.customer_id = ANY (due) AND v.document_index IS NOT NULL;
    UPDATE customers.consent n SET proof_sealed = NULL WHERE n.customer_id = ANY (due) AND n.proof_sealed IS NOT NULL;
    UPDATE customers.subject_request r SET detail_sealed = NULL, answer = CASE WHEN r.answer IS NOT NULL THEN '' END
    WHERE r.customer_id = ANY (due);
    DELETE FROM customers.subject_export_chunk x WHERE x.customer_id = ANY (due);
    UPDATE customers.customer_session l SET msisdn_index = '' WHERE l.customer_id = ANY (due);

    DELETE FROM vault.subject_key k WHERE k.subject_id = ANY (due || parties);
    UPDATE customers.erased_until u SET day = GREATEST(u.day, last_day) WHERE last_day IS NOT NULL;
  END $$`;

const WITHDRAW = `
  CREATE FUNCTION customers.withdraw(withdrawn uuid) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DECLARE
    party uuid;
  BEGIN
    DELETE FROM customers.customer c
    WHERE c.customer_id = withdrawn AND c.status = 'initialized' AND c.erased_at IS NULL RETURNING c.party_id INTO party;
    IF party IS NULL THEN RETURN false; END IF;
    DELETE FROM customers.party p WHERE p.party_id = party;
    DELETE FROM vault.subject_key k WHERE k.subject_id IN (withdrawn, party);
    RETURN true;
  END $$`;
