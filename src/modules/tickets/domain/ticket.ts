import { TicketHasEnded } from './refusals.js';
import { priorityOf, type Priority, type ServiceTarget } from './service-level.js';
import { isBreached, isRunning, pause, resume, startClock, stop, type ServiceClock } from './service-clock.js';
import { isFinal, moveTo, type Status } from './status.js';

/** The promises of a ticket: somebody turns to it (`firstAnswer`), and it is solved (`resolution`). */
export type ClockName = 'firstAnswer' | 'resolution';

/** What the rules know of a ticket; its texts are none of their business. */
export interface Ticket {
  readonly status: Status;
  readonly severity: string;
  readonly priority: Priority;
  /** The customer's level when the ticket was opened, 5 diamond … 0 ordinary: a later fall does not take time away. */
  readonly serviceRank: number;
  /** Counts reopenings, from 1. Each cycle has a resolution clock of its own. */
  readonly cycle: number;
  readonly firstAnswer: ServiceClock;
  readonly resolution: ServiceClock;
}

export function openTicket({
  now,
  severity,
  serviceRank,
  target,
}: {
  readonly now: Date;
  readonly severity: string;
  readonly serviceRank: number;
  readonly target: ServiceTarget;
}): Ticket {
  return {
    status: 'acknowledged',
    severity,
    priority: priorityOf({ serviceRank, severity }),
    serviceRank,
    cycle: 1,
    firstAnswer: startClock(now, target.firstAnswerSeconds),
    resolution: startClock(now, target.solveSeconds),
  };
}

/**
 * The ticket in another status, its clocks with it: the first answer is met when somebody takes the ticket up or rejects
 * it; `pending` stops the resolution clock for a while, `resolved` for good; reopening starts a new one with a full target.
 * @throws IllegalStatusChange
 */
export function changeStatus(ticket: Ticket, to: Status, now: Date): Ticket {
  moveTo(ticket.status, to);
  const reopened = ticket.status === 'resolved' && to === 'inProgress';
  return {
    ...ticket,
    status: to,
    cycle: ticket.cycle + (reopened ? 1 : 0),
    firstAnswer: stop(ticket.firstAnswer, now),
    resolution: reopened ? startClock(now, ticket.resolution.targetSeconds) : onStatus(ticket.resolution, to, now),
  };
}

function onStatus(clock: ServiceClock, status: Status, now: Date): ServiceClock {
  switch (status) {
    case 'pending':
      return pause(clock, now);
    case 'acknowledged':
    case 'inProgress':
    case 'held':
      return resume(clock, now);
    case 'resolved':
    case 'closed':
    case 'cancelled':
    case 'rejected':
      return stop(clock, now);
  }
}

/** Another severity: other targets, from the same start and with the same pauses. Clocks that have ended stay. */
export function changeSeverity(ticket: Ticket, severity: string, target: ServiceTarget): Ticket {
  const retarget = (clock: ServiceClock, targetSeconds: number): ServiceClock =>
    clock.stoppedAt ? clock : { ...clock, targetSeconds };
  return {
    ...ticket,
    severity,
    priority: priorityOf({ serviceRank: ticket.serviceRank, severity }),
    firstAnswer: retarget(ticket.firstAnswer, target.firstAnswerSeconds),
    resolution: retarget(ticket.resolution, target.solveSeconds),
  };
}

/** The promises that are broken by `now`. */
export const breachesOf = (ticket: Ticket, now: Date): readonly ClockName[] =>
  (['firstAnswer', 'resolution'] as const).filter((clock) => isBreached(ticket[clock], now));

/** The promises that time can still break, and is running against. */
export const runningClocksOf = (ticket: Ticket): readonly ClockName[] =>
  (['firstAnswer', 'resolution'] as const).filter((clock) => isRunning(ticket[clock]));

/** @throws TicketHasEnded */
export function assertMayChange(ticket: Pick<Ticket, 'status'>): void {
  if (isFinal(ticket.status)) throw new TicketHasEnded(ticket.status);
}
