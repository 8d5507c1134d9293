import { Injectable } from '@nestjs/common';
import type { Row } from '../../../platform/database/index.js';
import { PersonalData, type SubjectSecret } from '../../../platform/privacy/index.js';
import { ACCESS_LINES_ABOUT_CUSTOMER, AUDIT_LINES_ABOUT_CUSTOMER } from '../../organization/index.js';
import {
  openIdentity,
  sealedDocumentContext,
  sealedExtraContext,
  sealedNumberContext,
  sealedProofContext,
} from './sealed-values.js';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from './subject-copy.js';
import { contextOf } from './subject-requests.js';

/** Who somebody is, and what was done with what is known of him. */
@Injectable()
@ContributesToSubjectCopy('customers')
export class CustomersInCopy implements ContributesSections {
  constructor(private readonly personalData: PersonalData) {}

  sections(): readonly CopySection[] {
    const opened = (row: Row, column: string, contextOfRow: (id: string) => string, id: string): string | undefined =>
      this.personalData.openIfKept(
        row[column] as Buffer | null,
        contextOfRow(String(row[id])),
        row['secret'] as SubjectSecret | null,
      );
    return [
      {
        name: 'customers.customer',
        title: 'Who you are (客户资料)',
        sql: `SELECT c.*, p.identity_sealed, p.id_type, pk.secret AS party_secret, k.secret
              FROM customers.customer c JOIN customers.party p ON p.party_id = c.party_id
              LEFT JOIN vault.subject_key pk ON pk.subject_id = c.party_id
              LEFT JOIN vault.subject_key k ON k.subject_id = c.customer_id WHERE c.customer_id = $1`,
        show: (row) => {
          const extra = opened(row, 'extra_sealed', sealedExtraContext, 'customer_id');
          const { party_id: partyId, party_secret: secret, identity_sealed: sealed } = row;
          return {
            ...openIdentity(
              this.personalData,
              String(partyId),
              secret as SubjectSecret | null,
              sealed as Buffer | null,
            ),
            idType: row['id_type'],
            accountNo: row['account_no'],
            archive: row['archive'],
            status: row['status'],
            statusReason: row['status_reason'],
            region: row['region'],
            branchCode: row['branch_code'],
            brand: row['brand'],
            openedOn: row['opened_on'],
            closedOn: row['closed_on'],
            activatedOn: row['activated_on'],
            simKind: row['sim_kind'],
            tariffCode: row['tariff_code'],
            packageFeeFen: row['package_fee_fen'],
            contractEndsOn: row['contract_ends_on'],
            creditGrade: row['credit_grade'],
            realName: row['real_name'],
            realNameFound: row['real_name_found'],
            yourStatements: extra === undefined ? undefined : (JSON.parse(extra) as object),
          };
        },
      },
      {
        name: 'customers.factSource',
        title: 'Where your statements came from (资料来源)',
        sql: `SELECT fact, source, collected_by_kind AS "collectedByKind", collected_at AS "collectedAt"
              FROM customers.fact_source WHERE customer_id = $1 ORDER BY fact`,
      },
      {
        name: 'customers.subscription',
        title: 'Your numbers (号码)',
        sql: `SELECT s.*, k.secret FROM customers.subscription s LEFT JOIN vault.subject_key k ON k.subject_id = s.customer_id
              WHERE s.customer_id = $1 ORDER BY s.activated_on, s.subscription_id`,
        show: (row) => ({
          msisdn: opened(row, 'msisdn_sealed', sealedNumberContext, 'subscription_id'),
          accountNo: row['account_no'],
          status: row['status'],
          statusAt: row['status_at'],
          activatedOn: row['activated_on'],
          brand: row['brand'],
          region: row['region'],
          branchCode: row['branch_code'],
          tariffCode: row['tariff_code'],
          packageFeeFen: row['package_fee_fen'],
          simKind: row['sim_kind'],
          contractEndsOn: row['contract_ends_on'],
          realName: row['real_name'],
          creditGrade: row['credit_grade'],
        }),
      },
      {
        name: 'customers.archiveMove',
        title: 'Joining and leaving (入网与离网)',
        sql: `SELECT from_archive AS "from", to_archive AS "to", moved_on AS "movedOn"
              FROM customers.archive_move WHERE customer_id = $1 ORDER BY moved_on, move_id`,
      },
      {
        name: 'customers.groupMember',
        title: 'Groups that you belong to (所属集团)',
        sql: `SELECT customer_id AS "groupId", joined_on AS "joinedOn", NULLIF(left_on, '9999-12-31') AS "leftOn"
              FROM customers.group_member WHERE member_id = $1 ORDER BY joined_on, membership_id`,
      },
      {
        name: 'customers.realNameVerification',
        title: 'Checks of your papers (实名核验)',
        sql: `SELECT v.*, k.secret FROM customers.real_name_verification v
              LEFT JOIN vault.subject_key k ON k.subject_id = v.customer_id
              WHERE v.customer_id = $1 ORDER BY v.verified_at, v.verification_id`,
        show: (row) => ({
          outcome: row['outcome'],
          reasons: row['reasons'],
          documentKind: row['document_kind'],
          document: opened(row, 'document_sealed', sealedDocumentContext, 'verification_id'),
          channel: row['channel'],
          verifiedAt: row['verified_at'],
        }),
      },
      {
        name: 'customers.consent',
        title: 'What you agreed to, refused and withdrew (同意记录)',
        sql: `SELECT v.*, k.secret FROM customers.consent v LEFT JOIN vault.subject_key k ON k.subject_id = v.customer_id
              WHERE v.customer_id = $1 ORDER BY v.recorded_at, v.purpose, v.nth`,
        show: (row) => ({
          purpose: row['purpose'],
          entry: row['entry'],
          textVersion: row['text_version'],
          channel: row['channel'],
          saidAt: row['said_at'],
          proof: opened(row, 'proof_sealed', sealedProofContext, 'consent_id'),
        }),
      },
      {
        name: 'customers.session',
        title: 'Your sign-ins (登录记录)',
        sql: `SELECT opened_at AS "openedAt", expires_at AS "expiresAt", closed_at AS "closedAt"
              FROM customers.customer_session WHERE customer_id = $1 ORDER BY opened_at, session_id`,
      },
      {
        name: 'customers.callerVerification',
        title: 'When you were asked who you are (身份核对)',
        sql: `SELECT method, is_right AS "isRight", answered_at AS "answeredAt"
              FROM customers.caller_verification WHERE customer_id = $1 ORDER BY answered_at, verification_id`,
      },
      {
        name: 'customers.subjectRequest',
        title: 'What you asked about your data (权利请求)',
        sql: `SELECT r.*, k.secret FROM customers.subject_request r LEFT JOIN vault.subject_key k ON k.subject_id = r.customer_id
              WHERE r.customer_id = $1 ORDER BY r.received_at, r.request_id`,
        show: (row) => ({
          kind: row['kind'],
          channel: row['channel'],
          receivedAt: row['received_at'],
          dueOn: row['due_on'],
          detail: opened(row, 'detail_sealed', contextOf, 'request_id'),
          status: row['status'],
          answer: row['answer'],
          closedAt: row['closed_at'],
        }),
      },
      { name: 'register.access', title: 'Who looked at your data (查阅登记)', sql: ACCESS_LINES_ABOUT_CUSTOMER },
      { name: 'register.audit', title: 'What was changed (操作留痕)', sql: AUDIT_LINES_ABOUT_CUSTOMER },
    ];
  }
}
