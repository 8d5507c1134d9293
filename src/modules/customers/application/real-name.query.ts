import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { PersonalData, type SubjectSecret } from '../../../platform/privacy/index.js';
import { realNameStatus, type DocumentKind, type RealNameStatus } from '../domain/identity-document.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { documentKinds } from '../persistence/document-kinds.js';
import { sealedDocumentContext } from './sealed-values.js';
import type { RealNameVerification } from './verify-real-name.js';

@Injectable()
export class FindRealName {
  constructor(
    private readonly database: Database,
    private readonly personalData: PersonalData,
  ) {}

  kinds(): Promise<readonly DocumentKind[]> {
    return documentKinds(this.database);
  }

  /** The status, and every verification, the last first. @throws CustomerNotFound */
  async of(
    customerId: string,
  ): Promise<{ readonly status: RealNameStatus; readonly verifications: readonly RealNameVerification[] }> {
    const [customer] = await this.database.query<{ found: 'VERIFIED' | 'FAILED' | null; billing: boolean }>(
      'SELECT real_name_found AS found, real_name AS billing FROM customers.customer WHERE customer_id = $1',
      [customerId],
    );
    if (!customer) throw new CustomerNotFound();
    const verifications = await this.database.query<RealNameVerification>(
      `SELECT verification_id AS "verificationId", customer_id AS "customerId", outcome, reasons,
         document_kind AS "documentKind", channel, actor_kind AS "actorKind", actor_id AS "actorId",
         verified_at AS "verifiedAt"
       FROM customers.real_name_verification WHERE customer_id = $1 ORDER BY verified_at DESC, verification_id DESC`,
      [customerId],
    );
    return { status: realNameStatus(customer.found ?? undefined, customer.billing), verifications };
  }

  /** The paper with which the customer was verified last; in the clear. */
  async document(customerId: string): Promise<{ readonly kind: string; readonly number: string } | undefined> {
    const [row] = await this.database.query<{ id: string; kind: string; sealed: Buffer; secret: SubjectSecret | null }>(
      `SELECT v.verification_id AS id, v.document_kind AS kind, v.document_sealed AS sealed, k.secret
       FROM customers.real_name_verification v LEFT JOIN vault.subject_key k ON k.subject_id = v.customer_id
       WHERE v.customer_id = $1 AND v.outcome = 'VERIFIED' ORDER BY v.verified_at DESC, v.verification_id DESC LIMIT 1`,
      [customerId],
    );
    const number = row && this.personalData.openIfKept(row.sealed, sealedDocumentContext(row.id), row.secret);
    return number === undefined ? undefined : { kind: row?.kind ?? '', number };
  }
}
