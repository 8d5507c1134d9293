import { defineEvent } from '../../../platform/events/event.js';

/** An agent is held for a contact, and rings. */
export const ContactOffered = defineEvent<{
  readonly contactId: string;
  readonly reservationId: string;
  readonly agentId: string;
  readonly expiresAt: string;
}>('routing.ContactOffered');

export const ContactConnected = defineEvent<{
  readonly contactId: string;
  readonly agentId: string;
  readonly tier: string;
  readonly waitedSeconds: number;
}>('routing.ContactConnected');

export const ContactEnded = defineEvent<{
  readonly contactId: string;
  readonly outcome: 'completed' | 'abandoned';
  readonly tier: string;
  /** Until the talk, or until the caller gave up. */
  readonly waitedSeconds: number;
  readonly talkedSeconds: number;
}>('routing.ContactEnded');

/** Nobody answered the offer; the contact is back in its place. */
export const ReservationExpired = defineEvent<{
  readonly reservationId: string;
  readonly contactId: string;
  readonly agentId: string;
}>('routing.ReservationExpired');
