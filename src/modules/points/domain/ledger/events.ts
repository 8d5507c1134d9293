import { defineEvent } from '../../../../platform/events/event.js';

/** Points were given to one customer. A run over everybody says {@link PointsAccrued} once instead. */
export const PointsEarned = defineEvent<{
  readonly customerId: string;
  readonly journalId: string;
  readonly points: number;
}>('points.PointsEarned');

export const PointsRedeemed = defineEvent<{
  readonly customerId: string;
  readonly journalId: string;
  readonly points: number;
}>('points.PointsRedeemed');

/** A redemption was cancelled; its points are back in their lots. */
export const RedemptionReversed = defineEvent<{
  readonly customerId: string;
  readonly journalId: string;
  readonly reversesJournalId: string;
  readonly points: number;
}>('points.RedemptionReversed');

/** A customer has left: the points that were left are gone, and a debt is written off (`points` is what changed in all). */
export const PointsForfeited = defineEvent<{
  readonly customerId: string;
  readonly journalId: string;
  readonly points: number;
}>('points.PointsForfeited');

/** The bills of a cycle have earned their points. */
export const PointsAccrued = defineEvent<{ readonly runId: string; readonly cycle: string }>('points.PointsAccrued');

/** What bills earned that an intake has changed after their months were closed has been put right. */
export const PointsCorrected = defineEvent<{ readonly runId: string; readonly intakeId: string }>(
  'points.PointsCorrected',
);

/**
 * An entry that has an event of no other kind has changed what a customer has: gifts, adjustments, captures, returns, payments, expiry,
 * transfers. Its kind stands in the published view of the entries.
 */
export const PointsMoved = defineEvent<{
  readonly customerId: string;
  readonly journalId: string;
  readonly points: number;
}>('points.PointsMoved');

/** A batch of points whose last day had passed was cleared (清零); the run's entries say whose. */
export const PointsExpired = defineEvent<{ readonly runId: string; readonly asOf: string }>('points.PointsExpired');

/** A batch of cleared points was given back; the run's entries say to whom. */
export const ExpiryReversed = defineEvent<{ readonly runId: string }>('points.ExpiryReversed');

/** A customer is to be told that points will expire (到期提醒). The notice has the words. */
export const ExpiryNotified = defineEvent<{
  readonly customerId: string;
  readonly noticeId: string;
  /** Last day of use. */
  readonly expiresOn: string;
  readonly daysBefore: number;
  readonly points: number;
}>('points.ExpiryNotified');
