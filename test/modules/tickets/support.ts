import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Clock } from '../../../src/platform/clock/index.js';
import { loadSettings, Settings } from '../../../src/platform/config/index.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { Outbox } from '../../../src/platform/events/index.js';
import { configureHttp, fastifyOptions, HttpModule } from '../../../src/platform/http/index.js';
import { ActorDirectory } from '../../../src/platform/identity/index.js';
import type { KnownActor } from '../../../src/platform/identity/index.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';
import { CustomersFacade } from '../../../src/modules/customers/index.js';
import { AccessRegister, ALL_PERMISSIONS } from '../../../src/modules/organization/index.js';
import { TieringFacade, type Tier } from '../../../src/modules/tiering/index.js';
import { ChangeTicket } from '../../../src/modules/tickets/application/change-ticket.js';
import { FindTickets } from '../../../src/modules/tickets/application/find-tickets.query.js';
import { MarkOverdueTickets } from '../../../src/modules/tickets/application/mark-overdue-tickets.js';
import { OpenTicket } from '../../../src/modules/tickets/application/open-ticket.js';
import { TicketsController } from '../../../src/modules/tickets/http/tickets.controller.js';
import type { TestDatabase } from '../../support/database.js';
import { listen, type Call } from '../../support/http.js';
import { aSnapshot, customersOn } from '../customers/support.js';

export const T0 = new Date('2026-02-01T09:00:00+08:00');
export const hoursAfter = (hours: number): Date => new Date(T0.getTime() + hours * 3_600_000);

/** A clock that stands where the test puts it. */
export class StandingClock extends Clock {
  time = T0;
  now(): Date {
    return this.time;
  }
}

/** Every header `x-api-key` is an actor of that name who may do everything. */
class Everybody extends ActorDirectory {
  async actorOfStaff(): Promise<KnownActor | undefined> {
    return undefined;
  }
  async actorOfApiKey(keyHash: string): Promise<KnownActor | undefined> {
    const id = keyHash.slice(0, 12);
    return { kind: 'system', id, name: `key ${id}`, role: 'crm', permissions: ALL_PERMISSIONS, unitId: undefined };
  }
}

export async function ticketsOn(db: TestDatabase) {
  const clock = new StandingClock();
  const { database, transaction, personalData, facade, apply } = await customersOn(db);
  const settings = Object.assign(loadSettings({}), { jwtSecret: 'x'.repeat(40) });

  @Global()
  @Module({
    providers: [
      { provide: Settings, useValue: settings },
      { provide: Clock, useValue: clock },
      { provide: PersonalData, useValue: personalData },
      { provide: Database, useValue: database },
      { provide: Transaction, useValue: transaction },
      { provide: ActorDirectory, useClass: Everybody },
      { provide: CustomersFacade, useValue: facade },
      TieringFacade,
      AccessRegister,
      Outbox,
    ],
    exports: [
      Settings,
      Clock,
      PersonalData,
      Database,
      Transaction,
      ActorDirectory,
      CustomersFacade,
      TieringFacade,
      AccessRegister,
      Outbox,
    ],
  })
  class Ground {}

  @Module({
    imports: [Ground, HttpModule],
    controllers: [TicketsController],
    providers: [OpenTicket, ChangeTicket, FindTickets, MarkOverdueTickets],
  })
  class Trial {}

  const app = await NestFactory.create<NestFastifyApplication>(Trial, new FastifyAdapter(fastifyOptions(settings)), {
    bodyParser: false,
    logger: ['error'],
    abortOnError: false,
  });
  await configureHttp(app, settings);
  const call: Call = await listen(app);
  let nth = 0;
  return {
    app,
    clock,
    overdue: app.get(MarkOverdueTickets),
    call: (request: Parameters<Call>[0]) =>
      call({ ...request, headers: { 'x-api-key': 'gbk_crm', ...request.headers } }),
    aCustomer: async (tier: Tier = 'ORDINARY'): Promise<string> => {
      nth += 1;
      const [applied] = await apply(
        aSnapshot({
          accountNo: `A-${nth}`,
          msisdn: `138${String(10_000_000 + nth)}`,
          idNumber: `44010119800101${String(nth).padStart(4, '0')}`,
        }),
      );
      const customerId = applied?.customerId ?? '';
      if (tier !== 'ORDINARY') {
        await db.query(
          `INSERT INTO tiering.tier_assignment (customer_id, decision_id, tier, valid_from) VALUES ($1, $2, $3, '2025-02-01')`,
          [customerId, newId(), tier],
        );
      }
      return customerId;
    },
  };
}
