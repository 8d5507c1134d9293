import { IllegalStatusChange } from './refusals.js';

/** TMF621. `pending`: waiting for the customer, the clock stands. `held`: waiting for ourselves, the clock runs. */
export const statuses = [
  'acknowledged',
  'inProgress',
  'pending',
  'held',
  'resolved',
  'closed',
  'cancelled',
  'rejected',
] as const;
export type Status = (typeof statuses)[number];

const moves: Readonly<Record<Status, readonly Status[]>> = {
  acknowledged: ['inProgress', 'rejected', 'cancelled'],
  inProgress: ['pending', 'held', 'resolved', 'cancelled'],
  pending: ['inProgress', 'cancelled'],
  held: ['inProgress', 'cancelled'],
  resolved: ['closed', 'inProgress'],
  closed: [],
  cancelled: [],
  rejected: [],
};

/** Where a ticket may go from here; nowhere once it has come to its end. */
export const nextStatuses = (from: Status): readonly Status[] => moves[from];

/** Still to be solved. A resolved ticket is not open, though it may be reopened. */
export const isOpen = (status: Status): boolean => moves[status].includes('cancelled');

/** Nothing about it changes any more. */
export const isFinal = (status: Status): boolean => moves[status].length === 0;

/** @throws IllegalStatusChange naming the statuses that can follow. */
export function moveTo(from: Status, to: Status): Status {
  if (!moves[from].includes(to)) throw new IllegalStatusChange(from, to, moves[from]);
  return to;
}
