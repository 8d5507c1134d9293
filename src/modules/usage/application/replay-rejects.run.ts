import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, type Tx } from '../../../platform/database/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import {
  DefinesRun, RunParametersRefused, type Outcome, type Population, type Run, type RunDefinition, type Slice,
} from '../../../platform/queues/index.js'; // prettier-ignore
import type { Intake } from '../domain/intake.js';
import { Lines } from '../domain/lines.js';
import { mended, type Fix } from '../domain/mending.js';
import { DayClosed } from '../domain/refusals.js';
import { nameOfDay } from '../domain/source-day.js';
import {
  chosen, chosenBy, lockOpenRejects, type OpenReject, type RejectFilter, type RejectsSeen,
} from '../persistence/reject-rows.js'; // prettier-ignore
import { sealedLineContext } from '../persistence/sealed-line.js';
import { IntakePolicy } from './intake-policy.js';
import { LoadLines, type RecordOutcome } from './load-lines.js';

export interface Replay {
  readonly filter: RejectFilter;
  readonly fixes: readonly Fix[];
  readonly reason: string;
  readonly by: string;
  /** What comes on the list later is not part of it. */
  readonly seenBefore: string;
  readonly seen: RejectsSeen;
}

const CLOSED: RecordOutcome = {
  outcome: 'REJECTED',
  code: 'E_CLOSED',
  field: undefined,
  message: 'the day is signed off',
};

/**
 * Sends refused records again, mended (错单回放): each day of each source as an intake of its own, which counts on the day on which
 * the records should have come. Only what is open is sent, and what was sent well is closed with it: so twice, also at once, has
 * the effect of once.
 */
@DefinesRun()
@Injectable()
export class ReplayRejects implements RunDefinition<Replay> {
  readonly kind = 'usage.reject-replay';
  readonly describe = 'Takes in refused records again after they were mended.';
  readonly permission = 'usage.replay';
  readonly sliceSize = 500;

  constructor(
    private readonly clock: Clock,
    private readonly personalData: PersonalData,
    private readonly policy: IntakePolicy,
    private readonly loadLines: LoadLines,
  ) {}

  parametersFrom(): Replay {
    throw new RunParametersRefused('to be started as a rejectReplay');
  }

  population({ parameters }: Run<Replay>): Population {
    return {
      sql: `SELECT r.reject_id AS customer_id FROM usage.reject r
            WHERE r.state = 'OPEN' AND r.first_seen <= $9::timestamptz AND ${chosen(1)}`,
      params: [...chosenBy(parameters.filter, parameters.seen), parameters.seenBefore],
    };
  }

  async slice(tx: Tx, run: Run<Replay>, slice: Slice): Promise<Readonly<Record<string, number>>> {
    await tx.execute(`SET LOCAL lock_timeout = '500ms'`); // A file on its way goes first; the slice is tried again.
    const { filter, seen, seenBefore } = run.parameters;
    const rejects = await lockOpenRejects(tx, slice, seenBefore, chosenBy(filter, seen));
    const counts: Record<string, number> = {};
    for (const day of byDay(rejects)) {
      for (const outcome of await this.replayDay(tx, run, day)) counts[outcome] = (counts[outcome] ?? 0) + 1;
      await tx.execute('DISCARD TEMP'); // each intake makes its own
    }
    return counts;
  }

  async finish(_tx: Tx, _run: Run<Replay>, totals: Readonly<Record<string, number>>): Promise<Outcome> {
    return { checksum: JSON.stringify(totals), summary: totals };
  }

  private async replayDay(tx: Tx, run: Run<Replay>, rejects: readonly OpenReject[]): Promise<readonly string[]> {
    const kept = rejects.filter(({ sealed }) => sealed.length > 0);
    const [first] = kept;
    if (!first) return [];
    const receivedAt = this.clock.now();
    const intake: Intake = {
      intakeId: newId(),
      kind: first.kind,
      source: first.source,
      lane: first.lane,
      receivedAt,
      ...(await this.dayOf(tx, first)),
      mends: kept.map(({ reject_id }) => reject_id),
    };
    // They came in time when they came; now they are only late by our waiting.
    const createdAt = Math.min(...kept.map(({ made_at }) => made_at.getTime()));
    const judge = { limits: this.policy.limits, createdAt, now: receivedAt.getTime() };
    const lines = kept.map((reject) => Buffer.from(this.mendedLine(reject, run.parameters.fixes)));
    const outcomes = await this.loadLines.execute(tx, intake, judge, [Lines.of(lines)]).catch((error: unknown) => {
      if (error instanceof DayClosed) return lines.map(() => CLOSED);
      throw error;
    });
    await this.keepOutcomes(tx, run, intake, outcomes);
    return outcomes.map(({ outcome }) => outcome);
  }

  /** Days of a closed month are not opened again: what is left of them counts when it comes, as a difference to the month. */
  private async dayOf(
    tx: Tx,
    { province, business_date: businessDate }: OpenReject,
  ): Promise<Pick<Intake, 'province' | 'businessDate'>> {
    const closed = await tx.query(`SELECT FROM usage.closed_month WHERE month = date_trunc('month', $1::date)`, [
      businessDate,
    ]);
    return closed.length > 0 ? {} : { province, businessDate };
  }

  private mendedLine({ intake_id, line_no, sealed, kind }: OpenReject, fixes: readonly Fix[]): string {
    return mended(kind, this.personalData.open(sealed, sealedLineContext(intake_id, line_no)), fixes);
  }

  private async keepOutcomes(
    tx: Tx,
    { runId, parameters }: Run<Replay>,
    { intakeId, mends = [], receivedAt }: Intake,
    outcomes: readonly RecordOutcome[],
  ): Promise<void> {
    const codes = outcomes.map((each) => (each.outcome === 'REJECTED' ? each.code : null));
    const fields = outcomes.map((each) => (each.outcome === 'REJECTED' ? (each.field ?? null) : null));
    await tx.execute(
      `WITH replayed AS (
         INSERT INTO usage.reject_replay (reject_id, run_id, intake_id, outcome, code, field, replayed_by, replayed_at)
         SELECT o.reject_id, $1, $2, o.outcome, o.code, o.field, $3, $4
         FROM unnest($5::uuid[], $6::text[], $7::text[], $8::text[]) AS o (reject_id, outcome, code, field)
         RETURNING reject_id, outcome
       )
       UPDATE usage.reject r SET state = 'REPLAYED', decided_at = $4, decided_by = $3, decision = $9
       FROM replayed WHERE r.reject_id = replayed.reject_id AND replayed.outcome <> 'REJECTED'`,
      [
        runId, intakeId, parameters.by, receivedAt, mends, outcomes.map(({ outcome }) => outcome), codes, fields,
        parameters.reason,
      ],
    ); // prettier-ignore
  }
}

/** In the order of their days, so that two replays go through them alike. */
function byDay(rejects: readonly OpenReject[]): readonly (readonly OpenReject[])[] {
  const days = new Map<string, OpenReject[]>();
  for (const reject of rejects) {
    const name = `${nameOfDay({ ...reject, businessDate: reject.business_date })} ${reject.lane}`;
    const day = days.get(name);
    if (day) day.push(reject);
    else days.set(name, [reject]);
  }
  return [...days.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
}
