import type { Delivered } from '../../../platform/events/index.js';
import { serviceRank } from '../../tiering/index.js';
import { levelEventOf, type AboutLevel, type LevelEvent } from '../domain/level-event.js';

export type DeliveredAboutLevel = Pick<Delivered<AboutLevel>, 'payload'>;

/** Those of the card levels. */
export const levelEventsOf = (told: readonly DeliveredAboutLevel[]): readonly LevelEvent[] =>
  told.flatMap(({ payload }) => levelEventOf(payload, (one, other) => serviceRank(one) > serviceRank(other)) ?? []);
