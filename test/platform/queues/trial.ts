import {
  type DynamicModule,
  Global,
  type INestApplicationContext,
  Injectable,
  Logger,
  Module,
  type Provider,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { Clock, SystemClock } from '../../../src/platform/clock/index.js';
import { Settings } from '../../../src/platform/config/index.js';
import { applicationDataSource } from '../../../src/platform/database/data-source.js';
import { Database, Transaction, type Tx } from '../../../src/platform/database/index.js';
import { Refusal } from '../../../src/platform/errors/index.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';
import {
  defineEvent,
  type Delivered,
  EventsModule,
  type Listener,
  ListensTo,
  type SetWiseListener,
} from '../../../src/platform/events/index.js';
import {
  type Counts,
  DefinesRun,
  defineJob,
  type JobDelivery,
  type JobProcessor,
  type Outcome,
  type Population,
  ProcessesJob,
  QueuesModule,
  type Run,
  type RunDefinition,
  RunParametersRefused,
  type Slice,
  WorkersModule,
} from '../../../src/platform/queues/index.js';

/** The tables that the trial's work leaves its traces in. */
export const TRIAL_TABLES = [
  'CREATE SCHEMA trial',
  'GRANT USAGE ON SCHEMA trial TO guibin_app',
  'CREATE TABLE trial.customer (customer_id uuid PRIMARY KEY)',
  'CREATE TABLE trial.decision (customer_id uuid, run_id uuid, worth int NOT NULL, decided_by int NOT NULL, PRIMARY KEY (customer_id, run_id))',
  'CREATE TABLE trial.trace (nth bigint GENERATED ALWAYS AS IDENTITY, what text NOT NULL, about text NOT NULL)',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA trial TO guibin_app',
];

export const NoteDown = defineJob<{ note: string }>('trial.note-down');
export const TakeLong = defineJob<{ note: string }>('trial.take-long', { lane: 'long' });
export const StumbleTwice = defineJob<{ note: string }>('trial.stumble-twice', { backoffMs: 20 });
export const FallDown = defineJob<{ note: string }>('trial.fall-down', { attempts: 1 });
export const Tick = defineJob('trial.tick', { timetable: { everyMs: 300 } });

export const Happened = defineEvent<{ step: number }>('trial.Happened');
export const CountedByTheThousand = defineEvent<{ step: number }>('trial.CountedByTheThousand');

@Injectable()
@ProcessesJob(NoteDown)
export class NoteDownJob implements JobProcessor<{ note: string }> {
  constructor(private readonly transaction: Transaction) {}

  async process({ note }: { note: string }): Promise<void> {
    await this.transaction.run((tx) => leaveTrace(tx, 'noted', note));
  }
}

@Injectable()
@ProcessesJob(TakeLong)
export class TakeLongJob implements JobProcessor<{ note: string }> {
  constructor(private readonly transaction: Transaction) {}

  async process({ note }: { note: string }): Promise<void> {
    await this.transaction.run((tx) => leaveTrace(tx, 'began', note));
    await sleep(1_500);
    await this.transaction.run((tx) => leaveTrace(tx, 'ended', note));
  }
}

@Injectable()
@ProcessesJob(StumbleTwice)
export class StumbleTwiceJob implements JobProcessor<{ note: string }> {
  constructor(private readonly transaction: Transaction) {}

  async process({ note }: { note: string }, { attempt }: JobDelivery): Promise<void> {
    if (attempt < 3) throw new Error('stumbled');
    await this.transaction.run((tx) => leaveTrace(tx, 'stood', note));
  }
}

@Injectable()
@ProcessesJob(FallDown)
export class FallDownJob implements JobProcessor<{ note: string }> {
  async process(): Promise<void> {
    throw new Error(`Mr Wang, +8613800000000, fell down`);
  }
}

@Injectable()
@ProcessesJob(Tick)
export class TickJob implements JobProcessor<object> {
  constructor(private readonly transaction: Transaction) {}

  async process(): Promise<void> {
    await this.transaction.run((tx) => leaveTrace(tx, 'ticked', ''));
  }
}

/** Every customer gets a worth that only the customer and the day decide. */
@Injectable()
@DefinesRun()
export class TrialRun implements RunDefinition<TrialParameters> {
  readonly kind = 'trial.worth';
  readonly describe = 'Decides what every customer of the trial is worth';
  readonly permission = 'trial.run';
  readonly sliceSize = 100;
  refusals = 0;

  parametersFrom({ sliceMs = 0 }: Readonly<Record<string, unknown>>): TrialParameters {
    if (typeof sliceMs !== 'number') throw new RunParametersRefused('sliceMs, a number');
    return { sliceMs };
  }

  population(): Population {
    return { sql: 'SELECT customer_id FROM trial.customer' };
  }

  async prepare(tx: Tx, run: Run<TrialParameters>): Promise<{ ruleVersion: string }> {
    this.refuseAt('prepare', run);
    return { ruleVersion: 'v1' };
  }

  async slice(tx: Tx, run: Run<TrialParameters>, { from, to, sliceNo }: Slice): Promise<Counts> {
    const decided = await tx.execute(
      `INSERT INTO trial.decision (customer_id, run_id, worth, decided_by)
       SELECT customer_id, $1, abs(hashtext(customer_id::text || $2)) % 1000, pg_backend_pid()
       FROM trial.customer WHERE customer_id >= $3 AND customer_id < $4`,
      [run.runId, run.asOf, from, to],
    );
    await tx.execute(
      `INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
       SELECT '${CountedByTheThousand.name}', customer_id, jsonb_build_object('step', worth), clock_timestamp(), clock_timestamp()
       FROM trial.decision WHERE run_id = $1 AND customer_id >= $2 AND customer_id < $3`,
      [run.runId, from, to],
    );
    if (run.parameters.breaksAtSlice === sliceNo) await tx.query(`SELECT 'Mr Wang'::int`);
    this.refuseAt('slice', run);
    await sleep(run.parameters.sliceMs ?? 0);
    return { decided, slices: 1 };
  }

  async finish(tx: Tx, run: Run<TrialParameters>, totals: Counts): Promise<Outcome> {
    this.refuseAt('finish', run);
    const [row] = await tx.query<{ checksum: string }>(
      `SELECT md5(string_agg(customer_id || ':' || worth, ',' ORDER BY customer_id)) AS checksum
       FROM trial.decision WHERE run_id = $1`,
      [run.runId],
    );
    return { checksum: row?.checksum ?? '', summary: { decided: totals.decided } };
  }

  private refuseAt(step: Step, { parameters }: Run<TrialParameters>): void {
    if (parameters.refusedAt !== step) return;
    this.refusals += 1;
    throw new Refusal('trial.refused', 'rejected', 'As asked');
  }
}

export interface TrialParameters {
  readonly sliceMs?: number;
  readonly breaksAtSlice?: number;
  readonly refusedAt?: Step;
}
type Step = 'prepare' | 'slice' | 'finish';

@Injectable()
@ListensTo(Happened)
export class FirstListener implements Listener<{ step: number }> {
  async handle(tx: Tx, event: Delivered<{ step: number }>): Promise<void> {
    await leaveTrace(tx, 'first', `${event.customerId}/${event.payload.step}`);
  }
}

/** Comes after the first one, fails as often as it is told to, and takes its process with it when asked. */
@Injectable()
@ListensTo(Happened)
export class SecondListener implements Listener<{ step: number }> {
  static failures = 0;

  async handle(tx: Tx, event: Delivered<{ step: number }>): Promise<void> {
    if (process.env.TRIAL_DIES_IN_SECOND_LISTENER === 'yes') process.kill(process.pid, 'SIGKILL');
    await leaveTrace(tx, 'second', `${event.customerId}/${event.payload.step}`);
    if (SecondListener.failures > 0) {
      SecondListener.failures -= 1;
      throw new Error('Mr Wang could not be reached');
    }
  }
}

@Injectable()
@ListensTo(CountedByTheThousand)
export class CountingListener implements SetWiseListener<{ step: number }> {
  async handleAll(tx: Tx, events: readonly Delivered<{ step: number }>[]): Promise<void> {
    await tx.execute(
      `INSERT INTO trial.trace (what, about) SELECT 'counted', about FROM unnest($1::text[]) AS e (about)`,
      [events.map(({ eventId }) => eventId)],
    );
  }
}

async function leaveTrace(tx: Tx, what: string, about: string): Promise<void> {
  await tx.execute('INSERT INTO trial.trace (what, about) VALUES ($1, $2)', [what, about]);
}

interface Where {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
}

/** Clock, settings and database, without the rest of the platform. */
@Global()
@Module({})
class GroundModule {
  static with({ databaseUrl, redisUrl }: Where, source: DataSource): DynamicModule {
    const settings = Object.assign(new Settings(), {
      role: 'all',
      databaseUrl,
      redisUrl,
      workerConcurrency: 8,
      callbackHosts: [],
    });
    const key = Buffer.alloc(32); // Nothing is sealed here.
    return {
      module: GroundModule,
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Clock, useClass: SystemClock },
        { provide: DataSource, useValue: source },
        { provide: CloseDataSource, useFactory: () => new CloseDataSource(source) },
        { provide: PersonalData, useValue: new PersonalData([{ id: 'trial', key }], key) },
        Database,
        Transaction,
      ],
      exports: [Settings, Clock, PersonalData, Database, Transaction],
    };
  }
}

class CloseDataSource {
  constructor(private readonly source: DataSource) {}

  onApplicationShutdown(): Promise<void> {
    return this.source.destroy();
  }
}

export const TRIAL_PROCESSORS = [NoteDownJob, TakeLongJob, StumbleTwiceJob, FallDownJob, TickJob];

interface Cast {
  /** False: only the producers, as in the role `api`. */
  readonly works?: boolean;
  readonly processors?: readonly Provider[];
}

/** An application with the trial's jobs, listeners and run. */
export async function startTrial(
  where: Where,
  { works = true, processors = TRIAL_PROCESSORS }: Cast = {},
): Promise<INestApplicationContext> {
  const source = await applicationDataSource({ url: where.databaseUrl, poolSize: 16 }).initialize();

  @Module({
    imports: [GroundModule.with(where, source), EventsModule, QueuesModule, ...(works ? [WorkersModule] : [])],
    providers: [TrialRun, ...(works ? [FirstListener, SecondListener, CountingListener, ...processors] : [])],
  })
  class TrialModule {}

  Logger.overrideLogger(process.env.TRIAL_SAYS_ALL === 'yes' ? ['log', 'warn', 'error'] : false);
  try {
    return await NestFactory.createApplicationContext(TrialModule, { abortOnError: false });
  } catch (error) {
    await source.destroy();
    throw error;
  }
}
