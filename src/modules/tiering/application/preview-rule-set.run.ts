import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import {
  DefinesRun,
  RunParametersRefused,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { PREVIEW } from '../domain/life-of-a-rule-set.js';
import { impactOf } from '../domain/preview.js';
import { NoRuleSetInEffect } from '../domain/refusals.js';
import type { RuleSet } from '../domain/rule-set.js';
import {
  beginPreview,
  comparedIn,
  findPreview,
  finishPreview,
  readCells,
  readMeasured,
  type Preview,
} from '../persistence/previews.js';
import { previewSlice } from '../persistence/preview-slice.js';
import { markSimulated, rulesInEffect, ruleSetOfVersion } from '../persistence/rule-sets.js';

interface Previewed {
  readonly version: string;
  readonly against?: string;
  /** As the first review of a level year would decide (定级年度). */
  readonly asYearlyReview?: boolean;
}

/**
 * Whom a rule set would move, before it is approved (试算、影响预览; TIER-01): everybody, decided by it and by what decides now in one
 * scan. It gives no level, writes no decision and tells nobody.
 */
@DefinesRun()
@Injectable()
export class PreviewRuleSet implements RunDefinition<Previewed> {
  readonly kind = PREVIEW;
  readonly describe =
    'Counts what a rule set would do to the levels of all customers, beside another version; changes nothing.';
  readonly permission = 'tiering.run';
  readonly sliceSize: number = 10_000;
  readonly parallelSlices: number = 2;

  constructor(private readonly clock: Clock) {}

  /** @throws RunParametersRefused */
  parametersFrom({ version, against, asYearlyReview, ...others }: Readonly<Record<string, unknown>>): Previewed {
    const isVersion = (value: unknown): value is string => typeof value === 'string' && value.length > 0;
    const isWhole = asYearlyReview === undefined || typeof asYearlyReview === 'boolean';
    const isKnown = isVersion(version) && (against === undefined || isVersion(against)) && isWhole;
    if (!isKnown || Object.keys(others).length > 0) {
      throw new RunParametersRefused('version; against: another version of the same programme; asYearlyReview: true');
    }
    return { version, ...(against !== undefined && { against }), ...(asYearlyReview && { asYearlyReview }) };
  }

  population(): Population {
    return { sql: 'SELECT customer_id FROM customers.profile' };
  }

  /** @throws RuleSetNotFound, RunParametersRefused */
  async prepare(tx: Tx, { runId, asOf, parameters }: Run<Previewed>): Promise<{ ruleVersion: string }> {
    const draft = await ruleSetOfVersion(tx, parameters.version);
    const against =
      parameters.against === undefined
        ? await inEffect(tx, { program: draft.program, asOf })
        : await ruleSetOfVersion(tx, parameters.against);
    if (against && against.program !== draft.program) {
      throw new RunParametersRefused('against: another version of the same programme');
    }
    await beginPreview(tx, {
      runId,
      asOf,
      draft,
      against,
      asYearlyReview: parameters.asYearlyReview,
      startedAt: this.clock.now(),
    });
    return { ruleVersion: draft.version };
  }

  async slice(tx: Tx, run: Run<Previewed>, slice: Slice): Promise<Counts> {
    return previewSlice(tx, { run, slice, ...comparedIn(await begun(tx, run)) });
  }

  async finish(tx: Tx, run: Run<Previewed>): Promise<Outcome> {
    const preview = await begun(tx, run);
    const { version, checksum, body } = preview.draft;
    const ofGiven = await finishPreview(tx, run, this.clock.now());
    await markSimulated(tx, { version, checksum, runId: run.runId });
    const { moves, guard } = impactOf({
      scale: preview.scale,
      body,
      against: preview.against?.body,
      cells: await readCells(tx, run.runId),
      measured: await readMeasured(tx, run.runId),
    });
    return {
      checksum: ofGiven,
      summary: { ruleSetChecksum: checksum, against: preview.against?.version, moves, guard },
    };
  }
}

/** What decides everywhere on the day; undefined for the first rules of a programme. */
async function inEffect(
  tx: Tx,
  day: { readonly program: string; readonly asOf: string },
): Promise<RuleSet | undefined> {
  try {
    return (await rulesInEffect(tx, day)).everywhere;
  } catch (error) {
    if (error instanceof NoRuleSetInEffect) return undefined;
    throw error;
  }
}

async function begun(tx: Tx, { runId }: Pick<Run, 'runId'>): Promise<Preview> {
  const preview = await findPreview(tx, runId);
  if (!preview) throw new Error('the preview has not begun');
  return preview;
}
