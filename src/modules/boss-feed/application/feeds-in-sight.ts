import type { Actor } from '../../../platform/identity/index.js';

/** Targets whose feeds an actor sees; `undefined`: all. Whoever is held to provinces sees the feeds of those. */
export const targetsSeenBy = ({ scope }: Pick<Actor, 'scope'>): readonly string[] | undefined =>
  scope.everybody ? undefined : scope.provinces;

export const seesTarget = (actor: Pick<Actor, 'scope'>, target: string): boolean =>
  targetsSeenBy(actor)?.includes(target) ?? true;
