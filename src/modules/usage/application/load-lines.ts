import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { CustomersFacade } from '../../customers/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { RecordsLoaded } from '../domain/events.js';
import type { Kind } from '../domain/codes.js';
import type { Intake } from '../domain/intake.js';
import type { Judgement } from '../domain/judgement.js';
import type { Lines } from '../domain/lines.js';
import type { Rejection } from '../domain/rejection.js';
import { DayClosed } from '../domain/refusals.js';
import { DayClosings } from '../persistence/day-closings.js';
import type { HeldLine } from '../persistence/held-records.js';
import { MonthPartitions } from '../persistence/month-partitions.js';
import { RejectList } from '../persistence/reject-list.js';
import { openKind } from '../persistence/record-kinds.js';
import { conflictIn, TOO_LATE, UNSTORABLE, type Exception } from '../persistence/record-store.js';
import { RecordLoader, type LineLoader } from './record-loader.js';

export type RecordOutcome =
  | { readonly outcome: 'ACCEPTED' | 'DUPLICATE' }
  | {
      readonly outcome: 'REJECTED';
      readonly code: string;
      readonly field: string | undefined;
      readonly message: string;
    }
  | { readonly outcome: 'HELD'; readonly reason: HeldLine['reason'] };

const ACCEPTED: RecordOutcome = { outcome: 'ACCEPTED' };
const DUPLICATE: RecordOutcome = { outcome: 'DUPLICATE' };

/** Some two milliseconds; then others who wait for an answer have a turn, who may hold locks that this one will want. */
const LINES_IN_ONE_GO = 500;

/** Takes in lines that are no file: pushed online, released after a wait, or sent again after they were mended. */
@Injectable()
export class LoadLines {
  constructor(
    private readonly outbox: Outbox,
    private readonly customers: CustomersFacade,
    private readonly personalData: PersonalData,
    private readonly partitions: MonthPartitions,
    private readonly days: DayClosings,
    private readonly rejects: RejectList,
  ) {}

  /**
   * One outcome per line (`D|…`, no line end) of all parts, in their order. What is refused is refused alone and kept as refused under
   * `intake` and its place among the lines.
   * @throws NotYourRecords, DayClosed
   */
  async execute(tx: Tx, intake: Intake, judge: Judgement, parts: readonly Lines[]): Promise<readonly RecordOutcome[]> {
    if (!(await this.days.enter(tx, intake))) throw new DayClosed();
    const count = parts.reduce((sum, lines) => sum + lines.count, 0);
    const outcomes = Array.from({ length: count }, () => ACCEPTED);
    const { customers, personalData, partitions, outbox } = this;
    const onException = (at: number, exception: Exception, reason?: HeldLine['reason']): void => {
      outcomes[at] = outcomeOf(intake.kind, exception, reason);
    };
    const loader = openKind(
      intake.kind,
      { tx, intake, judge, customers, personalData, partitions, outbox, onException },
      (reader, store): LineLoader =>
        new RecordLoader(
          tx,
          intake,
          judge,
          personalData,
          reader,
          store,
          count,
          ({ lineNo, rejection }) => (outcomes[lineNo] = refused(rejection)),
        ),
    );
    let lineNo = 0;
    for (const lines of parts) {
      for (let at = 0; at < lines.count; at++) {
        loader.take(lineNo++, lines.bytes, lines.startOf(at), lines.endOf(at));
        if (lineNo % LINES_IN_ONE_GO === 0) await setImmediate();
      }
    }
    await loader.finish();
    if (outcomes.some(({ outcome }) => outcome === 'REJECTED')) await this.rejects.gather(tx, intake);
    if (outcomes.includes(ACCEPTED)) {
      const { intakeId, kind, source, lane, receivedAt } = intake;
      await this.outbox.publish(tx, RecordsLoaded, { intakeId, kind, source, lane }, { occurredAt: receivedAt });
    }
    return outcomes;
  }
}

export const refused = ({ code, field, text }: Rejection): RecordOutcome => ({
  outcome: 'REJECTED',
  code,
  field: field || undefined,
  message: text,
});

function outcomeOf(kind: Kind, exception: Exception, reason: HeldLine['reason'] = 'UNKNOWN_CUSTOMER'): RecordOutcome {
  switch (exception) {
    case 'CONFLICT':
      return refused(conflictIn(kind));
    case 'LATE':
      return refused(TOO_LATE);
    case 'UNSTORABLE':
      return refused(UNSTORABLE);
    case 'DUPLICATE':
      return DUPLICATE;
    case 'HELD':
      return { outcome: 'HELD', reason };
  }
}
