import { ACCOUNT_OWNER_VIEW, NUMBER_DIRECTORY_VIEW, PROFILE_VIEW } from '../../customers/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { PersonalData } from '../../../platform/privacy/index.js';
import { NotYourRecords } from '../domain/refusals.js';
import { BinaryRows } from './binary-copy.js';
import type { Intake } from '../domain/intake.js';

/** Beyond this many numbers in one file the oldest are looked up again: memory stays bounded. */
const REMEMBERED = 200_000;

interface Subject {
  readonly no: number;
  readonly accountNo: string | undefined;
}

/**
 * Whom the records of one intake are about. Each number (with its account) gets an ordinal, is hashed once and looked up
 * once; the records carry the ordinal. Of number and account the account decides, since numbers are given to somebody else
 * after a while (DOMAIN §4.3.25).
 */
export class Subjects {
  readonly #known = new Map<number, Subject>();
  #last = 0;
  #found = 0;
  #asked = 0;

  constructor(private readonly personalData: PersonalData) {}

  async open(tx: Tx): Promise<void> {
    await tx.execute(
      `CREATE TEMP TABLE asked_subject (subject int, msisdn_index bytea, account_no text) ON COMMIT DROP`,
    );
    await tx.execute(
      `CREATE TEMP TABLE subject (subject int, customer_id uuid, msisdn_index bytea, account_no text) ON COMMIT DROP`,
    );
  }

  indexOf(msisdn: number): Buffer {
    return this.personalData.blindIndex('msisdn', `+86${msisdn}`);
  }

  /** The ordinal of a number; one that is new is added to `asked`. */
  ordinalOf(msisdn: number, accountNo: string | undefined, asked: BinaryRows): number {
    const known = this.#known.get(msisdn);
    if (known && known.accountNo === accountNo) return known.no;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    const no = ++this.#last;
    this.#known.set(msisdn, { no, accountNo });
    asked.row(3).int4(no).bytes(this.indexOf(msisdn)).ascii(accountNo);
    return no;
  }

  /** Finds the customers of the numbers asked for. @throws NotYourRecords when one is of a province that the sender does not send for. */
  async find(tx: Tx, { source, provinces }: Pick<Intake, 'source' | 'provinces'>, asked: BinaryRows): Promise<void> {
    if (asked.isEmpty) return;
    this.#asked += asked.rows;
    await asked.copyInto(tx, 'asked_subject', ['subject', 'msisdn_index', 'account_no']);
    await tx.execute('ANALYZE asked_subject'); // few numbers are looked up one by one, many by a scan
    const [row] = await tx.query<{ found: number }>(
      `WITH answer AS (
         INSERT INTO subject
         SELECT a.subject, COALESCE(o.customer_id, n.customer_id), a.msisdn_index, a.account_no
         FROM asked_subject a
           LEFT JOIN ${ACCOUNT_OWNER_VIEW} o ON o.source = $1 AND o.account_no = a.account_no
           LEFT JOIN ${NUMBER_DIRECTORY_VIEW} n ON a.account_no IS NULL AND n.msisdn_index = a.msisdn_index
         RETURNING customer_id
       ) SELECT count(customer_id) AS found FROM answer`,
      [source],
    );
    this.#found += row?.found ?? 0;
    await tx.execute('TRUNCATE asked_subject');
    if (!provinces) return;
    const foreign = await tx.query(
      `SELECT 1 FROM subject JOIN ${PROFILE_VIEW} p USING (customer_id) WHERE p.region <> ALL ($1::text[]) LIMIT 1`,
      [provinces],
    );
    if (foreign.length > 0) throw new NotYourRecords('customer');
  }

  /** Whether some number so far belongs to nobody. */
  get someAreUnknown(): boolean {
    return this.#found < this.#asked;
  }
}
