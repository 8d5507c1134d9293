import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import {
  DefinesRun,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { oldEnvelopes, replaceEnvelopes, SEALED_COLUMNS } from '../persistence/old-envelopes.js';
import { secretIn, SubjectKeys } from '../persistence/subject-keys.js';
import { sealedExtraContext, sealedIdentityContext, sealedNumberContext } from './sealed-values.js';

const CONTEXT = {
  identity_sealed: sealedIdentityContext,
  msisdn_sealed: sealedNumberContext,
  extra_sealed: sealedExtraContext,
};

/**
 * Seals what an earlier release had sealed with the data key alone under the key of its subject. Started by the migration that
 * brought those keys; started again (another key) it finds nothing to do.
 */
@DefinesRun()
@Injectable()
export class ResealCustomers implements RunDefinition {
  readonly kind = 'customers.reseal';
  readonly describe = 'Seals personal data of an earlier release under the keys of the customers it belongs to.';
  readonly permission = 'privacy.run';
  readonly sliceSize = 5_000;

  constructor(
    private readonly personalData: PersonalData,
    private readonly subjectKeys: SubjectKeys,
    private readonly clock: Clock,
  ) {}

  population(): Population {
    return { sql: 'SELECT customer_id FROM customers.customer WHERE erased_at IS NULL' };
  }

  async slice(tx: Tx, _run: Run, slice: Slice): Promise<Counts> {
    const counts: Record<string, number> = {};
    for (const column of SEALED_COLUMNS) {
      const old = await oldEnvelopes(tx, column, slice);
      const subjects = [...new Set(old.map(({ subjectId }) => subjectId))];
      const keys = await this.subjectKeys.ensure(tx, subjects, this.clock.now());
      const renewed = old.map(({ rowId, subjectId, sealed }) => {
        const context = CONTEXT[column.name](rowId);
        const plain = this.personalData.open(sealed, context);
        return { rowId, sealed: this.personalData.seal(plain, context, secretIn(keys, subjectId)) };
      });
      counts[column.name] = await replaceEnvelopes(tx, column, renewed);
    }
    return counts;
  }

  finish(_tx: Tx, _run: Run, totals: Counts): Promise<Outcome> {
    return Promise.resolve({ checksum: JSON.stringify(totals) });
  }
}
