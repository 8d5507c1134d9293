import { Injectable } from '@nestjs/common';
import type { Row, Tx } from '../../../platform/database/index.js';
import {
  ContributesToSubjectCopy,
  type ContributesSections,
  type CopySection,
  type CustomerSeals,
  CustomersFacade,
} from '../../customers/index.js';
import { openWords, type Words } from '../persistence/sealed-words.js';
import { TICKET_COLUMNS, ticketOf, type TicketRow } from '../persistence/ticket-rows.js';

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
  const wordsOf = (row: Row): Words =>
    openWords(seals, { customerId, ticketId: String(row['ticket_id']) }, row['words_sealed'] as Buffer | null);
  return [
    {
      name: 'tickets.ticket',
      title: 'Your complaints and wishes (工单)',
      sql: `SELECT ${TICKET_COLUMNS} FROM tickets.ticket t WHERE customer_id = $1 ORDER BY opened_at, ticket_id`,
      show: (row) => {
        const ticket = ticketOf(row as unknown as TicketRow, seals);
        return {
          ticketId: ticket.ticketId,
          ticketType: ticket.ticketType,
          name: ticket.name,
          description: ticket.description,
          severity: ticket.severity,
          priority: ticket.priority,
          tier: ticket.tier,
          channelId: row['channel_id'],
          status: ticket.status,
          statusReason: ticket.statusReason,
          statusAt: ticket.statusAt,
          openedAt: ticket.openedAt,
          expectedResolutionAt: row['expected_resolution_at'],
          resolvedAt: ticket.resolvedAt,
        };
      },
    },
    {
      name: 'tickets.statusChange',
      title: 'What became of them (工单状态)',
      sql: `SELECT s.*, t.words_sealed FROM tickets.status_change s JOIN tickets.ticket t USING (customer_id, ticket_id)
            WHERE s.customer_id = $1 ORDER BY s.ticket_id, s.nth`,
      show: (row) => ({
        ticketId: row['ticket_id'],
        status: row['status'],
        reason: row['reason'] ?? wordsOf(row).reasons[Number(row['nth'])],
        changedAt: row['changed_at'],
      }),
    },
    {
      name: 'tickets.note',
      title: 'Notes on them (工单备注)',
      sql: `SELECT n.*, t.words_sealed FROM tickets.note n JOIN tickets.ticket t USING (customer_id, ticket_id)
            WHERE n.customer_id = $1 ORDER BY n.ticket_id, n.written_at, n.note_id`,
      show: (row) => ({
        ticketId: row['ticket_id'],
        text: row['text'] ?? wordsOf(row).notes[String(row['note_id'])] ?? '',
        writtenAt: row['written_at'],
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
