import { randomBytes } from 'node:crypto';
import {
  Global,
  Module,
  type ClassProvider,
  type FactoryProvider,
  type ModuleMetadata,
  type ValueProvider,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { Clock, SystemClock } from '../../src/platform/clock/index.js';
import { loadSettings, Settings } from '../../src/platform/config/index.js';
import { Database, Transaction, WriteAudit } from '../../src/platform/database/index.js';
import { Hub } from '../../src/platform/events/index.js';
import { configureHttp, fastifyOptions, HttpModule, Outbound } from '../../src/platform/http/index.js';
import { PersonalData } from '../../src/platform/privacy/index.js';
import { listen, type Call } from './http.js';

interface Parts extends Omit<ModuleMetadata, 'exports'> {
  /** Over what the platform gives by itself: its place is taken, or it is added to. Every module sees it. */
  readonly ground?: readonly (ValueProvider | ClassProvider | FactoryProvider)[];
  readonly settings?: Partial<Settings>;
}

/** Serves modules or single controllers over HTTP as the application does, on a free port. `app.close()` ends it. */
export async function serve(
  source: DataSource,
  { ground = [], settings: given, imports = [], ...parts }: Parts,
): Promise<{ readonly app: NestFastifyApplication; readonly call: Call }> {
  const settings = Object.assign(testSettings(), given);
  const provided = [
    { provide: DataSource, useValue: source },
    { provide: Settings, useValue: settings },
    { provide: Clock, useClass: SystemClock },
    { provide: PersonalData, useValue: personalDataOfNewKeys() },
    { provide: Database, useValue: new Database(source) },
    {
      provide: Transaction,
      inject: [{ token: WriteAudit, optional: true }],
      useFactory: (audit?: WriteAudit) => new Transaction(source, audit),
    },
    { provide: Outbound, useValue: new Outbound({ ownHosts: [] }) },
    { provide: Hub, useClass: Hub },
    ...ground,
  ];

  @Global()
  @Module({ providers: provided, exports: provided.map(({ provide }) => provide) })
  class Ground {}

  @Module({ ...parts, imports: [Ground, HttpModule, ...imports] })
  class Served {}

  const app = await NestFactory.create<NestFastifyApplication>(Served, new FastifyAdapter(fastifyOptions(settings)), {
    bodyParser: false,
    logger: ['error'],
    abortOnError: false,
  });
  await configureHttp(app, settings);
  return { app, call: await listen(app) };
}

export const testSettings = (): Settings =>
  Object.assign(loadSettings({}), { jwtSecret: 'x'.repeat(40), requestsPerMinute: 0 });

export const personalDataOfNewKeys = (): PersonalData =>
  new PersonalData([{ id: 'test', key: randomBytes(32) }], randomBytes(32));
