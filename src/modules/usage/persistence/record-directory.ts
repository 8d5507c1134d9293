import { withoutNestedLoops, type Tx } from '../../../platform/database/index.js';
import type { Intake } from '../domain/intake.js';
import { BinaryRows } from './binary-copy.js';
import { DIRECTORY_COLUMNS, type StagedBatch } from './record-batch.js';
import type { IdentifiedRecord } from './staged-kind.js';

export const RECORD_DIRECTORY = 'usage.record_directory';

export type Known = 'DUPLICATE' | 'CONFLICT';

/**
 * Asks the directory of all records, which of a batch have been stored before (promises 1, 2 and 13 of DOMAIN §4.3). Of two contents under
 * one identity the first to come stands: nothing else of what is stored, held or refused depends on the order of arrival.
 */
export class RecordDirectory {
  readonly #questions = new BinaryRows();
  #isOpen = false;

  constructor(
    private readonly tx: Tx,
    private readonly intake: Intake,
  ) {}

  /**
   * Which of these are not new, by place. Of two in the batch with one identity the first is new. The same record is one with the same
   * content, month and customer, or nobody's; one that waits with other content stands as well.
   */
  async known<R extends IdentifiedRecord>(
    batch: StagedBatch<R>,
    places: readonly number[],
  ): Promise<ReadonlyMap<number, Known>> {
    const { tx, intake } = this;
    if (!this.#isOpen) {
      await tx.execute(
        `CREATE TEMP TABLE asked_record (customer_id uuid, month date, content_hash bigint, version smallint,
           record_id text COLLATE "C", place int) ON COMMIT DROP`,
      );
      this.#isOpen = true;
    }
    batch.writeQuestions(this.#questions, places);
    await this.#questions.copyInto(tx, 'asked_record', [...DIRECTORY_COLUMNS.slice(0, -2), 'place']);
    this.#questions.clear();
    // All are found in one walk of the key. How many that will be nobody can estimate: one by one they must not be joined.
    // Places come as packed integers.
    const [answer] = await withoutNestedLoops(tx, () =>
      tx.query<{ same: Buffer | null; other: Buffer | null }>(
        `WITH first AS (
         SELECT a.*, row_number() OVER same AS nth, first_value(customer_id) OVER same AS first_customer,
           first_value(content_hash) OVER same AS first_hash
         FROM asked_record a WINDOW same AS (PARTITION BY record_id, version ORDER BY place)
       ), answer AS (
         SELECT first.place, CASE
           WHEN d.content_hash IS NOT NULL THEN d.content_hash = first.content_hash AND d.month = first.month
             AND (first.customer_id = '${NOBODYS}' OR d.customer_id = first.customer_id)
           WHEN h.content_hash <> first.content_hash THEN false
           WHEN nth > 1 THEN first_hash = first.content_hash AND first_customer = first.customer_id END AS is_same
         FROM first
           LEFT JOIN (
             SELECT record_id, version, content_hash, month, customer_id FROM ${RECORD_DIRECTORY}
             WHERE source = $1 AND kind = $2 AND record_id = ANY (ARRAY (SELECT record_id FROM asked_record)) OFFSET 0
           ) d USING (record_id, version)
           LEFT JOIN (
             SELECT record_id, version, content_hash FROM usage.held_record
             WHERE source = $1 AND kind = $2
               AND record_id = ANY (ARRAY (SELECT record_id COLLATE "default" FROM asked_record)) OFFSET 0
           ) h USING (record_id, version)
       )
       SELECT string_agg(int4send(place), '') FILTER (WHERE is_same) AS same,
         string_agg(int4send(place), '') FILTER (WHERE NOT is_same) AS other FROM answer`,
        [intake.source, intake.kind],
      ),
    );
    await tx.execute('TRUNCATE asked_record');
    const known = new Map<number, Known>();
    for (const place of integers(answer?.same)) known.set(place, 'DUPLICATE');
    for (const place of integers(answer?.other)) known.set(place, 'CONFLICT');
    return known;
  }
}

/** What stands in a row whose customer was not found. */
const NOBODYS = '00000000-0000-0000-0000-000000000000';

const integers = (packed: Buffer | null | undefined): number[] =>
  Array.from({ length: (packed?.length ?? 0) / 4 }, (_, n) => packed?.readInt32BE(n * 4) ?? 0);
