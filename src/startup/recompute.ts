import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Runs, type Run, type StartRun } from '../platform/queues/index.js';
import type { RunningApplication, Say } from './application.js';
import { DEMO_AS_OF, DEMO_FIRST_MONTH, DEMO_LAST_MONTH } from './demo-calendar.js';

/** Starts a run over everybody, or finds it, and stays with it to its end. */
export async function recompute(app: INestApplicationContext, request: StartRun, say: Say): Promise<Run> {
  const runs = app.get(Runs);
  let { run } = await runs.start(request);
  if (run.status === 'failed' || run.status === 'cancelled') run = await runs.resume(run.runId);
  for (let said = Date.now(); run.status === 'pending' || run.status === 'running';) {
    await sleep(50);
    run = await runs.get(run.runId);
    if (Date.now() - said > 2000) {
      said = Date.now();
      const { percent, secondsLeft } = run.progress;
      say(`  ${run.kind} ${run.key}: ${percent} %${secondsLeft === undefined ? '' : `, ${secondsLeft} s left`}`);
    }
  }
  if (run.status !== 'completed')
    throw new Error(`The run ${run.kind} ${run.key} is ${run.status}: ${run.error ?? ''}`);
  return run;
}

const GRADES = [
  'tiering.star-level',
  'tiering.credit-grade',
  'tiering.customer-class',
  'tiering.value',
  'tiering.find-potential',
] as const;

/** Tiers and the other grades, then points (their factor is the tier's), then the risk of leaving. The same `suffix` again: the same runs. */
export async function recomputeEverything({ app }: RunningApplication, suffix: string, say: Say): Promise<Run[]> {
  const asOf = DEMO_AS_OF;
  const done: Run[] = [];
  say(`deciding tiers as of ${asOf}`);
  done.push(await recompute(app, { kind: 'tiering.review', key: `${asOf}${suffix}`, asOf }, say));
  say('grading stars, credit, classes and value, and looking for potential customers');
  for (const kind of GRADES) done.push(await recompute(app, { kind, key: `${asOf}${suffix}`, asOf }, say));
  say(`earning points from the bills of ${DEMO_FIRST_MONTH} to ${DEMO_LAST_MONTH}`);
  const parameters = { correctionsFrom: DEMO_FIRST_MONTH };
  done.push(await recompute(app, { kind: 'points.accrue', key: `${DEMO_LAST_MONTH}${suffix}`, asOf, parameters }, say));
  say('scoring the risk of leaving');
  done.push(await recompute(app, { kind: 'analytics.churn', key: `${asOf}${suffix}`, asOf }, say));
  return done;
}
