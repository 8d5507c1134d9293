/**
 * The clock of one promise. It runs from `startedAt`, stands while `pausedSince` is set, and has ended at `stoppedAt`.
 * `pausedSeconds` holds the pauses that are over.
 */
export interface ServiceClock {
  readonly startedAt: Date;
  readonly targetSeconds: number;
  readonly pausedSeconds: number;
  readonly pausedSince: Date | undefined;
  readonly stoppedAt: Date | undefined;
}

/**
 * When a target that starts to run at `openedAt` is due. Every hour counts, day and night, all week (24×7).
 *
 * Working hours and public holidays come in here and in {@link openSeconds}, its inverse, and nowhere else: with a calendar,
 * `dueAt` is the earliest instant until which `targetSeconds` of open time have passed.
 */
export function dueAt({ openedAt, targetSeconds }: { openedAt: Date; targetSeconds: number }): Date {
  return new Date(openedAt.getTime() + targetSeconds * 1000);
}

/** Seconds between two instants in which a clock would run. Never negative. */
export function openSeconds({ from, to }: { from: Date; to: Date }): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));
}

export const startClock = (startedAt: Date, targetSeconds: number): ServiceClock => ({
  startedAt,
  targetSeconds,
  pausedSeconds: 0,
  pausedSince: undefined,
  stoppedAt: undefined,
});

export const isRunning = (clock: ServiceClock): boolean => !clock.pausedSince && !clock.stoppedAt;

/** When it is due by the pauses that are over. A clock that stands is due later by as long as it goes on standing. */
export const clockDueAt = (clock: ServiceClock): Date =>
  dueAt({ openedAt: clock.startedAt, targetSeconds: clock.targetSeconds + clock.pausedSeconds });

export function pause(clock: ServiceClock, now: Date): ServiceClock {
  return isRunning(clock) ? { ...clock, pausedSince: now } : clock;
}

/** The due time moves by the length of the pause, to the whole second. */
export function resume(clock: ServiceClock, now: Date): ServiceClock {
  if (!clock.pausedSince) return clock;
  const pausedSeconds = clock.pausedSeconds + openSeconds({ from: clock.pausedSince, to: now });
  return { ...clock, pausedSeconds, pausedSince: undefined };
}

/** Ends the clock, and the pause it may stand in. A clock that has ended stays as it is. */
export function stop(clock: ServiceClock, now: Date): ServiceClock {
  return clock.stoppedAt ? clock : { ...resume(clock, now), stoppedAt: now };
}

/** Whether the promise was broken by `now`. A clock that stands breaks nothing meanwhile. */
export function isBreached(clock: ServiceClock, now: Date): boolean {
  return (clock.stoppedAt ?? clock.pausedSince ?? now).getTime() > clockDueAt(clock).getTime();
}
