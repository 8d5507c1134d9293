import { Injectable } from '@nestjs/common';
import { Database, isId, type Tx } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { normaliseMsisdn, PersonalData, type SubjectSecret } from '../../../platform/privacy/index.js';
import { PERSONAL_PROFILE } from '../domain/consent.js';
import { realNameStatus, type RealNameStatus } from '../domain/identity-document.js';
import type { Archive, CustomerStatus } from '../domain/profile.js';
import { inSight } from '../persistence/sight.js';
import { openIdentity, sealedExtraContext, sealedNumberContext, type Identity } from './sealed-values.js';

/** A customer with its personal data opened. It must not leave the module unmasked, nor be logged. */
export interface OpenCustomer {
  readonly customerId: string;
  readonly partyId: string;
  readonly partyKind: 'individual' | 'organization';
  readonly kind: 'individual' | 'group';
  readonly identity: Identity;
  readonly idType: string | undefined;
  /** E.164 number of the main subscription. */
  readonly msisdn: string | undefined;
  /** Attributes that a client gave and that are not ours. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** `undefined` for customers that were made by API. */
  readonly accountNo: string | undefined;
  readonly archive: Archive;
  readonly status: CustomerStatus;
  readonly statusReason: string | undefined;
  readonly region: string | undefined;
  readonly branchCode: string | undefined;
  readonly brand: string | undefined;
  readonly openedOn: string;
  readonly closedOn: string | undefined;
  readonly activatedOn: string | undefined;
  readonly simKind: string | undefined;
  readonly tariffCode: string | undefined;
  readonly realNameStatus: RealNameStatus;
  /** Consent to keep marital and work status is effective now. */
  readonly consentsToProfile: boolean;
  /** When billing last said who this is. */
  readonly identityUpdatedAt: Date;
  readonly creditGrade: string | undefined;
  /** Nothing but figures is left of it. */
  readonly isErased: boolean;
  readonly version: number;
}

// A scalar subselect: EXISTS would be answered by hashing everybody's consents for a page of a hundred.
const SELECT = `c.*, p.kind AS party_kind, p.identity_sealed, p.id_type, p.updated_at AS party_updated_at, s.msisdn_sealed,
  COALESCE((SELECT true FROM customers.effective_consent e
    WHERE e.customer_id = c.customer_id AND e.purpose = '${PERSONAL_PROFILE}' LIMIT 1), false) AS consents_to_profile,
  pk.secret AS party_secret, ck.secret AS customer_secret`;
const JOINED = `JOIN customers.party p ON p.party_id = c.party_id
  LEFT JOIN customers.subscription s ON s.customer_id = c.customer_id AND s.subscription_id = c.main_subscription_id
  LEFT JOIN vault.subject_key pk ON pk.subject_id = c.party_id
  LEFT JOIN vault.subject_key ck ON ck.subject_id = c.customer_id`;
const FROM = `customers.customer c ${JOINED}`;

@Injectable()
export class ReadCustomers {
  constructor(
    private readonly database: Database,
    private readonly personalData: PersonalData,
  ) {}

  page<V extends object>(list: ListRequest, view: (customer: OpenCustomer) => V): Promise<Page<V>> {
    const countSql = 'SELECT count(*) AS total FROM customers.customer c WHERE {where}';
    return readPage<Row, V>(this.database, list, { select: SELECT, from: FROM, countSql }, (row) =>
      view(this.open(row)),
    );
  }

  async one(customerId: string, source: Pick<Tx, 'query'> = this.database): Promise<OpenCustomer | undefined> {
    if (!isId(customerId)) return undefined;
    const [row] = await source.query<Row>(`SELECT ${SELECT} FROM ${FROM} WHERE c.customer_id = $1 AND ${inSight()}`, [
      customerId,
    ]);
    return row && this.open(row);
  }

  /** Everybody who has or had the number, its present holder first. @throws InvalidMsisdn */
  async byMsisdn(msisdn: string): Promise<readonly OpenCustomer[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${SELECT} FROM customers.subscription held
       JOIN customers.customer c ON c.customer_id = held.customer_id ${JOINED}
       LEFT JOIN customers.msisdn_directory d ON d.msisdn_index = held.msisdn_index AND d.subscription_id = held.subscription_id
       WHERE held.msisdn_index = $1 AND ${inSight()}
       ORDER BY d.subscription_id IS NULL, held.activated_on DESC, c.customer_id`,
      [this.personalData.blindIndex('msisdn', normaliseMsisdn(msisdn))],
    );
    return rows.map((row) => this.open(row));
  }

  async byAccount(source: string, accountNo: string): Promise<readonly OpenCustomer[]> {
    const rows = await this.database.query<Row>(
      `SELECT ${SELECT} FROM ${FROM} WHERE c.customer_id =
         (SELECT customer_id FROM customers.account_directory WHERE source = $1 AND account_no = $2) AND ${inSight()}`,
      [source, accountNo],
    );
    return rows.map((row) => this.open(row));
  }

  private open(row: Row): OpenCustomer {
    const { customer_secret: secret, main_subscription_id: mainId } = row;
    const extra = this.personalData.openIfKept(row.extra_sealed, sealedExtraContext(row.customer_id), secret);
    return {
      customerId: row.customer_id,
      partyId: row.party_id,
      partyKind: row.party_kind,
      kind: row.kind,
      identity: openIdentity(this.personalData, row.party_id, row.party_secret, row.identity_sealed),
      idType: row.id_type ?? undefined,
      msisdn: this.personalData.openIfKept(row.msisdn_sealed, sealedNumberContext(mainId ?? ''), secret),
      extra: extra === undefined ? {} : (JSON.parse(extra) as Record<string, unknown>),
      accountNo: row.account_no ?? undefined,
      archive: row.archive,
      status: row.status,
      statusReason: row.status_reason ?? undefined,
      region: row.region ?? undefined,
      branchCode: row.branch_code ?? undefined,
      brand: row.brand ?? undefined,
      openedOn: row.opened_on,
      closedOn: row.closed_on ?? undefined,
      activatedOn: row.activated_on ?? undefined,
      simKind: row.sim_kind ?? undefined,
      tariffCode: row.tariff_code ?? undefined,
      realNameStatus: realNameStatus(row.real_name_found ?? undefined, row.real_name),
      consentsToProfile: row.consents_to_profile,
      identityUpdatedAt: row.party_updated_at,
      creditGrade: row.credit_grade ?? undefined,
      isErased: row.erased_at !== null,
      version: row.version,
    };
  }
}

interface Row {
  customer_id: string;
  party_id: string;
  party_kind: 'individual' | 'organization';
  kind: 'individual' | 'group';
  identity_sealed: Buffer | null;
  party_secret: SubjectSecret | null;
  customer_secret: SubjectSecret | null;
  id_type: string | null;
  msisdn_sealed: Buffer | null;
  main_subscription_id: string | null;
  extra_sealed: Buffer | null;
  account_no: string | null;
  archive: Archive;
  status: CustomerStatus;
  status_reason: string | null;
  region: string | null;
  branch_code: string | null;
  brand: string | null;
  opened_on: string;
  closed_on: string | null;
  activated_on: string | null;
  sim_kind: string | null;
  tariff_code: string | null;
  real_name: boolean;
  real_name_found: 'VERIFIED' | 'FAILED' | null;
  consents_to_profile: boolean;
  party_updated_at: Date;
  credit_grade: string | null;
  erased_at: Date | null;
  version: number;
}
