import { levelEventKinds } from './level-event.js';

/** Of points that end: a number of days before; of points that were earned: at most once a month (PTS-27). */
export const pointsNoticeKinds = ['points-expire-90', 'points-expire-30', 'points-expire-7', 'points-earned'] as const;

export const noticeKinds = [...levelEventKinds, ...pointsNoticeKinds] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** @returns undefined for a notice at a time that nothing is known of. */
export const expiryNoticeKind = (daysBefore: number): NoticeKind | undefined =>
  pointsNoticeKinds.find((kind) => kind === `points-expire-${daysBefore}`);

export const isOfPoints = (kind: NoticeKind): boolean => kind.startsWith('points-');
