import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { newSubjectSecret, type SubjectSecret } from '../../../platform/privacy/index.js';
import { CustomerIsErased } from '../domain/refusals.js';
import { column } from './bulk.js';

/**
 * The secrets under which what identifies somebody is sealed, one for each subject: a **party** (its identity: name,
 * document, birthday) or a **customer** (its numbers, its contact media and facts, the proofs of its consents). A customer's
 * id never changes, its party may: so whatever a table keeps by `customer_id` is sealed with the customer's secret.
 *
 * ```ts
 * const keys = await this.subjectKeys.ensure(tx, [customerId], now);
 * const sealed = this.personalData.seal(email, `fact.email:${customerId}`, secretIn(keys, customerId));
 * // Reading, in one statement: LEFT JOIN vault.subject_key k ON k.subject_id = f.customer_id
 * const email = this.personalData.openIfKept(row.sealed, `fact.email:${customerId}`, row.secret); // undefined once erased
 * ```
 *
 * Erasing somebody is the loss of these rows (crypto-shredding). They lie in a schema of their own which no backup of the
 * data contains, so the loss reaches the backups too.
 */
@Injectable()
export class SubjectKeys {
  /** Secrets of subjects that are new with certainty: their ids were made in this transaction. */
  async make(tx: Tx, subjectIds: readonly string[], at: Date): Promise<Map<string, SubjectSecret>> {
    const made = new Map(subjectIds.map((id) => [id, newSubjectSecret()]));
    if (made.size > 0) await insert(tx, made, at);
    return made;
  }

  /**
   * The secrets of these subjects, made for those that have none yet.
   * @throws CustomerIsErased
   */
  async ensure(tx: Tx, subjectIds: readonly string[], at: Date): Promise<ReadonlyMap<string, SubjectSecret>> {
    const keys = await this.ensureUnlessErased(tx, subjectIds, at);
    if (keys.size < new Set(subjectIds).size) throw new CustomerIsErased();
    return keys;
  }

  /** As {@link ensure}, without those who were erased. */
  async ensureUnlessErased(
    tx: Tx,
    subjectIds: readonly string[],
    at: Date,
  ): Promise<ReadonlyMap<string, SubjectSecret>> {
    const known = await this.find(tx, subjectIds);
    const missing = new Map(subjectIds.filter((id) => !known.has(id)).map((id) => [id, newSubjectSecret()]));
    if (missing.size === 0) return known;
    await insert(tx, missing, at, NOT_ERASED);
    // Somebody may have been quicker, and theirs is the one that holds.
    return new Map([...known, ...(await this.find(tx, [...missing.keys()]))]);
  }

  /** The secrets that there are. */
  async find(reader: Pick<Tx, 'query'>, subjectIds: readonly string[]): Promise<ReadonlyMap<string, SubjectSecret>> {
    if (subjectIds.length === 0) return new Map();
    const rows = await reader.query<{ subject_id: string; secret: SubjectSecret }>(
      'SELECT subject_id, secret FROM vault.subject_key WHERE subject_id = ANY($1::uuid[])',
      [column(subjectIds, (id) => id)],
    );
    return new Map(rows.map((row) => [row.subject_id, row.secret]));
  }
}

/** The secret of a subject that was asked for. */
export function secretIn(keys: ReadonlyMap<string, SubjectSecret>, subjectId: string): SubjectSecret {
  const secret = keys.get(subjectId);
  if (!secret) throw new Error('A subject has no key');
  return secret;
}

const NOT_ERASED = `WHERE NOT EXISTS (
    SELECT FROM customers.customer c WHERE c.customer_id = n.subject_id AND c.erased_at IS NOT NULL)
  ON CONFLICT DO NOTHING`;

async function insert(tx: Tx, secrets: ReadonlyMap<string, SubjectSecret>, at: Date, condition = ''): Promise<void> {
  await tx.execute(
    `INSERT INTO vault.subject_key (subject_id, secret, created_at)
     SELECT subject_id, secret, $3 FROM unnest($1::uuid[], $2::bytea[]) AS n (subject_id, secret) ${condition}`,
    [column([...secrets.keys()], (id) => id), column([...secrets.values()], (secret) => secret), at],
  );
}
