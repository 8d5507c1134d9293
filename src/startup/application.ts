import { once } from 'node:events';
import { createServer } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module.js';
import { loadSettings, withOwnKeys, type Settings } from '../platform/config/index.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../platform/database/embedded-postgres.js';
import { migrate } from '../platform/database/migrate.js';
import { configureHttp, fastifyOptions } from '../platform/http/index.js';
import { Metrics, NestLogger, createLogger } from '../platform/telemetry/index.js';

export type Say = (message: string) => void;

/** A started application: its database is up to date, its API listens (unless it is a worker), its workers work. */
export interface RunningApplication {
  readonly app: NestFastifyApplication;
  readonly settings: Settings;
  /** Address of the API on this machine. */
  readonly address: string;
  /** Finishes what is under way, then stops everything that was started here. */
  stop(): Promise<void>;
}

/** The port of the API is taken by another program. */
export class PortInUse extends Error {
  constructor(port: number) {
    super(
      `Port ${port} is taken by another program. Stop that one, or choose another port: PORT=${port + 1} npm start`,
    );
    this.name = 'PortInUse';
  }
}

/**
 * Starts everything in order: settings, database (its own or the given one), migrations, application.
 * @throws InvalidSettings, DataDirectoryInUse, PortInUse
 */
export async function startApplication(environment: NodeJS.ProcessEnv, say: Say): Promise<RunningApplication> {
  let settings = loadSettings(environment);
  let embedded: EmbeddedPostgres | undefined;
  let app: NestFastifyApplication | undefined;
  const stop = async (): Promise<void> => {
    const server = app?.getHttpServer();
    // A connection that falls idle while the server closes would hold it until its keep-alive ends, over a minute later.
    const hangUp = setInterval(() => server?.closeIdleConnections(), 100);
    try {
      await app?.close();
    } finally {
      clearInterval(hangUp);
      await embedded?.stop();
    }
  };
  try {
    if (settings.role !== 'worker') await assertPortIsFree(settings);
    if (!settings.databaseUrl) {
      say('starting the database');
      embedded = await startEmbeddedPostgres({ dataDir: settings.dataDir, say });
      settings = await withOwnKeys({ ...settings, databaseUrl: embedded.url }, say);
    }
    const applied = await migrate(settings.databaseUrl ?? '');
    if (applied.length > 0) say(`database brought up to date: ${applied.length} migrations`);

    const logger = createLogger(settings.logLevel);
    const adapter = new FastifyAdapter({ ...fastifyOptions(settings), loggerInstance: logger });
    app = await NestFactory.create<NestFastifyApplication>(AppModule.with(settings), adapter, {
      logger: new NestLogger(logger),
      abortOnError: false,
      bodyParser: false,
    });
    await configureHttp(app, settings);
    app.get(Metrics).observe(app.getHttpAdapter().getInstance());
    if (settings.role === 'worker') {
      await app.init();
      return { app, settings, address: '', stop };
    }
    await app.listen(settings.port, settings.host);
    return { app, settings, address: await app.getUrl(), stop };
  } catch (error) {
    await stop();
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? new PortInUse(settings.port) : error;
  }
}

/** Asked first: a database that is started in vain takes seconds. */
async function assertPortIsFree({ port, host }: Settings): Promise<void> {
  const probe = createServer().listen(port, host);
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}
