import { ReservationDecided, ReservationRescinded, ReservationTooLate } from './refusals.js';

/** An agent held for a contact. `pending`: rings; `accepted`: in the call; `wrapping`: writes up what was said. */
export const reservationStates = [
  'pending',
  'accepted',
  'wrapping',
  'completed',
  'rejected',
  'timedOut',
  'rescinded',
  'failed',
] as const;
export type ReservationState = (typeof reservationStates)[number];

interface Offer {
  readonly state: ReservationState;
  readonly expiresAt: Date;
}

/**
 * The agent takes the call. Said again it changes nothing.
 * @throws ReservationTooLate, ReservationDecided, ReservationRescinded
 */
export function accept({ state, expiresAt }: Offer, now: Date): ReservationState {
  switch (state) {
    case 'pending':
      if (now.getTime() >= expiresAt.getTime()) throw new ReservationTooLate(expiresAt);
      return 'accepted';
    case 'accepted':
    case 'wrapping':
    case 'completed':
      return state;
    case 'timedOut':
      throw new ReservationTooLate(expiresAt);
    case 'rescinded':
      throw new ReservationRescinded();
    case 'rejected':
    case 'failed':
      throw new ReservationDecided(state);
  }
}

/** The agent does not take the call. Said again, or after the time, it changes nothing. @throws ReservationDecided */
export function reject({ state }: Pick<Offer, 'state'>): ReservationState {
  switch (state) {
    case 'pending':
      return 'rejected';
    case 'rejected':
    case 'timedOut':
    case 'rescinded':
      return state;
    case 'accepted':
    case 'wrapping':
    case 'completed':
    case 'failed':
      throw new ReservationDecided(state);
  }
}

/** Nobody has answered in time. Before its time, and once it is decided, a reservation stays as it is. */
export const expire = ({ state, expiresAt }: Offer, now: Date): ReservationState =>
  state === 'pending' && now.getTime() >= expiresAt.getTime() ? 'timedOut' : state;

/** What becomes of the reservation when the call ends. */
export function release(state: ReservationState, wasConnected: boolean): ReservationState {
  switch (state) {
    case 'pending':
      return 'rescinded';
    case 'accepted':
      return wasConnected ? 'wrapping' : 'failed';
    case 'wrapping':
    case 'completed':
    case 'rejected':
    case 'timedOut':
    case 'rescinded':
    case 'failed':
      return state;
  }
}
