import type { PointsType } from '../ledger/ledger.js';
import type { Purpose } from '../ledger/redemption.js';
import { ItemLimitReached, ItemNotOnOffer, ItemOfAnotherKind } from './refusals-of-exchange.js';

export const ITEM_STATUSES = ['ACTIVE', 'WITHDRAWN'] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

/** Something that points are exchanged for, on the days `validFrom <= day < validUntil`. It is worth its points: 2 fen each (PTS-07). */
export interface CatalogueItem {
  readonly itemId: string;
  /** Service (积分享福), mobile product that BOSS delivers (积分加油站), or goods that are handed over. */
  readonly kind: Purpose;
  readonly label: { readonly en: string; readonly zh: string };
  readonly points: number;
  /** Classes of points that may be used for it (PTS-17); null: all. */
  readonly classes: readonly PointsType[] | null;
  /** How often one customer may order it in a points year; null: as often as there are points. */
  readonly perPointsYear: number | null;
  /** What BOSS calls a mobile product. */
  readonly bossProduct: string | null;
  /** The benefit that a service entitles to, and to how many units of it. */
  readonly benefit: string | null;
  readonly units: number | null;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly status: ItemStatus;
}

/** Services have no stock: what they entitle to is not in a store. */
export const isKeptInStock = ({ kind }: Pick<CatalogueItem, 'kind'>): boolean => kind !== 'SERVICE';

/** @throws ItemOfAnotherKind, ItemNotOnOffer */
export function assertOnOffer(
  { kind, status, validFrom, validUntil }: CatalogueItem,
  { kinds, day }: { readonly kinds: readonly Purpose[]; readonly day: string },
): void {
  if (!kinds.includes(kind)) throw new ItemOfAnotherKind({ expected: kinds, actual: kind });
  if (status !== 'ACTIVE' || day < validFrom || day >= validUntil)
    throw new ItemNotOnOffer({ status, validFrom, validUntil });
}

/** @param ordered how often the customer has ordered it in this points year. @throws ItemLimitReached */
export function assertWithinLimit({ perPointsYear }: CatalogueItem, ordered: number, pointsYear: number): void {
  if (perPointsYear !== null && ordered >= perPointsYear)
    throw new ItemLimitReached({ limit: perPointsYear, ordered, pointsYear });
}
