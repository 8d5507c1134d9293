export const merchantStatuses = ['active', 'suspended', 'ended'] as const;
export type MerchantStatus = (typeof merchantStatuses)[number];
export const siteStatuses = ['active', 'ended'] as const;
export type SiteStatus = (typeof siteStatuses)[number];

/** A shop, restaurant, … of the alliance (联盟商家). */
export interface Merchant {
  readonly merchantId: string;
  readonly contractNo: string;
  readonly label: string;
  readonly category: string;
  readonly status: MerchantStatus;
  /** Who pays for what it grants. */
  readonly funderId: string;
}

export interface Site {
  readonly siteId: string;
  readonly merchantId: string;
  readonly label: string;
  /** Province code. */
  readonly region: string;
  readonly status: SiteStatus;
}

export interface Terminal {
  readonly terminalId: string;
  readonly siteId: string;
  readonly status: MerchantStatus;
}

/** What of the list price is paid on the days `effectiveFrom <= day < effectiveUntil`: 8折 is 80. */
export interface Discount {
  readonly discountId: string;
  readonly merchantId: string;
  readonly percent: number;
  readonly effectiveFrom: string;
  readonly effectiveUntil: string;
  readonly author: string;
}
