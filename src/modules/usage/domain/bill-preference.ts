export const BILL_LAYOUTS = ['SUMMARY', 'BY_CATEGORY', 'DETAILED'] as const;
export const BILL_CHANNELS = ['SMS', 'EMAIL', 'APP', 'PAPER', 'NONE'] as const;
export const BILL_LANGUAGES = ['zh', 'en'] as const;
export type BillLayout = (typeof BILL_LAYOUTS)[number];
export type BillChannel = (typeof BILL_CHANNELS)[number];
export type BillLanguage = (typeof BILL_LANGUAGES)[number];

/** How somebody wants the bill (个性化帐单; USG-07). */
export interface BillPreference {
  readonly layout: BillLayout;
  readonly channel: BillChannel;
  readonly language: BillLanguage;
  /** 0: nothing was ever said. */
  readonly version: number;
}

export const UNSAID: BillPreference = { layout: 'BY_CATEGORY', channel: 'APP', language: 'zh', version: 0 };
