/**
 * The records of the BOSS file contract in format 01 and how each is written as a `D` line.
 * Money is integer fen, time seconds, volume KB; instants are ISO-8601 with +08:00; an absent field is an empty one.
 */
export type FileKind = 'SUB' | 'USG' | 'BIL' | 'PAY' | 'ARR';
export type Operation = 'NEW' | 'CORRECT' | 'CANCEL';

export type SubscriptionStatus = 'ACTIVE' | 'SUSPENDED_ONE_WAY' | 'SUSPENDED_TWO_WAY' | 'TERMINATED';
export type Brand = 'GOTONE' | 'MZONE' | 'EASYOWN';
export type SimKind = 'MAIN' | 'SECONDARY' | 'DATA' | 'IOT';

/** What is said about one number as of `eventTime`; the later `(version, statusAt)` wins. */
export interface SubscriptionRecord {
  readonly recordId: string;
  readonly eventTime: string;
  readonly accountNo: string;
  readonly msisdn: string;
  readonly name: string;
  readonly idType: string;
  readonly idNumber: string;
  readonly birthDate: string;
  readonly brand: Brand;
  readonly regionHome: string;
  readonly branchCode: string;
  readonly activatedOn: string;
  readonly status: SubscriptionStatus;
  readonly statusAt: string;
  readonly tariffCode: string;
  readonly packageFeeFen: number;
  readonly simKind: SimKind;
  readonly contractEndsOn: string;
  readonly isRealName: boolean;
  readonly creditGrade: string;
  readonly operation: Operation;
  readonly version: number;
}

export type UsageEventType = 'VOICE_MO' | 'VOICE_MT' | 'SMS' | 'DATA' | 'ROAM' | 'VAS' | 'SERVICE';
export type CounterpartyClass =
  | 'ON_NET'
  | 'OFF_NET_CU'
  | 'OFF_NET_CT'
  | 'OFF_NET_CB'
  | 'FIXED'
  | 'INTL'
  | 'HOTLINE_OWN'
  | 'HOTLINE_RIVAL'
  | 'MNP_QUERY'
  | 'MNP_CODE'
  | 'BILL_DETAIL'
  | 'NONE';

/** One event, or a day's sum of one kind of event (`count` events). */
export interface UsageRecord {
  readonly recordId: string;
  readonly eventTime: string;
  readonly msisdn: string;
  readonly accountNo: string;
  readonly imsi: string;
  readonly eventType: UsageEventType;
  readonly counterpartyClass: CounterpartyClass;
  readonly durationSec: number;
  readonly volumeKb: number;
  readonly count: number;
  readonly feeFen: number;
  readonly taxFen: number;
  readonly regionHome: string;
  readonly regionVisited: string;
  readonly forwarded: '0' | '1' | '';
  readonly tariffCode: string;
  readonly cycle: string;
  readonly operation: Operation;
  readonly refRecordId: string;
  readonly version: number;
}

/** What a bill is made of. */
export interface BillCategories {
  readonly monthlyFeeFen: number;
  readonly voiceFen: number;
  readonly smsFen: number;
  readonly dataFen: number;
  readonly roamingFen: number;
  readonly vasFen: number;
  readonly collectedForOthersFen: number;
  readonly discountFen: number;
  readonly giftFen: number;
  readonly adjustmentFen: number;
}

export const NOTHING_BILLED: BillCategories = {
  monthlyFeeFen: 0,
  voiceFen: 0,
  smsFen: 0,
  dataFen: 0,
  roamingFen: 0,
  vasFen: 0,
  collectedForOthersFen: 0,
  discountFen: 0,
  giftFen: 0,
  adjustmentFen: 0,
};

/** The bill of one account and cycle. Invariant: the sum of the ten categories is `payableFen`. */
export interface BillRecord extends BillCategories {
  readonly billNo: string;
  readonly accountNo: string;
  readonly msisdn: string;
  readonly cycle: string;
  readonly payableFen: number;
  readonly paidFen: number;
  readonly arrearsFen: number;
  readonly dueDate: string;
  readonly issuedAt: string;
  readonly version: number;
  readonly supersedes: string;
}

export interface PaymentRecord {
  readonly paymentId: string;
  readonly accountNo: string;
  readonly msisdn: string;
  readonly paidAt: string;
  readonly amountFen: number;
  readonly method: string;
  readonly payer: 'SELF' | 'OTHER';
  readonly billNo: string;
  readonly operation: Operation;
  readonly refRecordId: string;
  readonly version: number;
}

/** One bill that was open at the begin of a day. */
export interface ArrearsRecord {
  readonly recordId: string;
  readonly snapshotOn: string;
  readonly accountNo: string;
  readonly msisdn: string;
  readonly billNo: string;
  readonly cycle: string;
  readonly dueDate: string;
  /** 0: settled. */
  readonly arrearsFen: number;
  readonly lateFeeFen: number;
  readonly status: 'OPEN' | 'DISPUTED' | 'WRITTEN_OFF';
  readonly operation: Operation;
  readonly refRecordId: string;
  readonly version: number;
}

/** A `D` line without its line end, and what it adds to the trailer. */
export interface ContractLine {
  readonly text: string;
  /** The record's time, `undefined` when what was written is no instant. */
  readonly at: string | undefined;
  readonly feeFen: number;
  readonly minutes: number;
  readonly volumeKb: number;
}

export function subscriptionLine(r: SubscriptionRecord): ContractLine {
  return {
    text:
      `D|${r.recordId}|${r.eventTime}|${r.accountNo}|${r.msisdn}|${r.name}|${r.idType}|${r.idNumber}|${r.birthDate}` +
      `|${r.brand}|${r.regionHome}|${r.branchCode}|${r.activatedOn}|${r.status}|${r.statusAt}|${r.tariffCode}` +
      `|${r.packageFeeFen}|${r.simKind}|${r.contractEndsOn}|${r.isRealName ? 1 : 0}|${r.creditGrade}|${r.operation}|${r.version}`,
    at: r.eventTime,
    feeFen: 0,
    minutes: 0,
    volumeKb: 0,
  };
}

export function usageLine(r: UsageRecord): ContractLine {
  const isVoice = r.eventType === 'VOICE_MO' || r.eventType === 'VOICE_MT';
  return {
    text:
      `D|${r.recordId}|${r.eventTime}|${r.msisdn}|${r.accountNo}|${r.imsi}|${r.eventType}|${r.counterpartyClass}` +
      `|${r.durationSec}|${r.volumeKb}|${r.count}|${r.feeFen}|${r.taxFen}|${r.regionHome}|${r.regionVisited}` +
      `|${r.forwarded}|${r.tariffCode}|${r.cycle}|${r.operation}|${r.refRecordId}|${r.version}`,
    at: r.eventTime,
    feeFen: r.feeFen,
    minutes: isVoice ? Math.ceil(r.durationSec / 60) : 0,
    volumeKb: r.volumeKb,
  };
}

export function billLine(r: BillRecord): ContractLine {
  return {
    text:
      `D|${r.billNo}|${r.accountNo}|${r.msisdn}|${r.cycle}|${r.monthlyFeeFen}|${r.voiceFen}|${r.smsFen}|${r.dataFen}` +
      `|${r.roamingFen}|${r.vasFen}|${r.collectedForOthersFen}|${r.discountFen}|${r.giftFen}|${r.adjustmentFen}` +
      `|${r.payableFen}|${r.paidFen}|${r.arrearsFen}|${r.dueDate}|${r.issuedAt}|${r.version}|${r.supersedes}`,
    at: r.issuedAt,
    feeFen: r.payableFen,
    minutes: 0,
    volumeKb: 0,
  };
}

export function paymentLine(r: PaymentRecord): ContractLine {
  return {
    text:
      `D|${r.paymentId}|${r.accountNo}|${r.msisdn}|${r.paidAt}|${r.amountFen}|${r.method}|${r.payer}|${r.billNo}` +
      `|${r.operation}|${r.refRecordId}|${r.version}`,
    at: r.paidAt,
    feeFen: r.amountFen,
    minutes: 0,
    volumeKb: 0,
  };
}

export function arrearsLine(r: ArrearsRecord): ContractLine {
  return {
    text:
      `D|${r.recordId}|${r.snapshotOn}|${r.accountNo}|${r.msisdn}|${r.billNo}|${r.cycle}|${r.dueDate}|${r.arrearsFen}` +
      `|${r.lateFeeFen}|${r.status}|${r.operation}|${r.refRecordId}|${r.version}`,
    at: `${r.snapshotOn}T00:00:00+08:00`,
    feeFen: r.arrearsFen,
    minutes: 0,
    volumeKb: 0,
  };
}
