import type { Provider } from '@nestjs/common';
import type { Settings } from '../../../../src/platform/config/index.js';
import { newId, Transaction } from '../../../../src/platform/database/index.js';
import { EVERYBODY, type Actor } from '../../../../src/platform/identity/index.js';
import { PersonalData } from '../../../../src/platform/privacy/index.js';
import { Clock } from '../../../../src/platform/clock/index.js';
import { Approvals, OrganizationFacade } from '../../../../src/modules/organization/index.js';
import { CloseDay, SignOffDay } from '../../../../src/modules/usage/application/close-day.js';
import { CompareDays } from '../../../../src/modules/usage/application/compare-days.js';
import { ExplainDifference } from '../../../../src/modules/usage/application/explain-difference.js';
import { ReconcileDays } from '../../../../src/modules/usage/application/reconcile-days.js';
import { StateDay } from '../../../../src/modules/usage/application/state-day.js';
import type { SourceDay } from '../../../../src/modules/usage/domain/source-day.js';
import { DayClosings } from '../../../../src/modules/usage/persistence/day-closings.js';
import { startIntake, type TestIntake } from './intake.js';

export interface TestReconciliation extends TestIntake {
  readonly stating: StateDay;
  readonly closing: CloseDay;
  readonly explaining: ExplainDifference;
  readonly approvals: Approvals;
  /** What the job of the morning does. */
  reconcile(): Promise<void>;
  sheet(day?: Partial<SourceDay>): Promise<Record<string, unknown> | undefined>;
  /** Records that came in and are not committed yet. */
  intakeUnderway(): { readonly begun: Promise<void>; end(): Promise<void> };
  differences(): Promise<Record<string, unknown>[]>;
}

export const DAY: SourceDay = { source: 'BOSS', kind: 'USG', province: '440000', businessDate: '2025-02-01' };

export const somebody = (id: string): Actor => ({
  kind: 'staff', id, name: id, role: 'tester', permissions: ['usage.reconcile', 'organization.approve'], unitId: undefined,
  scope: EVERYBODY, requestId: 'r', clientAddress: '::1',
}); // prettier-ignore

export async function startReconciliation(
  more: readonly Provider[] = [],
  settings: Partial<Settings> = {},
): Promise<TestReconciliation> {
  const made: { closing?: CloseDay } = {};
  const handlers = { of: () => ({ kind: SignOffDay, handler: made.closing }) };
  const intake = await startIntake(settings, [
    ...more,
    CompareDays,
    CloseDay,
    ReconcileDays,
    StateDay,
    ExplainDifference,
    { provide: OrganizationFacade, useValue: {} },
    {
      provide: Approvals,
      inject: [Transaction, PersonalData, Clock],
      useFactory: (transaction: Transaction, personalData: PersonalData, clock: Clock) =>
        new Approvals(transaction, handlers as never, personalData, clock),
    },
  ]);
  made.closing = intake.get(CloseDay);
  intake.clock.time = new Date('2025-02-02T00:00:00+08:00');
  return {
    ...intake,
    stating: intake.get(StateDay),
    closing: made.closing,
    explaining: intake.get(ExplainDifference),
    approvals: intake.get(Approvals),
    reconcile: () => intake.get(ReconcileDays).execute(),
    sheet: async (day = {}) => {
      const { source, kind, province, businessDate } = { ...DAY, ...day };
      const [row] = await intake.db.query<Record<string, unknown>>(
        `SELECT * FROM usage.source_day WHERE source = $1 AND kind = $2 AND province = $3 AND business_date = $4`,
        [source, kind, province, businessDate],
      );
      return row;
    },
    intakeUnderway: () => {
      let end = (): void => undefined;
      const ended = new Promise<void>((resolve) => (end = resolve));
      let begin = (): void => undefined;
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const underway = intake.get(Transaction).run(async (tx) => {
        const receivedAt = intake.clock.time;
        await intake
          .get(DayClosings)
          .enter(tx, { intakeId: newId(), kind: 'USG', source: 'BOSS', lane: 'normal', receivedAt });
        begin();
        await ended;
      });
      return { begun, end: () => (end(), underway) };
    },
    differences: () =>
      intake.db.query(
        `SELECT difference_id, type, measure, record_id, theirs, ours, state, owner FROM usage.day_difference
         WHERE state <> 'GONE' ORDER BY measure, record_id`,
      ),
  };
}
