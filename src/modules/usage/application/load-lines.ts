import { Injectable } from '@nestjs/common';
import { CustomersFacade } from '../../customers/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { RecordsLoaded } from '../domain/events.js';
import type { Kind } from '../domain/codes.js';
import type { Intake } from '../domain/intake.js';
import type { Judgement } from '../domain/judgement.js';
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
   * One outcome per line (`D|…`, no line end), in their order. What is refused is refused alone and kept as refused under
   * `intake` and its place among the lines.
   * @throws NotYourRecords, DayClosed
   */
  async execute(tx: Tx, intake: Intake, judge: Judgement, lines: readonly Buffer[]): Promise<readonly RecordOutcome[]> {
    if (!(await this.days.enter(tx, intake))) throw new DayClosed();
    const outcomes = lines.map(() => ACCEPTED);
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
          lines.length,
          ({ lineNo, rejection }) => (outcomes[lineNo] = refused(rejection)),
        ),
    );
    for (const [at, line] of lines.entries()) loader.take(at, line, 0, line.length);
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
