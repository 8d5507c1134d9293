import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { newId, Transaction, type Tx } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import {
  acceptDocument,
  contradictions,
  type Contradiction,
  type IdentityDocument,
} from '../domain/identity-document.js';
import { statedFacts } from '../domain/main-facts.js';
import { CustomerIsErased, CustomerNotFound, UnknownDocumentKind } from '../domain/refusals.js';
import { documentKinds } from '../persistence/document-kinds.js';
import { secretIn, SubjectKeys } from '../persistence/subject-keys.js';
import { FindCustomers } from './find-customers.query.js';
import { ReadCustomers } from './read-customers.query.js';
import { documentKey } from './read-snapshot.js';
import { sealedDocumentContext } from './sealed-values.js';

/** A paper that somebody of the staff has in hand. */
export interface PresentedDocument {
  readonly customerId: string;
  readonly documentKind: string;
  readonly documentNumber: string;
  /** As it stands on the paper. */
  readonly name?: string | undefined;
  readonly channel: string;
  readonly actor: Pick<Actor, 'kind' | 'id'>;
}

export interface RealNameVerification {
  readonly verificationId: string;
  readonly customerId: string;
  readonly outcome: 'VERIFIED' | 'FAILED';
  readonly reasons: readonly Contradiction[];
  readonly documentKind: string;
  readonly channel: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly verifiedAt: Date;
}

/** Registers a customer with a real name (实名登记, CUS-08): the paper is checked, compared with what is known, and kept sealed. */
@Injectable()
export class VerifyRealName {
  constructor(
    private readonly transaction: Transaction,
    private readonly find: FindCustomers,
    private readonly read: ReadCustomers,
    private readonly personalData: PersonalData,
    private readonly subjectKeys: SubjectKeys,
    private readonly clock: Clock,
  ) {}

  /**
   * A paper that contradicts what is known is a `FAILED` verification, and is not kept.
   * @throws CustomerNotFound, CustomerIsErased, UnknownDocumentKind, DocumentTooNewOrOld, DocumentNumberRefused
   */
  execute(presented: PresentedDocument): Promise<RealNameVerification> {
    const { customerId, name, channel, actor } = presented;
    const now = this.clock.now();
    const today = businessDate(now);
    return this.transaction.run(async (tx) => {
      const kinds = await documentKinds(tx);
      const kind = kinds.find(({ code }) => code === presented.documentKind);
      if (!kind) throw new UnknownDocumentKind(kinds.map(({ code }) => code));
      const document = acceptDocument(kind, presented.documentNumber, today);

      const customer = (await this.find.lock(tx, customerId)) ? await this.read.one(customerId, tx) : undefined;
      if (!customer) throw new CustomerNotFound();
      if (customer.isErased) throw new CustomerIsErased();
      const { isResidentNumber } = kind;
      const known = { ...customer.identity, idType: customer.idType, sex: statedFacts(customer.extra).sex };
      const reasons = contradictions({ ...document, name, isResidentNumber }, known, today);

      const verificationId = newId();
      const outcome = reasons.length === 0 ? 'VERIFIED' : 'FAILED';
      const kept = outcome === 'VERIFIED' ? await this.seal(tx, customerId, verificationId, document, now) : undefined;
      await tx.execute(
        `INSERT INTO customers.real_name_verification (customer_id, verification_id, outcome, reasons, document_kind,
           document_sealed, document_index, channel, actor_kind, actor_id, verified_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        [
          ...[customerId, verificationId, outcome, reasons, kind.code, kept?.sealed ?? null, kept?.index ?? null],
          ...[channel, actor.kind, actor.id, now],
        ],
      );
      await tx.execute(
        `UPDATE customers.customer SET real_name_found = $2, version = version + 1, updated_at = $3
         WHERE customer_id = $1`,
        [customerId, outcome, now],
      );
      tx.audit({
        action: 'customers.verify-real-name',
        objectType: 'Customer',
        objectId: customerId,
        customerId,
        before: { realNameStatus: customer.realNameStatus },
        after: { realNameStatus: outcome },
      });
      const by = { actorKind: actor.kind, actorId: actor.id, verifiedAt: now };
      return { verificationId, customerId, outcome, reasons, documentKind: kind.code, channel, ...by };
    });
  }

  private async seal(
    tx: Tx,
    customerId: string,
    verificationId: string,
    { kind, number }: IdentityDocument,
    now: Date,
  ): Promise<{ readonly sealed: Buffer; readonly index: Buffer }> {
    const secret = secretIn(await this.subjectKeys.ensure(tx, [customerId], now), customerId);
    return {
      sealed: this.personalData.seal(number, sealedDocumentContext(verificationId), secret),
      index: this.personalData.blindIndex('idNumber', documentKey(kind, number)),
    };
  }
}
