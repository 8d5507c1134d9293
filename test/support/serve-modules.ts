import { randomBytes } from 'node:crypto';
import { Global, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { AccessRegister } from '../../src/modules/organization/index.js';
import { Clock } from '../../src/platform/clock/index.js';
import { loadSettings, Settings } from '../../src/platform/config/index.js';
import { Database, newId, Transaction } from '../../src/platform/database/index.js';
import { configureHttp, fastifyOptions, HttpModule } from '../../src/platform/http/index.js';
import { ActorDirectory, type KnownActor } from '../../src/platform/identity/index.js';
import { PersonalData } from '../../src/platform/privacy/index.js';
import type { TestDatabase } from './database.js';
import { listen, type Call } from './http.js';

interface Wanted {
  readonly modules: readonly Type[];
  readonly permissions: readonly string[];
  readonly now: Date;
}

/**
 * Serves some modules over HTTP as the application does, on the given day. Whoever sends any `X-API-Key` is a member of
 * staff with the given permissions; reads of customers go to the real register.
 */
export async function serveModules(
  db: TestDatabase,
  { modules, permissions, now }: Wanted,
): Promise<{ readonly call: Call; readonly staffId: string; close(): Promise<void> }> {
  const staffId = newId();
  const actor: KnownActor = {
    kind: 'staff', id: staffId, name: 'A tester', role: 'tester', permissions, unitId: newId(),
  }; // prettier-ignore
  const settings = Object.assign(loadSettings({}), { jwtSecret: 'x'.repeat(40) });

  @Global()
  @Module({
    providers: [
      { provide: DataSource, useValue: await db.dataSource() },
      { provide: Settings, useValue: settings },
      { provide: Clock, useValue: { now: () => now } },
      { provide: PersonalData, useValue: new PersonalData([{ id: 'k', key: randomBytes(32) }], randomBytes(32)) },
      { provide: ActorDirectory, useValue: { actorOfApiKey: () => Promise.resolve(actor) } },
      Database,
      Transaction,
      AccessRegister,
    ],
    exports: [Settings, Clock, PersonalData, ActorDirectory, Database, Transaction, AccessRegister],
  })
  class Ground {}

  @Module({ imports: [Ground, HttpModule, ...modules] })
  class Served {}

  const app = await NestFactory.create<NestFastifyApplication>(Served, new FastifyAdapter(fastifyOptions(settings)), {
    bodyParser: false,
    logger: ['error'],
    abortOnError: false,
  });
  await configureHttp(app, settings);
  const call = await listen(app);
  return {
    call: (request) => call({ ...request, headers: { 'x-api-key': 'any', ...request.headers } }),
    staffId,
    close: () => app.close(),
  };
}
