import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { lastWord, type ConsentEntry, type ConsentRecord } from '../domain/consent.js';
import {
  ConsentTextOutdated,
  CustomerIsErased,
  CustomerNotFound,
  SaidInTheFuture,
  UnknownPurpose,
} from '../domain/refusals.js';
import { appendConsent, consentsOf, lockForConsent } from '../persistence/consents.js';
import { processingPurposes } from '../persistence/purposes.js';
import { secretIn, SubjectKeys } from '../persistence/subject-keys.js';
import { sealedProofContext } from './sealed-values.js';

/** What a customer said, and how we know. */
export interface SaidByCustomer {
  readonly customerId: string;
  readonly purpose: string;
  readonly entry: ConsentEntry;
  /** Of the text that the customer was shown; only a yes needs it. */
  readonly textVersion?: number | undefined;
  readonly channel: string;
  /** Default: now. */
  readonly saidAt?: Date | undefined;
  /** Where the proof lies: the number of a recording, of a form… Kept sealed. */
  readonly proof?: string | undefined;
  readonly actor: Pick<Actor, 'kind' | 'id'>;
}

/** Writes down what a customer says about a purpose (同意、撤回同意): a yes and a no are as easy as each other. */
@Injectable()
export class RecordConsent {
  constructor(
    private readonly transaction: Transaction,
    private readonly personalData: PersonalData,
    private readonly subjectKeys: SubjectKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * A yes to what holds already changes nothing and is answered with what was written down. A no said again begins its time anew.
   * @throws CustomerNotFound, CustomerIsErased, UnknownPurpose, ConsentTextOutdated, SaidInTheFuture
   */
  execute({
    customerId,
    purpose: code,
    entry,
    channel,
    proof,
    actor,
    ...said
  }: SaidByCustomer): Promise<ConsentRecord> {
    return this.transaction.run(async (tx) => {
      const standing = await lockForConsent(tx, customerId);
      if (!standing) throw new CustomerNotFound();
      if (standing.isErased) throw new CustomerIsErased();
      const asked = (await processingPurposes(tx)).filter(({ needsConsent }) => needsConsent);
      const purpose = asked.find((each) => each.code === code);
      if (!purpose) throw new UnknownPurpose(asked.map((each) => each.code));
      const textVersion = said.textVersion ?? purpose.textVersion;
      if (entry === 'GIVEN' && textVersion !== purpose.textVersion) throw new ConsentTextOutdated(purpose.textVersion);
      // After the lock: whoever waited for it said it later than what it waited for.
      const now = this.clock.now();
      const saidAt = said.saidAt ?? now;
      if (saidAt > now) throw new SaidInTheFuture();

      const before = await consentsOf(tx, customerId, code);
      const last = lastWord(before);
      const isSaidAgain = entry === 'GIVEN' && last?.entry === 'GIVEN' && last.textVersion === textVersion;
      if (isSaidAgain && last.saidAt <= saidAt) return last;
      const nth = before.length + 1;
      const by = { recordedByKind: actor.kind, recordedBy: actor.id, recordedAt: now };
      const about = { customerId, purpose: code, entry, textVersion, channel, saidAt };
      const record: ConsentRecord = { ...about, ...by, consentId: newId(), nth, hasProof: proof !== undefined };
      const secrets = proof === undefined ? undefined : await this.subjectKeys.ensure(tx, [customerId], now);
      const sealed =
        proof !== undefined && secrets
          ? this.personalData.seal(proof, sealedProofContext(record.consentId), secretIn(secrets, customerId))
          : undefined;
      await appendConsent(tx, record, sealed);
      const after = { purpose: code, entry, textVersion };
      tx.audit({ action: 'customers.consent', objectType: 'Consent', objectId: record.consentId, customerId, after });
      return record;
    });
  }
}
