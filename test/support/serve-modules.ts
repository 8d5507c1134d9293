import type { Type, ValueProvider } from '@nestjs/common';
import { AccessRegister, Approvals, FindAccesses, OrganizationFacade } from '../../src/modules/organization/index.js';
import { Clock } from '../../src/platform/clock/index.js';
import { newId } from '../../src/platform/database/index.js';
import { Outbox } from '../../src/platform/events/index.js';
import { EVERYBODY, ActorDirectory, type KnownActor } from '../../src/platform/identity/index.js';
import { Runs } from '../../src/platform/queues/index.js';
import { TestClock } from './clock.js';
import type { TestDatabase } from './database.js';
import type { Call } from './http.js';
import { serve } from './serve.js';

interface Wanted {
  readonly modules: readonly Type[];
  readonly permissions: readonly string[];
  readonly now: Date;
  /** Instead of what is given here. */
  readonly ground?: readonly ValueProvider[];
}

/**
 * Serves some modules over HTTP as the application does, on the given day. Whoever sends any `X-API-Key` is a member of
 * staff with the given permissions; reads of customers go to the real register.
 */
export async function serveModules(
  db: TestDatabase,
  { modules, permissions, now, ground = [] }: Wanted,
): Promise<{ readonly call: Call; readonly staffId: string; close(): Promise<void> }> {
  const staffId = newId();
  const actor: KnownActor = {
    kind: 'staff', id: staffId, name: 'A tester', role: 'tester', permissions, unitId: newId(), scope: EVERYBODY,
  }; // prettier-ignore
  const { app, call } = await serve(await db.dataSource(), {
    imports: [...modules],
    ground: [
      { provide: Clock, useValue: new TestClock(now) },
      { provide: ActorDirectory, useValue: { actorOfApiKey: () => Promise.resolve(actor) } },
      { provide: AccessRegister, useClass: AccessRegister },
      { provide: Outbox, useClass: Outbox },
      // What the customers need of the organization for routes that are not asked here.
      { provide: Approvals, useValue: {} },
      { provide: FindAccesses, useValue: {} },
      { provide: OrganizationFacade, useValue: {} },
      { provide: Runs, useValue: {} },
      ...ground,
    ],
  });
  return {
    call: (request) => call({ ...request, headers: { 'x-api-key': 'any', ...request.headers } }),
    staffId,
    close: () => app.close(),
  };
}
