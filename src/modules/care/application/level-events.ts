import type { Delivered } from '../../../platform/events/index.js';
import { serviceRank } from '../../tiering/index.js';
import { isNews, levelEventOf, type AboutLevel, type LevelEvent } from '../domain/level-event.js';

export type DeliveredAboutLevel = Pick<Delivered<AboutLevel>, 'payload'>;

/** The news of card levels among what was told. */
export const levelEventsOf = (told: readonly DeliveredAboutLevel[], today: string): readonly LevelEvent[] =>
  told
    .flatMap(({ payload }) => levelEventOf(payload, (one, other) => serviceRank(one) > serviceRank(other)) ?? [])
    .filter((event) => isNews(event, today));
