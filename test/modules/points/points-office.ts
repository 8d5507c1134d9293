import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CustomersModule } from '../../../src/modules/customers/index.js';
import type { AwardPoints } from '../../../src/modules/points/index.js';
import { PointsFacade, PointsModule } from '../../../src/modules/points/index.js';
import { OrganizationFacade } from '../../../src/modules/organization/index.js';
import { TieringModule } from '../../../src/modules/tiering/index.js';
import { applicationDataSource } from '../../../src/platform/database/data-source.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import { EVERYBODY, NOBODY, type Actor, type Scope } from '../../../src/platform/identity/index.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import type { Answer } from '../../support/http.js';
import { serveApprovals } from '../../support/serve-approvals.js';
import { keepCustomers } from '../customers/facts.js';

export const POINTS = '/care-api/points/v1';

const PEOPLE: Readonly<Record<string, Scope>> = {
  clerk: EVERYBODY,
  supervisor: EVERYBODY,
  auditor: EVERYBODY,
  neighbour: { ...NOBODY, provinces: ['450000'] },
  /** The business halls of one branch, and their head. */
  hall: { ...NOBODY, branches: ['440100'] },
  head: { ...NOBODY, branches: ['440100'] },
};
const PERMISSIONS = [
  ...[
    'points.read',
    'points.redeem',
    'points.transfer',
    'points.watch',
    'points.auction',
    'points.group',
    'points.ask',
  ],
  ...['transfers.approve', 'organization.read', 'organization.approve'],
];

export interface PointsOffice {
  readonly db: TestDatabase;
  readonly clock: TestClock;
  readonly app: NestFastifyApplication;
  readonly call: (who: string, method: string, url: string, payload?: object) => Promise<Answer>;
  readonly actor: (who: string) => Actor;
  readonly customer: (points?: number) => Promise<string>;
  readonly award: (
    customerId: string,
    points: number,
    about?: { readonly at?: string } & Partial<Pick<AwardPoints, 'pointsType' | 'funderId'>>,
  ) => Promise<unknown>;
  readonly balanceOf: (customerId: string) => Promise<{ readonly available: number; readonly held: number }>;
  readonly approvalOf: (subject: string) => Promise<string>;
  readonly oneParty: (customerId: string, otherId: string) => Promise<unknown>;
  readonly makeGroup: (customerId: string) => Promise<unknown>;
  readonly setStatus: (customerId: string, status: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** The points module behind its HTTP, with people who ask and people who decide, and with many connections. */
export async function pointsOffice({ connections }: { readonly connections: number }): Promise<PointsOffice> {
  const db = await createTestDatabase();
  const source = await applicationDataSource({ url: db.url, poolSize: connections }).initialize();
  const clock = new TestClock('2026-01-05T10:00:00+08:00');
  const { app, call, idOf } = await serveApprovals(source, {
    modules: [CustomersModule, TieringModule, PointsModule],
    approvals: ['points.transfer'],
    people: PEOPLE,
    permissions: PERMISSIONS,
    clock,
    ground: [{ provide: OrganizationFacade, useValue: {} }],
  });
  const [facade, transaction] = [app.get(PointsFacade), app.get(Transaction)];
  let awards = 0;
  const award: PointsOffice['award'] = async (customerId, points, { at, pointsType, funderId } = {}) => {
    const now = clock.now();
    if (at !== undefined) clock.set(at);
    await transaction.run((tx) =>
      facade.award(tx, {
        ...{ customerId, points, actorId: 'tester', reference: `award-${(awards += 1)}` },
        ...{ pointsType: pointsType ?? 'SPENDING', funderId: funderId ?? 'OPERATOR' },
      }),
    );
    clock.set(now.toISOString());
  };
  return {
    db,
    clock,
    app,
    call,
    award,
    actor: (who) => ({
      ...{ kind: 'staff', id: idOf(who), name: who, role: 'supervisor', permissions: PERMISSIONS, unitId: newId() },
      ...{ scope: PEOPLE[who] ?? NOBODY, requestId: 'a-test', clientAddress: '127.0.0.1' },
    }),
    customer: async (points = 0) => {
      const customerId = newId();
      await keepCustomers(db, [{ customerId }]);
      if (points > 0) await award(customerId, points);
      return customerId;
    },
    balanceOf: async (customerId) => {
      const [row] = await db.query<{ available: number; held: number }>(
        'SELECT available, held FROM points.point_account WHERE customer_id = $1',
        [customerId],
      );
      return row ?? { available: 0, held: 0 };
    },
    approvalOf: async (subject) => {
      const [row] = await db.query<{ id: string }>(
        'SELECT approval_id AS id FROM organization.approval WHERE subject = $1',
        [subject],
      );
      return row?.id ?? 'none';
    },
    oneParty: (customerId, otherId) =>
      db.query('UPDATE customers.customer SET party_id = $1 WHERE customer_id = ANY($2::uuid[])', [
        customerId,
        [customerId, otherId],
      ]),
    makeGroup: (customerId) =>
      db.query(
        `UPDATE customers.customer SET kind = 'group', status = 'initialized', main_subscription_id = NULL, activated_on = NULL,
           real_name = false WHERE customer_id = $1`,
        [customerId],
      ),
    setStatus: (customerId, status) =>
      db.query('UPDATE customers.customer SET status = $2 WHERE customer_id = $1', [customerId, status]),
    close: async () => {
      await app.close();
      await source.destroy();
      await db.drop();
    },
  };
}
