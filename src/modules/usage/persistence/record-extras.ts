import type { Tx } from '../../../platform/database/index.js';
import type { PersonalData } from '../../../platform/privacy/index.js';
import type { Kind } from '../domain/codes.js';
import type { Intake } from '../domain/intake.js';
import { BinaryRows } from './binary-copy.js';
import { RECORD_DIRECTORY } from './record-directory.js';
import { ARREARS, BILL, PAYMENT, USAGE } from './staged-kind.js';

/** A record that may say more than the contract knows. */
export interface SaysMore {
  readonly recordId: string;
  readonly version: number;
  /** JSON of names and values. */
  readonly extra: string | undefined;
}

/** What an extra is bound to when it is sealed. */
export const extraContext = (kind: string, source: string, recordId: string, version: number): string =>
  `usage.extra:${kind}:${source}:${recordId}:${version}`;

/** Keeps what the records of an intake say beyond the contract, sealed, once it is known which of them were stored. */
export class RecordExtras {
  #rows = new BinaryRows();
  #count = 0;
  #isStaged = false;

  constructor(
    private readonly tx: Tx,
    private readonly intake: Intake,
    private readonly personalData: PersonalData,
  ) {}

  add({ recordId, version, extra = '' }: SaysMore): void {
    const { kind, source } = this.intake;
    const sealed = this.personalData.seal(extra, extraContext(kind, source, recordId, version));
    this.#rows.row(4).int4(++this.#count).ascii(recordId).int2(version).bytes(sealed);
  }

  /** Sends to the database what was added so far. */
  async stage(): Promise<void> {
    const rows = this.#rows;
    if (rows.isEmpty) return;
    this.#rows = new BinaryRows(); // lines of the next batch are read meanwhile
    if (!this.#isStaged) {
      await this.tx.execute(
        'CREATE TEMP TABLE staged_extra (place int, record_id text COLLATE "C", version smallint, sealed bytea) ON COMMIT DROP',
      );
      this.#isStaged = true;
    }
    await rows.copyInto(this.tx, 'staged_extra', ['place', 'record_id', 'version', 'sealed']);
  }

  /** Of those with one identity the first was stored, if any; it may be of an earlier part of the same intake. */
  async keep(): Promise<void> {
    await this.stage();
    if (!this.#isStaged) return;
    const { intakeId, kind, source, receivedAt } = this.intake;
    await this.tx.execute('ANALYZE staged_extra');
    await this.tx.execute(
      `INSERT INTO usage.record_extra (customer_id, kind, source, record_id, version, sealed, recorded_at)
       SELECT DISTINCT ON (r.customer_id, x.record_id, x.version) r.customer_id, $1, $2, x.record_id, x.version, x.sealed, $3
       FROM staged_extra x JOIN ${STORED[kind]} AND r.file_id = $4
       ORDER BY r.customer_id, x.record_id, x.version, x.place
       ON CONFLICT DO NOTHING`,
      [kind, source, receivedAt, intakeId],
    );
    await this.tx.execute('DROP TABLE staged_extra');
    this.#isStaged = false;
  }
}

const inDirectory = ({
  table,
  idColumn,
  monthColumn,
}: Readonly<Record<'table' | 'idColumn' | 'monthColumn', string>>): string =>
  `${RECORD_DIRECTORY} d ON d.source = $2 AND d.kind = $1 AND d.record_id = x.record_id AND d.version = x.version
   JOIN ${table} r ON r.customer_id = d.customer_id AND r.${monthColumn} = d.month AND r.source = $2
     AND r.${idColumn} = x.record_id AND r.version = x.version`;

/** Where the stored records of a kind are found by their identity. */
const STORED: Readonly<Record<Kind, string>> = {
  SUB: 'usage.subscription_record r ON r.source = $2 AND r.record_id = x.record_id AND r.version = x.version',
  USG: inDirectory(USAGE),
  BIL: inDirectory(BILL),
  PAY: inDirectory(PAYMENT),
  ARR: inDirectory(ARREARS),
};

/** That there was something stays, what it said is gone. */
export const forgetExtras = (tx: Tx, customerId: string): Promise<number> =>
  tx.execute(`UPDATE usage.record_extra SET sealed = '' WHERE customer_id = $1`, [customerId]);
