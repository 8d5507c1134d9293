import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../customers/index.js';

/** Complaints and what became of them. Other people who have to do with a ticket are not in somebody's copy. */
@Injectable()
@ContributesToSubjectCopy('tickets')
export class TicketsInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'tickets.ticket',
    title: 'Your complaints and wishes (工单)',
    sql: `SELECT ticket_id AS "ticketId", ticket_type AS "ticketType", name, description, severity, priority, tier,
            channel_id AS "channelId", status, status_reason AS "statusReason", status_at AS "statusAt",
            opened_at AS "openedAt", expected_resolution_at AS "expectedResolutionAt", resolved_at AS "resolvedAt"
          FROM tickets.ticket WHERE customer_id = $1 ORDER BY opened_at, ticket_id`,
  },
  {
    name: 'tickets.statusChange',
    title: 'What became of them (工单状态)',
    sql: `SELECT ticket_id AS "ticketId", status, reason, changed_at AS "changedAt"
          FROM tickets.status_change WHERE customer_id = $1 ORDER BY ticket_id, nth`,
  },
  {
    name: 'tickets.note',
    title: 'Notes on them (工单备注)',
    sql: `SELECT ticket_id AS "ticketId", text, written_at AS "writtenAt"
          FROM tickets.note WHERE customer_id = $1 ORDER BY ticket_id, written_at, note_id`,
  },
  {
    name: 'tickets.breach',
    title: 'Where we were late (超时)',
    sql: `SELECT ticket_id AS "ticketId", clock, due_at AS "dueAt", recorded_at AS "recordedAt"
          FROM tickets.breach WHERE customer_id = $1 ORDER BY ticket_id, clock, cycle`,
  },
];
