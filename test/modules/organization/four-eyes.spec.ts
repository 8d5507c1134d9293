import { Module } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { Database, newId, Transaction, type Tx } from '../../../src/platform/database/index.js';
import { PermissionMissing } from '../../../src/platform/http/index.js';
import { EVERYBODY, type Actor } from '../../../src/platform/identity/index.js';
import {
  ApprovalClosed,
  ApprovalExpired,
  ApprovalHandlers,
  ApprovalNotFound,
  Approvals,
  CarriesOut,
  defineApproval,
  OwnRequest,
  type Approved,
  type CarriesOutApproval,
} from '../../../src/modules/organization/index.js';
import {
  APPROVALS_TO_CARRY_OUT,
  ApprovalDeclaredTwice,
  ApprovalNotCarriedOut,
} from '../../../src/modules/organization/application/approval-kinds.js';
import { AuditWrites } from '../../../src/modules/organization/application/audit-writes.js';
import {
  ApprovalAltered,
  NotYourRequest,
  PeopleDecide,
  RequestWithoutReason,
} from '../../../src/modules/organization/domain/refusals-of-approvals.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { personalDataOfNewKeys } from '../../support/serve.js';

const Grant = defineApproval<{ readonly points: number }>('test.grant', {
  title: { en: 'Grant points', zh: '人工赠送积分' },
  ask: 'test.ask',
  decide: 'test.decide',
  validForHours: 24,
});

const actor = (changes: Partial<Actor> = {}): Actor => ({
  kind: 'staff',
  id: newId(),
  name: 'Somebody',
  role: 'tester',
  permissions: ['test.ask', 'test.decide'],
  unitId: undefined,
  scope: EVERYBODY,
  requestId: newId(),
  clientAddress: '127.0.0.1',
  ...changes,
});

@CarriesOut(Grant)
class GrantPoints implements CarriesOutApproval<{ readonly points: number }> {
  readonly granted: { readonly points: number; readonly by: string }[] = [];
  readonly closed: string[] = [];
  failure: Error | undefined;

  async carryOut(tx: Tx, { payload, approver, subject }: Approved<{ readonly points: number }>): Promise<object> {
    await tx.execute(`INSERT INTO test_grant (subject, points) VALUES ($1, $2)`, [subject, payload.points]);
    tx.audit({ action: 'test.grant', objectType: 'Grant', objectId: subject, after: payload });
    if (this.failure) throw this.failure;
    this.granted.push({ points: payload.points, by: approver.id });
    return { points: payload.points };
  }

  close(_: Tx, { approvalId }: { readonly approvalId: string }): Promise<void> {
    this.closed.push(approvalId);
    return Promise.resolve();
  }
}

describe('four eyes', () => {
  let db: TestDatabase;
  let database: Database;
  let transaction: Transaction;
  let approvals: Approvals;
  let handler: GrantPoints;
  const clock = new TestClock();
  const [author, approver, another] = [actor(), actor(), actor()];

  beforeAll(async () => {
    db = await createTestDatabase();
    await db.query(`CREATE TABLE test_grant (subject text PRIMARY KEY, points integer NOT NULL)`);
    await db.query(`GRANT SELECT, INSERT ON test_grant TO guibin_app`);
    const source = await db.dataSource();
    database = new Database(source);
    const personalData = personalDataOfNewKeys();
    const audit = new AuditWrites(source, personalData, clock);
    transaction = new Transaction(source, audit);
    const handlers = await handlersOf([GrantPoints], [Grant]);
    handler = handlers.of('test.grant').handler as unknown as GrantPoints;
    approvals = new Approvals(transaction, handlers, personalData, clock);
  });
  afterAll(() => db.drop());
  beforeEach(() => clock.set('2026-02-01T09:00:00+08:00'));

  const ask = async (by: Actor = author, reason = '客户来函'): Promise<string> => {
    const request = { subject: newId(), payload: { points: 100 }, reason };
    const { approvalId } = await transaction.run((tx) => approvals.ask(tx, Grant, request, by));
    return approvalId;
  };
  const stored = async (approvalId: string) => {
    const [row] = await database.query<{ status: string; decided_by: string | null; granted: number }>(
      `SELECT a.status, a.decided_by, (SELECT count(*) FROM test_grant g WHERE g.subject = a.subject)::int AS granted
       FROM organization.approval a WHERE a.approval_id = $1`,
      [approvalId],
    );
    return row;
  };

  it('lets what one person asked for happen when another approves it, and keeps what came of it', async () => {
    const id = await ask();
    expect(await stored(id)).toEqual({ status: 'pending', decided_by: null, granted: 0 });
    const approved = await approvals.approve(id, approver, 'seen, call 13800138000');
    expect(approved).toMatchObject({ status: 'approved', result: { points: 100 }, comment: 'seen, call 138****8000' });
    expect(await stored(id)).toEqual({ status: 'approved', decided_by: approver.id, granted: 1 });
    const lines = await database.query<{ action: string; approval_id: string }>(
      `SELECT action FROM organization.audit_entry WHERE approval_id = $1 ORDER BY entry_id`,
      [id],
    );
    expect(lines.map(({ action }) => action)).toEqual(['approval.ask', 'test.grant', 'approval.approve']);
  });

  it('never lets its author decide, however he comes in, nor the table itself', async () => {
    const id = await ask();
    // The same member of staff with another role, sign-in and address.
    const sameInOtherClothes = { ...author, sessionId: newId(), role: 'boss', clientAddress: '10.0.0.1' };
    await expect(approvals.approve(id, sameInOtherClothes)).rejects.toThrow(OwnRequest);
    await expect(approvals.reject(id, author, 'no')).rejects.toThrow(OwnRequest);
    const forged = db.query(
      `UPDATE organization.approval SET status = 'approved', decided_by = asked_by, closed_at = asked_at WHERE approval_id = $1`,
      [id],
    );
    await expect(forged).rejects.toThrow('approval_by_another');
    expect(await stored(id)).toMatchObject({ status: 'pending', granted: 0 });
  });

  it('is decided by people who may: no system, no customer, nobody without the permission of the kind', async () => {
    const id = await ask();
    await expect(approvals.approve(id, actor({ kind: 'system' }))).rejects.toThrow(PeopleDecide);
    await expect(approvals.approve(id, actor({ kind: 'customer' }))).rejects.toThrow(PeopleDecide);
    await expect(approvals.approve(id, actor({ permissions: ['test.ask'] }))).rejects.toThrow(PermissionMissing);
    await expect(ask(actor({ permissions: ['test.decide'] }))).rejects.toThrow(PermissionMissing);
    await expect(ask(author, ' ')).rejects.toThrow(RequestWithoutReason);
    await expect(approvals.approve(newId(), approver)).rejects.toThrow(ApprovalNotFound);
    await expect(approvals.approve('no id', approver)).rejects.toThrow(ApprovalNotFound);
  });

  it('lets two people who approve at once carry it out once', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await ask();
      const decided = await Promise.allSettled([approvals.approve(id, approver), approvals.approve(id, another)]);
      expect(decided.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const [{ reason } = { reason: undefined }] = decided.filter((each) => each.status === 'rejected');
      expect(reason).toBeInstanceOf(ApprovalClosed);
      expect(await stored(id)).toMatchObject({ status: 'approved', granted: 1 });
    }
  });

  it('has one outcome when approval, rejection and withdrawal race', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 15; round++) {
      const id = await ask();
      const racers = [
        () => approvals.approve(id, approver),
        () => approvals.reject(id, another, 'not signed'),
        () => approvals.withdraw(id, author),
      ];
      for (let turn = 0; turn < round % 3; turn++) racers.push(...racers.splice(0, 1));
      const decided = await Promise.allSettled(racers.map((race) => race()));
      expect(decided.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const row = await stored(id);
      expect(row?.granted).toBe(row?.status === 'approved' ? 1 : 0);
      expect(handler.closed.filter((closed) => closed === id)).toHaveLength(row?.status === 'approved' ? 0 : 1);
      outcomes.add(row?.status ?? '');
    }
    expect(outcomes.size).toBeGreaterThan(1);
  });

  it('stays undecided when it cannot be carried out', async () => {
    const id = await ask();
    handler.failure = new Error('the points module is on fire');
    await expect(approvals.approve(id, approver)).rejects.toThrow('on fire');
    handler.failure = undefined;
    expect(await stored(id)).toEqual({ status: 'pending', decided_by: null, granted: 0 });
    expect((await approvals.approve(id, approver)).status).toBe('approved');
  });

  it('lapses when nobody decides in time, to the millisecond', async () => {
    const [late, justInTime] = [await ask(), await ask()];
    clock.pass(24 * 3600 - 0.001);
    expect((await approvals.approve(justInTime, approver)).status).toBe('approved');
    clock.pass(0.001);
    await expect(approvals.approve(late, approver)).rejects.toThrow(ApprovalExpired);
    await expect(approvals.withdraw(late, author)).rejects.toThrow(ApprovalExpired);
    expect(await stored(late)).toMatchObject({ status: 'pending', granted: 0 });
  });

  it('is taken back by its author only', async () => {
    const id = await ask();
    await expect(approvals.withdraw(id, another)).rejects.toThrow(NotYourRequest);
    expect((await approvals.withdraw(id, author)).status).toBe('withdrawn');
    await expect(approvals.approve(id, approver)).rejects.toThrow(ApprovalClosed);
  });

  it('carries out what was asked for and nothing else', async () => {
    const id = await ask();
    // Not even the application may change what was asked for …
    const change = database.query(
      `UPDATE organization.approval SET payload = '{"points": 999999}' WHERE approval_id = $1`,
      [id],
    );
    await expect(change).rejects.toThrow('permission denied');
    const removal = database.query(`DELETE FROM organization.approval WHERE approval_id = $1`, [id]);
    await expect(removal).rejects.toThrow('permission denied');
    // … and what its owner changed behind its back is noticed.
    await db.query(`UPDATE organization.approval SET payload = '{"points": 999999}' WHERE approval_id = $1`, [id]);
    await expect(approvals.approve(id, approver)).rejects.toThrow(ApprovalAltered);
    expect((await approvals.reject(id, approver, 'altered')).status).toBe('rejected');
  });

  it('refuses to start when nobody, or more than one, would carry a kind out', async () => {
    @CarriesOut(Grant)
    class GrantTwice extends GrantPoints {}
    await expect(handlersOf([], [Grant])).rejects.toThrow(ApprovalNotCarriedOut);
    await expect(handlersOf([GrantPoints, GrantTwice], [Grant])).rejects.toThrow('GrantPoints, GrantTwice');
    expect(() => defineApproval('test.grant', Grant as never)).toThrow(ApprovalDeclaredTwice);
  });
});

async function handlersOf(
  providers: readonly (new () => object)[],
  kinds: readonly object[],
): Promise<ApprovalHandlers> {
  @Module({
    imports: [DiscoveryModule],
    providers: [...providers, ApprovalHandlers, { provide: APPROVALS_TO_CARRY_OUT, useValue: () => kinds }],
  })
  class Part {}
  const context = await NestFactory.createApplicationContext(Part, { logger: false, abortOnError: false });
  const handlers = context.get(ApprovalHandlers);
  await context.close();
  return handlers;
}
