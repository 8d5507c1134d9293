import type { Tx } from '../../../platform/database/index.js';
import type { Outbox } from '../../../platform/events/index.js';
import { ClosedMonthsChanged } from '../domain/events.js';
import type { Intake } from '../domain/intake.js';

/** Writes down whose figures of closed months (关账) an intake changes, and says so once. */
export class MonthChanges {
  readonly #months = new Set<string>();

  constructor(
    private readonly tx: Tx,
    private readonly intake: Intake,
    private readonly outbox: Outbox,
  ) {}

  /** `changed` is a query for `customer_id, month`, `params` are its own; it may write. */
  async note(changed: string, params: readonly unknown[] = []): Promise<void> {
    const { intakeId, kind, receivedAt } = this.intake;
    const first = params.length + 1;
    const rows = await this.tx.query<{ month: string }>(
      `WITH changed AS (${changed}), noted AS (
         INSERT INTO usage.month_change (customer_id, month, kind, intake_id, changed_at)
         SELECT DISTINCT customer_id, month, $${first}, $${first + 1}::uuid, $${first + 2}::timestamptz
         FROM changed JOIN usage.closed_month USING (month)
         ON CONFLICT DO NOTHING RETURNING month
       ) SELECT DISTINCT month FROM noted`,
      [...params, kind, intakeId, receivedAt],
    );
    for (const { month } of rows) this.#months.add(month);
  }

  async announce(): Promise<void> {
    if (this.#months.size === 0) return;
    const { intakeId, receivedAt } = this.intake;
    const months = [...this.#months].sort();
    await this.outbox.publish(this.tx, ClosedMonthsChanged, { intakeId, months }, { occurredAt: receivedAt });
  }
}
