/** What a bill is made of (账目), in the order of the contract: column, TMF678 type, and what customers read. */
export const BILL_CATEGORY_TEXTS = [
  { column: 'monthly_fee_fen', type: 'monthlyFee', en: 'Monthly fee', zh: '月基本费' },
  { column: 'voice_fen', type: 'voice', en: 'Calls', zh: '语音通话费' },
  { column: 'sms_fen', type: 'sms', en: 'Messages', zh: '短信费' },
  { column: 'data_fen', type: 'data', en: 'Data', zh: '上网流量费' },
  { column: 'roaming_fen', type: 'roaming', en: 'Roaming', zh: '漫游费' },
  { column: 'vas_fen', type: 'valueAddedService', en: 'Value-added services', zh: '增值业务费' },
  { column: 'collected_for_others_fen', type: 'collectedForOthers', en: 'Collected for others', zh: '代收费' },
  { column: 'discount_fen', type: 'discount', en: 'Discounts', zh: '优惠减免' },
  { column: 'gift_fen', type: 'gift', en: 'Gift credit', zh: '赠费抵扣' },
  { column: 'adjustment_fen', type: 'adjustment', en: 'Adjustments', zh: '调账' },
] as const;

export type BillCategoryColumn = (typeof BILL_CATEGORY_TEXTS)[number]['column'];
