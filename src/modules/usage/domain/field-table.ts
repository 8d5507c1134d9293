import type { Kind } from './codes.js';
import type { ErrorCode } from './rejection.js';

/** How a value is written. */
export type FieldType =
  'id' | 'instant' | 'date' | 'cycle' | 'msisdn' | 'imsi' | 'text' | 'word' | 'province' | 'fen' | 'integer' | 'seconds' | 'KB' | '0/1'; // prettier-ignore

/** One field of the records of a kind: the contract, its tables, the schemas of the API and format 02 are read from here. */
export interface RecordField {
  readonly name: string;
  readonly chinese: string;
  readonly type: FieldType;
  readonly required?: true;
  /** What is right beyond the type, in words. */
  readonly rule?: string;
  /** The words it may be, each with its Chinese. */
  readonly words?: Readonly<Record<string, string>>;
  /** What a wrong value is refused with. */
  readonly codes: readonly ErrorCode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly example: string | number | boolean;
  /** Not in format 01: named in the header of 02, or as JSON. It is no part of what makes two contents differ. */
  readonly since?: '02';
}

const required = true;
const BRANDS = { GOTONE: '全球通', MZONE: '动感地带', EASYOWN: '神州行' };
const STATUSES = { ACTIVE: '正常', SUSPENDED_ONE_WAY: '单停', SUSPENDED_TWO_WAY: '双停', TERMINATED: '销户' };
const SIM_KINDS = { MAIN: '主卡', SECONDARY: '副卡', DATA: '数据卡', IOT: '物联网卡' };
const EVENT_TYPES = { VOICE_MO: '主叫', VOICE_MT: '被叫', SMS: '短信', DATA: '流量', ROAM: '漫游', VAS: '增值', SERVICE: '服务事件' }; // prettier-ignore
const COUNTERPARTY_CLASSES = {
  ON_NET: '网内', OFF_NET_CU: '联通', OFF_NET_CT: '电信', OFF_NET_CB: '广电', FIXED: '固话', INTL: '国际', HOTLINE_OWN: '10086',
  HOTLINE_RIVAL: '10010/10000/10099', MNP_QUERY: '携转查询 CXXZ', MNP_CODE: '授权码 SQXZ', BILL_DETAIL: '详单查询', NONE: '无',
}; // prettier-ignore
const OPERATIONS = { NEW: '新增', CORRECT: '更正', CANCEL: '冲正' };
const PAYERS = { SELF: '本人', OTHER: '代付' };
const RUN_TYPES = { onCycle: '周期出账', offCycle: '临时出账' };
const ARREARS_STATUSES = { OPEN: '未结清', DISPUTED: '争议', WRITTEN_OFF: '核销' };

const MSISDN: RecordField = {
  name: 'msisdn', chinese: '手机号', type: 'msisdn', required, rule: '`86…`, `+86…` accepted', codes: ['E_MSISDN'], example: '13800138000',
}; // prettier-ignore
const OPERATION: RecordField = {
  name: 'operation', chinese: '操作', type: 'word', required, words: OPERATIONS, codes: ['E_FORMAT'], example: 'NEW',
}; // prettier-ignore
const VERSION: RecordField = {
  name: 'version', chinese: '版本', type: 'integer', required, rule: '1 to 32767', codes: ['E_FORMAT', 'E_REF'], minimum: 1,
  maximum: 32_767, example: 1,
}; // prettier-ignore

const reference = (chinese: string, example: string): RecordField => ({
  name: 'refRecordId', chinese, type: 'id', rule: 'with `CORRECT` and `CANCEL`', codes: ['E_FORMAT', 'E_REF'], example,
}); // prettier-ignore
const account = (example: string, rule?: string): RecordField => ({
  name: 'accountNo', chinese: '账户号', type: 'id', ...(rule && { rule }), codes: ['E_FORMAT'], example,
}); // prettier-ignore

const ACCOUNT = '440000000007';
const CHARGES = {
  monthlyFeeFen: '月基本费',
  voiceFen: '语音',
  smsFen: '短信',
  dataFen: '流量',
  roamingFen: '漫游',
  vasFen: '增值业务',
  collectedForOthersFen: '代收费',
};
const charge = ([name, chinese]: readonly [string, string]): RecordField => ({
  name, chinese, type: 'fen', rule: '≥ 0', codes: ['E_AMOUNT'], minimum: 0, example: name === 'monthlyFeeFen' ? 12_800 : 0,
}); // prettier-ignore

const SUBSCRIPTION: readonly RecordField[] = [
  { name: 'recordId', chinese: '记录标识', type: 'id', required, rule: 'source-unique', codes: ['E_FORMAT'], example: 'S202501-0000007' },
  { name: 'eventTime', chinese: '变更时间', type: 'instant', required, rule: 'when this became true', codes: ['E_DATE'], example: '2025-01-20T10:00:00+08:00' },
  { ...account(ACCOUNT), required },
  MSISDN,
  { name: 'name', chinese: '客户名称', type: 'text', codes: ['E_FORMAT'], example: '张三' },
  { name: 'idType', chinese: '证件类型', type: 'text', rule: '`ID_CARD`, `PASSPORT`, `OTHER` …', codes: ['E_FORMAT'], example: 'ID_CARD' },
  { name: 'idNumber', chinese: '证件号码', type: 'text', rule: 'one document, one customer', codes: ['E_FORMAT'], example: '11010119900101001X' },
  { name: 'birthDate', chinese: '出生日期', type: 'date', codes: ['E_DATE'], example: '1990-01-01' },
  { name: 'brand', chinese: '品牌', type: 'word', required, words: BRANDS, codes: ['E_FORMAT'], example: 'GOTONE' },
  { name: 'regionHome', chinese: '归属省', type: 'province', required, codes: ['E_FORMAT'], example: '440000' },
  { name: 'branchCode', chinese: '归属分公司', type: 'id', rule: 'city code of GB/T 2260', codes: ['E_FORMAT'], example: '440100' },
  { name: 'activatedOn', chinese: '入网日期', type: 'date', required, rule: 'tenure (网龄) counts from here', codes: ['E_DATE'], example: '2020-05-01' },
  { name: 'status', chinese: '状态', type: 'word', required, words: STATUSES, codes: ['E_FORMAT'], example: 'ACTIVE' },
  { name: 'statusAt', chinese: '状态时间', type: 'instant', required, rule: 'since when', codes: ['E_DATE'], example: '2025-01-10T00:00:00+08:00' },
  { name: 'tariffCode', chinese: '套餐代码', type: 'id', codes: ['E_FORMAT'], example: 'PKG-128' },
  { name: 'packageFeeFen', chinese: '套餐月费', type: 'fen', rule: 'net a month, after package discounts, ≥ 0', codes: ['E_AMOUNT'], minimum: 0, example: 12_800 },
  { name: 'simKind', chinese: '卡类型', type: 'word', required, words: SIM_KINDS, codes: ['E_FORMAT'], example: 'MAIN' },
  { name: 'contractEndsOn', chinese: '合约到期日', type: 'date', codes: ['E_DATE'], example: '2026-12-31' },
  { name: 'realName', chinese: '实名', type: '0/1', required, codes: ['E_FORMAT'], example: true },
  { name: 'creditGrade', chinese: '信用等级', type: 'id', codes: ['E_FORMAT'], example: 'A' },
  OPERATION,
  { ...VERSION, codes: ['E_FORMAT'] },
]; // prettier-ignore

const USAGE: readonly RecordField[] = [
  { name: 'recordId', chinese: '话单标识', type: 'id', required, rule: 'source-unique', codes: ['E_FORMAT'], example: 'U202501-00000012' },
  { name: 'eventTime', chinese: '发生时间', type: 'instant', required, rule: 'begin of the event; decides the month', codes: ['E_DATE', 'E_LATE'], example: '2025-01-15T10:00:00+08:00' },
  MSISDN,
  account(ACCOUNT, 'decides before the number, which may be re-used'),
  { name: 'imsi', chinese: '国际移动用户识别码', type: 'imsi', rule: 'not kept', codes: [], example: '460001234567890' },
  { name: 'eventType', chinese: '业务类型', type: 'word', required, words: EVENT_TYPES, codes: ['E_FORMAT'], example: 'VOICE_MO' },
  { name: 'counterpartyClass', chinese: '对端类别', type: 'word', required, words: COUNTERPARTY_CLASSES, codes: ['E_FORMAT'], example: 'ON_NET' },
  { name: 'durationSec', chinese: '时长', type: 'seconds', rule: '≥ 0', codes: ['E_FORMAT'], minimum: 0, maximum: 2_147_483_647, example: 61 },
  { name: 'volumeKB', chinese: '流量', type: 'KB', rule: '≥ 0', codes: ['E_FORMAT'], minimum: 0, example: 0 },
  { name: 'count', chinese: '次数', type: 'integer', rule: '1 to 1000000; events in a day\'s sum; empty = 1', codes: ['E_FORMAT'], minimum: 1, maximum: 1_000_000, example: 1 },
  { name: 'feeFen', chinese: '费用', type: 'fen', rule: 'tax included; negative only in a correction', codes: ['E_AMOUNT'], example: 20 },
  { name: 'taxFen', chinese: '税额', type: 'fen', rule: 'part of `feeFen`', codes: ['E_AMOUNT'], example: 1 },
  { name: 'regionHome', chinese: '归属省', type: 'province', codes: ['E_FORMAT'], example: '440000' },
  { name: 'regionVisited', chinese: '漫游省', type: 'province', rule: 'for `ROAM`; one record a day counts one roaming day', codes: ['E_FORMAT'], example: '110000' },
  { name: 'forwarded', chinese: '呼转', type: '0/1', rule: 'the call was forwarded', codes: ['E_FORMAT'], example: false },
  { name: 'tariffCode', chinese: '套餐代码', type: 'id', codes: ['E_FORMAT'], example: 'PKG-128' },
  { name: 'cycle', chinese: '账期', type: 'cycle', codes: ['E_DATE'], example: '202501' },
  OPERATION,
  reference('原记录', 'U202501-00000012'),
  VERSION,
  { name: 'receivedAt', chinese: '到达时间', type: 'instant', rule: 'when billing got it from the network', codes: ['E_DATE'], example: '2025-01-15T10:05:00+08:00', since: '02' },
]; // prettier-ignore

const BILL: readonly RecordField[] = [
  { name: 'billNo', chinese: '账单号', type: 'id', required, rule: 'source-unique', codes: ['E_FORMAT'], example: 'B202501-440000000007' },
  account(ACCOUNT),
  { ...MSISDN, chinese: '主号码' },
  { name: 'cycle', chinese: '账期', type: 'cycle', required, codes: ['E_DATE'], example: '202501' },
  ...Object.entries(CHARGES).map(charge),
  { name: 'discountFen', chinese: '优惠', type: 'fen', rule: '≤ 0', codes: ['E_AMOUNT'], maximum: 0, example: 0 },
  { name: 'giftFen', chinese: '赠费', type: 'fen', rule: '≤ 0', codes: ['E_AMOUNT'], maximum: 0, example: 0 },
  { name: 'adjustmentFen', chinese: '调账', type: 'fen', rule: 'either sign', codes: ['E_AMOUNT'], example: 0 },
  { name: 'payableFen', chinese: '应缴', type: 'fen', required, rule: 'the sum of 5–14', codes: ['E_AMOUNT'], example: 12_800 },
  { name: 'paidFen', chinese: '已缴', type: 'fen', codes: ['E_AMOUNT'], example: 0 },
  { name: 'arrearsFen', chinese: '欠费', type: 'fen', rule: '≥ 0', codes: ['E_AMOUNT'], minimum: 0, example: 12_800 },
  { name: 'dueDate', chinese: '缴费截止日', type: 'date', required, rule: 'ageing of arrears (账龄) counts from here', codes: ['E_DATE'], example: '2025-02-20' },
  { name: 'issuedAt', chinese: '出账时间', type: 'instant', required, codes: ['E_DATE'], example: '2025-02-01T02:00:00+08:00' },
  { ...VERSION, codes: ['E_FORMAT'] },
  { name: 'supersedes', chinese: '被替代账单', type: 'id', codes: ['E_FORMAT'], example: 'B202501-440000000007' },
  { name: 'runType', chinese: '出账方式', type: 'word', words: RUN_TYPES, rule: 'empty: `onCycle`', codes: ['E_FORMAT'], example: 'onCycle', since: '02' },
]; // prettier-ignore

const PAYMENT: readonly RecordField[] = [
  { name: 'paymentId', chinese: '缴费流水', type: 'id', required, rule: 'source-unique', codes: ['E_FORMAT'], example: 'P202502-0000031' },
  account(ACCOUNT),
  MSISDN,
  { name: 'paidAt', chinese: '缴费时间', type: 'instant', required, codes: ['E_DATE', 'E_LATE'], example: '2025-02-10T09:00:00+08:00' },
  { name: 'amountFen', chinese: '金额', type: 'fen', required, rule: 'negative only in a correction', codes: ['E_AMOUNT'], example: 12_800 },
  { name: 'method', chinese: '缴费方式', type: 'id', rule: '`WECHAT`, `ALIPAY`, `BANK_DEBIT`, `CASH` …', codes: ['E_FORMAT'], example: 'WECHAT' },
  { name: 'payer', chinese: '付款方', type: 'word', rule: 'empty: `SELF`', words: PAYERS, codes: ['E_FORMAT'], example: 'SELF' },
  { name: 'billNo', chinese: '账单号', type: 'id', rule: 'the bill it settles; empty: onto the balance', codes: ['E_FORMAT'], example: 'B202501-440000000007' },
  OPERATION,
  reference('原流水', 'P202502-0000031'),
  VERSION,
  { name: 'regionPaid', chinese: '缴费省', type: 'province', rule: 'where the money was taken; empty: the home province', codes: ['E_FORMAT'], example: '110000', since: '02' },
]; // prettier-ignore

const ARREARS: readonly RecordField[] = [
  { name: 'recordId', chinese: '记录标识', type: 'id', required, rule: 'source-unique: item and day', codes: ['E_FORMAT'], example: 'A20250228-0000007' },
  { name: 'snapshotOn', chinese: '快照日', type: 'date', required, rule: 'as of its begin, 00:00 +08:00', codes: ['E_DATE', 'E_LATE'], example: '2025-02-28' },
  { ...account(ACCOUNT), required },
  { ...MSISDN, chinese: '主号码' },
  { name: 'billNo', chinese: '账单号', type: 'id', rule: 'the bill that is open', codes: ['E_FORMAT'], example: 'B202501-440000000007' },
  { name: 'cycle', chinese: '账期', type: 'cycle', required, rule: 'the month that was billed', codes: ['E_DATE'], example: '202501' },
  { name: 'dueDate', chinese: '缴费截止日', type: 'date', required, codes: ['E_DATE'], example: '2025-02-20' },
  { name: 'arrearsFen', chinese: '欠费', type: 'fen', required, rule: '≥ 0; 0 says settled', codes: ['E_AMOUNT'], minimum: 0, example: 12_800 },
  { name: 'lateFeeFen', chinese: '违约金', type: 'fen', rule: '≥ 0; not part of `arrearsFen`', codes: ['E_AMOUNT'], minimum: 0, example: 307 },
  { name: 'status', chinese: '状态', type: 'word', required, words: ARREARS_STATUSES, codes: ['E_FORMAT'], example: 'OPEN' },
  OPERATION,
  reference('原记录', 'A20250228-0000007'),
  VERSION,
]; // prettier-ignore

/** All fields of each kind: those of format 01 in their order, then those that came with 02. */
export const FIELD_TABLE: Readonly<Record<Kind, readonly RecordField[]>> = {
  SUB: SUBSCRIPTION,
  USG: USAGE,
  BIL: BILL,
  PAY: PAYMENT,
  ARR: ARREARS,
};

/** How the fields of a kind lie in a line; place 0 is the `D`. */
export interface FieldLayout {
  /** The names of format 01, in its order. */
  readonly names: readonly string[];
  /** The names that came with 02. */
  readonly added: readonly string[];
}

const layoutOf = (fields: readonly RecordField[]): FieldLayout => ({
  names: fields.filter(({ since }) => since === undefined).map(({ name }) => name),
  added: fields.filter(({ since }) => since !== undefined).map(({ name }) => name),
});

export const LAYOUT: Readonly<Record<Kind, FieldLayout>> = {
  SUB: layoutOf(SUBSCRIPTION),
  USG: layoutOf(USAGE),
  BIL: layoutOf(BILL),
  PAY: layoutOf(PAYMENT),
  ARR: layoutOf(ARREARS),
};

/** By what a record of the kind is known. */
export const ID_FIELD: Readonly<Record<Kind, string>> = {
  SUB: 'recordId', USG: 'recordId', BIL: 'billNo', PAY: 'paymentId', ARR: 'recordId',
}; // prettier-ignore
