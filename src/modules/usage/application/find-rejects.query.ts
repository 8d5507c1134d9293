import { Injectable, type StreamableFile } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { answerList, readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import { chosen, chosenBy, REJECT_COLUMNS, type RejectRow, type RejectsSeen } from '../persistence/reject-rows.js';

export type { RejectRow };

export interface ReplayOutcomeRow {
  run_id: string;
  reject_id: string;
  intake_id: string | null;
  outcome: string;
  code: string | null;
  field: string | null;
  replayed_by: string;
  replayed_at: Date;
}

/** The work list of refused records (错单查询). Nothing of a customer is in it. */
@Injectable()
export class FindRejects {
  constructor(private readonly database: Database) {}

  page<View extends object>(
    list: ListRequest,
    seen: RejectsSeen,
    viewOf: (row: RejectRow) => View,
  ): Promise<Page<View> | StreamableFile> {
    return answerList<RejectRow, View>(
      this.database,
      list,
      { select: REJECT_COLUMNS, from: 'usage.reject r', where: chosen(1), params: chosenBy({}, seen) },
      { view: viewOf },
    );
  }

  /** @throws ResourceNotFound also for one that this reader does not see. */
  async byId(rejectId: string, seen: RejectsSeen): Promise<RejectRow> {
    const [row] = await this.database.query<RejectRow>(
      `SELECT ${REJECT_COLUMNS} FROM usage.reject r WHERE ${chosen(1)}`,
      chosenBy({ ids: [rejectId] }, seen),
    );
    if (!row) throw new ResourceNotFound('reject');
    return row;
  }

  /** What became of each record that was sent again. */
  outcomes<View extends object>(
    list: ListRequest,
    seen: RejectsSeen,
    viewOf: (row: ReplayOutcomeRow) => View,
  ): Promise<Page<View>> {
    return readPage<ReplayOutcomeRow, View>(
      this.database,
      list,
      {
        select: 'o.*',
        from: 'usage.reject_replay o JOIN usage.reject r USING (reject_id)',
        where: chosen(1),
        params: chosenBy({}, seen),
      },
      viewOf,
    );
  }
}
