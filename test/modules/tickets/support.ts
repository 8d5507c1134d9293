import { Clock } from '../../../src/platform/clock/index.js';
import { Outbox } from '../../../src/platform/events/index.js';
import { EVERYBODY, ActorDirectory } from '../../../src/platform/identity/index.js';
import type { KnownActor } from '../../../src/platform/identity/index.js';
import { PersonalData } from '../../../src/platform/privacy/index.js';
import { CustomersFacade } from '../../../src/modules/customers/index.js';
import { AccessRegister, ALL_PERMISSIONS } from '../../../src/modules/organization/index.js';
import { FindCards } from '../../../src/modules/tiering/application/cards.query.js';
import { TieringFacade, type Tier } from '../../../src/modules/tiering/index.js';
import { ChangeTicket } from '../../../src/modules/tickets/application/change-ticket.js';
import { FindTickets } from '../../../src/modules/tickets/application/find-tickets.query.js';
import { MarkOverdueTickets } from '../../../src/modules/tickets/application/mark-overdue-tickets.js';
import { OpenTicket } from '../../../src/modules/tickets/application/open-ticket.js';
import { TicketsController } from '../../../src/modules/tickets/http/tickets.controller.js';
import { TestClock } from '../../support/clock.js';
import type { TestDatabase } from '../../support/database.js';
import type { Call } from '../../support/http.js';
import { serve } from '../../support/serve.js';
import { aSnapshot, customersOn } from '../customers/support.js';
import { keepTier } from '../tiering/facts.js';

export const T0 = new Date('2026-02-01T09:00:00+08:00');
export const hoursAfter = (hours: number): Date => new Date(T0.getTime() + hours * 3_600_000);

/** Every header `x-api-key` is an actor of that name who may do everything. */
class Everybody extends ActorDirectory {
  async permissionsOfRole(): Promise<readonly string[]> {
    return [];
  }
  async actorOfStaff(): Promise<KnownActor | undefined> {
    return undefined;
  }
  async actorOfApiKey(keyHash: string): Promise<KnownActor | undefined> {
    const id = keyHash.slice(0, 12);
    const who = { id, name: `key ${id}`, role: 'crm', permissions: ALL_PERMISSIONS };
    return { kind: 'system', ...who, unitId: undefined, scope: EVERYBODY };
  }
}

export async function ticketsOn(db: TestDatabase) {
  const clock = new TestClock(T0);
  const { source, transaction, personalData, facade, apply } = await customersOn(db);
  const { app, call } = await serve(source, {
    ground: [
      { provide: Clock, useValue: clock },
      { provide: PersonalData, useValue: personalData },
      { provide: ActorDirectory, useClass: Everybody },
      { provide: CustomersFacade, useValue: facade },
      { provide: FindCards, useClass: FindCards },
      { provide: TieringFacade, useClass: TieringFacade },
      { provide: AccessRegister, useClass: AccessRegister },
      { provide: Outbox, useClass: Outbox },
    ],
    controllers: [TicketsController],
    providers: [OpenTicket, ChangeTicket, FindTickets, MarkOverdueTickets],
  });
  let nth = 0;
  return {
    app,
    source,
    transaction,
    facade,
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
      await keepTier(db, customerId, tier);
      return customerId;
    },
  };
}
