import type { Tx } from '../../../platform/database/index.js';
import { AgentNotFound, ContactNotFound, ReservationNotFound } from '../domain/refusals.js';
import {
  lockAgent,
  lockContact,
  readReservation,
  type AgentRow,
  type ContactRow,
  type ReservationRow,
} from '../persistence/routing-rows.js';

export interface Held {
  readonly reservation: ReservationRow;
  readonly contact: ContactRow;
  readonly agent: AgentRow;
}

/**
 * A reservation with its contact and agent, locked in this order everywhere. The reservation is read last: it changes under
 * these two locks only.
 * @throws ReservationNotFound
 */
export async function holdReservation(tx: Tx, reservationId: string): Promise<Held> {
  const known = await readReservation(tx, reservationId);
  if (!known) throw new ReservationNotFound();
  const contact = await lockContact(tx, known.contact_id);
  const agent = await lockAgent(tx, known.agent_id);
  const reservation = await readReservation(tx, reservationId);
  if (!contact) throw new ContactNotFound();
  if (!agent) throw new AgentNotFound();
  if (!reservation) throw new ReservationNotFound();
  return { reservation, contact, agent };
}
