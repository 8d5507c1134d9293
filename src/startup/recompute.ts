import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { Runs, type Run, type StartRun } from '../platform/queues/index.js';
import type { Say } from './application.js';

/** Starts a run over everybody, or finds it, and stays with it to its end. */
export async function recompute(app: INestApplicationContext, request: StartRun, say: Say): Promise<Run> {
  const runs = app.get(Runs);
  let { run } = await runs.start(request);
  if (run.status === 'failed' || run.status === 'cancelled') run = await runs.resume(run.runId);
  for (let said = Date.now(); run.status === 'pending' || run.status === 'running'; ) {
    await sleep(50);
    run = await runs.get(run.runId);
    if (Date.now() - said > 2000) {
      said = Date.now();
      const { percent, secondsLeft } = run.progress;
      say(`  ${run.kind} ${run.key}: ${percent} %${secondsLeft === undefined ? '' : `, ${secondsLeft} s left`}`);
    }
  }
  if (run.status !== 'completed') throw new Error(`The run ${run.kind} ${run.key} is ${run.status}: ${run.error ?? ''}`);
  return run;
}
