import { Injectable } from '@nestjs/common';
import type { Row } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../customers/index.js';
import { ARREARS_STATUSES, COUNTERPARTY_CLASSES, EVENT_TYPES, OPERATIONS } from '../domain/codes.js';
import { extraContext } from '../persistence/record-extras.js';

/** What billing said of somebody: events, bills, payments, and the months made of them. */
@Injectable()
@ContributesToSubjectCopy('usage')
export class UsageInCopy implements ContributesSections {
  constructor(private readonly personalData: PersonalData) {}

  sections(): readonly CopySection[] {
    return [...SECTIONS, { ...EXTRAS, show: (row) => this.showExtra(row) }];
  }

  private showExtra({ sealed, ...row }: Row): object {
    const context = extraContext(
      String(row['kind']),
      String(row['source']),
      String(row['recordId']),
      Number(row['version']),
    );
    const extra = Buffer.isBuffer(sealed) && sealed.length > 0 ? this.personalData.open(sealed, context) : undefined;
    return { ...row, says: extra === undefined ? undefined : (JSON.parse(extra) as unknown) };
  }
}

const worded = (words: readonly string[], code: unknown): string | undefined => words[Number(code) - 1];

const SECTIONS: readonly CopySection[] = [
  {
    name: 'usage.record',
    title: 'Your usage (详单)',
    sql: `SELECT event_time AS "eventTime", event_type AS "eventType", counterparty_class AS "counterpartyClass",
            duration_sec AS "durationSec", volume_kb AS "volumeKb", event_count AS "count", fee_fen AS "feeFen",
            tax_fen AS "taxFen", region_home AS "regionHome", region_visited AS "regionVisited", forwarded,
            tariff_code AS "tariffCode", operation, version, is_current AS "isCurrent", source, record_id AS "recordId",
            received_at AS "receivedAt"
          FROM usage.usage_record WHERE customer_id = $1 ORDER BY month, event_time, source, record_id, version`,
    show: (row: Row) => ({
      ...row,
      eventType: worded(EVENT_TYPES, row['eventType']),
      counterpartyClass: worded(COUNTERPARTY_CLASSES, row['counterpartyClass']),
      operation: worded(OPERATIONS, row['operation']),
    }),
  },
  {
    name: 'usage.bill',
    title: 'Your bills (账单)',
    sql: `SELECT cycle, bill_no AS "billNo", version, is_current AS "isCurrent", monthly_fee_fen AS "monthlyFeeFen",
            voice_fen AS "voiceFen", sms_fen AS "smsFen", data_fen AS "dataFen", roaming_fen AS "roamingFen",
            vas_fen AS "vasFen", collected_for_others_fen AS "collectedForOthersFen", discount_fen AS "discountFen",
            gift_fen AS "giftFen", adjustment_fen AS "adjustmentFen", payable_fen AS "payableFen", paid_fen AS "paidFen",
            arrears_fen AS "arrearsFen", due_on AS "dueOn", issued_at AS "issuedAt", supersedes,
            run_type AS "runType"
          FROM usage.customer_bill WHERE customer_id = $1 ORDER BY cycle, source, bill_no, version`,
  },
  {
    name: 'usage.payment',
    title: 'Your payments (缴费)',
    sql: `SELECT paid_at AS "paidAt", amount_fen AS "amountFen", method, paid_by_other AS "paidByOther", bill_no AS "billNo",
            operation, version, is_current AS "isCurrent", payment_id AS "paymentId", region_paid AS "regionPaid"
          FROM usage.payment WHERE customer_id = $1 ORDER BY paid_at, source, payment_id, version`,
    show: (row: Row) => ({ ...row, operation: worded(OPERATIONS, row['operation']) }),
  },
  {
    name: 'usage.arrears',
    title: 'What was open of your bills (欠费)',
    sql: `SELECT snapshot_on AS "snapshotOn", bill_no AS "billNo", cycle, due_on AS "dueOn", arrears_fen AS "arrearsFen",
            late_fee_fen AS "lateFeeFen", status, operation, version, is_current AS "isCurrent", record_id AS "recordId"
          FROM usage.arrears_record WHERE customer_id = $1 ORDER BY snapshot_on, source, record_id, version`,
    show: (row: Row) => ({
      ...row,
      status: worded(ARREARS_STATUSES, row['status']),
      operation: worded(OPERATIONS, row['operation']),
    }),
  },
  {
    name: 'usage.arrearsDay',
    title: 'What you owed day by day (欠费日快照)',
    sql: `SELECT as_of AS "asOf", not_due_fen AS "notDueFen", overdue_0_30_fen AS "overdue0To30Fen",
            overdue_31_60_fen AS "overdue31To60Fen", overdue_61_90_fen AS "overdue61To90Fen",
            overdue_over_90_fen AS "overdueOver90Fen", written_off_fen AS "writtenOffFen", open_bills AS "openBills",
            oldest_due_on AS "oldestDueOn"
          FROM usage.arrears_day WHERE customer_id = $1 ORDER BY as_of`,
  },
  {
    name: 'usage.billPreference',
    title: 'How you want your bill (个性化帐单)',
    sql: `SELECT layout, channel, language, version, changed_at AS "changedAt" FROM usage.bill_preference WHERE customer_id = $1`,
  },
  {
    name: 'usage.itemisedList',
    title: 'Itemised lists that were asked for (收费清单申请)',
    sql: `SELECT month, format, fee_fen AS "feeFen", asked_by_kind AS "askedByKind", asked_at AS "askedAt", downloads
          FROM usage.itemised_list WHERE customer_id = $1 ORDER BY asked_at, list_id`,
  },
  {
    name: 'usage.hugeBill',
    title: 'Bills that you were warned of (巨额话费提醒)',
    sql: `SELECT bill_no AS "billNo", cycle, payable_fen AS "payableFen", earlier_fen AS "earlierFen",
            earlier_months AS "earlierMonths", found_at AS "foundAt", notice, told_at AS "toldAt"
          FROM usage.huge_bill WHERE customer_id = $1 ORDER BY cycle, source, first_bill_no`,
  },
  {
    name: 'usage.month',
    title: 'Your months as we count them (月度汇总)',
    sql: `SELECT month, spend_fen AS "spendFen", net_spend_fen AS "netSpendFen", paid_fen AS "paidFen",
            paid_by_others_fen AS "paidByOthersFen", arrears_fen AS "arrearsFen", voice_mo_sec AS "voiceOutSec",
            voice_mt_sec AS "voiceInSec", calls, sms, data_kb AS "dataKb", roam_kb AS "roamKb",
            offnet_calls AS "offnetCalls", forwarded_calls AS "forwardedCalls", rival_hotline_calls AS "rivalHotlineCalls",
            mnp_queries AS "portingQueries", mnp_codes AS "portingCodes", bill_detail_queries AS "billDetailQueries",
            two_way_suspensions AS "twoWaySuspensions", one_way_suspensions AS "oneWaySuspensions",
            tariff_code AS "tariffCode"
          FROM usage.customer_month WHERE customer_id = $1 ORDER BY month`,
  },
  {
    name: 'usage.monthChange',
    title: 'Changes of months that were closed (关账后变更)',
    sql: `SELECT month, kind, changed_at AS "changedAt" FROM usage.month_change
          WHERE customer_id = $1 ORDER BY changed_at, month, kind`,
  },
  {
    name: 'usage.handledOrder',
    title: 'Business that was handled for you (已办理业务)',
    sql: `SELECT order_no AS "orderNo", order_type AS "orderType", handled_at AS "handledAt", effective_from AS "effectiveFrom",
            expected, verdict, differences, resolution, resolved_at AS "resolvedAt"
          FROM usage.handled_order WHERE customer_id = $1 ORDER BY handled_at, order_no`,
  },
];

const EXTRAS: CopySection = {
  name: 'usage.extra',
  title: 'What billing said beyond its contract with us (附加字段)',
  sql: `SELECT kind, source, record_id AS "recordId", version, sealed
        FROM usage.record_extra WHERE customer_id = $1 ORDER BY kind, source, record_id, version`,
};
