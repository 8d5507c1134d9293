import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import {
  ContributesToSubjectCopy,
  type ContributesSections,
  type CopySection,
  type CustomerSeals,
  CustomersFacade,
} from '../../customers/index.js';
import { noteContext, reasonContext } from '../persistence/sealed-words.js';
import { wordsIn, type TicketRow } from '../persistence/ticket-rows.js';

/** Complaints and what became of them. Other people who have to do with a ticket are not in somebody's copy. */
@Injectable()
@ContributesToSubjectCopy('tickets')
export class TicketsInCopy implements ContributesSections {
  constructor(private readonly customers: CustomersFacade) {}

  async sections(tx: Tx, customerId: string): Promise<readonly CopySection[]> {
    return sectionsOf(customerId, await this.customers.sealsOf(tx, [customerId]));
  }
}

const sectionsOf = (customerId: string, seals: CustomerSeals): readonly CopySection[] => {
  const opened = (sealed: unknown, context: string): string | undefined =>
    seals.open(customerId, sealed as Buffer | null, context);
  return [
    {
      name: 'tickets.ticket',
      title: 'Your complaints and wishes (工单)',
      sql: 'SELECT * FROM tickets.ticket WHERE customer_id = $1 ORDER BY opened_at, ticket_id',
      show: (row) => {
        const ticket = row as unknown as TicketRow;
        const { name, description, statusReason } = wordsIn(ticket, seals);
        return {
          ticketId: ticket.ticket_id,
          ticketType: ticket.ticket_type,
          name,
          description,
          severity: ticket.severity,
          priority: ticket.priority,
          tier: ticket.tier,
          channelId: row['channel_id'],
          status: ticket.status,
          statusReason,
          statusAt: ticket.status_at,
          openedAt: ticket.opened_at,
          expectedResolutionAt: row['expected_resolution_at'],
          resolvedAt: ticket.resolved_at,
        };
      },
    },
    {
      name: 'tickets.statusChange',
      title: 'What became of them (工单状态)',
      sql: `SELECT ticket_id AS "ticketId", status, reason, changed_at AS "changedAt", nth, reason_sealed
          FROM tickets.status_change WHERE customer_id = $1 ORDER BY ticket_id, nth`,
      show: ({ nth, reason_sealed: sealed, ...row }) => ({
        ...row,
        reason: row['reason'] ?? opened(sealed, reasonContext(String(row['ticketId']), Number(nth))),
      }),
    },
    {
      name: 'tickets.note',
      title: 'Notes on them (工单备注)',
      sql: `SELECT ticket_id AS "ticketId", text, written_at AS "writtenAt", note_id, text_sealed
          FROM tickets.note WHERE customer_id = $1 ORDER BY ticket_id, written_at, note_id`,
      show: ({ note_id: noteId, text_sealed: sealed, ...row }) => ({
        ...row,
        text: row['text'] ?? opened(sealed, noteContext(String(noteId))) ?? '',
      }),
    },
    {
      name: 'tickets.breach',
      title: 'Where we were late (超时)',
      sql: `SELECT ticket_id AS "ticketId", clock, due_at AS "dueAt", recorded_at AS "recordedAt"
          FROM tickets.breach WHERE customer_id = $1 ORDER BY ticket_id, clock, cycle`,
    },
  ];
};
