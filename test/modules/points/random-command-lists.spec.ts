import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { ExpirePoints } from '../../../src/modules/points/application/expiry/expire-points.run.js';
import { GiveBackExpired } from '../../../src/modules/points/application/expiry/give-back-expired.run.js';
import { PreviewExpiry } from '../../../src/modules/points/application/expiry/preview-expiry.run.js';
import { ReverseApprovedExpiry } from '../../../src/modules/points/application/expiry/reverse-expiry.js';
import { ClearPosDays } from '../../../src/modules/points/application/holds/clear-pos-days.js';
import { HoldPointsAtMerchants } from '../../../src/modules/points/application/holds/hold-points-at-merchants.js';
import { GivePointsBackUseCase } from '../../../src/modules/points/application/ledger/give-points-back.js';
import { MovePoints } from '../../../src/modules/points/application/ledger/move-points.js';
import { FreezeAccount } from '../../../src/modules/points/application/manual/freeze-account.js';
import { HandOnTheLedger, type Posting } from '../../../src/modules/points/application/manual/hand-on-the-ledger.js';
import { PostByHand } from '../../../src/modules/points/application/manual/post-by-hand.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { PayeeRegister } from '../../../src/modules/points/application/transfers/payee-register.js';
import {
  DecideTransfer,
  LapseTransfers,
  TransferPointsUseCase,
} from '../../../src/modules/points/application/transfers/transfer-points.js';
import { accrueFromBills } from '../../../src/modules/points/persistence/earning/accrue-from-bills.js';
import type { Approvals } from '../../../src/modules/organization/index.js';
import { businessDate } from '../../../src/platform/clock/index.js';
import { newId, type Tx } from '../../../src/platform/database/index.js';
import { Refusal } from '../../../src/platform/errors/index.js';
import { EVERYBODY, type Actor } from '../../../src/platform/identity/index.js';
import type { RunDefinition, Runs } from '../../../src/platform/queues/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { SEED } from '../../support/seed.js';
import { daysAfter, LedgerModel, POLICIES, REVIEW_MS, sumOf } from './ledger-model.js';
import { pointsWorld } from './points-world.js';

const LISTS = Number(process.env['POINTS_LISTS'] ?? 50);
const BILLS = ['2023-11', '2024-01', '2025-02', '2026-10', '2026-11', '2027-02'] as const;
const CUSTOMERS = 2;
const DAY_MS = 86_400_000;

/**
 * Every list passes all of them: three points years, each with its last and its first moment, 29 February, and the days on which years and
 * lots have ended (UTC+8).
 */
const MOMENTS = [
  '2026-11-26T10:00:00+08:00',
  '2026-11-30T23:59:59+08:00',
  '2026-12-01T00:00:00+08:00',
  '2027-01-01T00:20:00+08:00',
  '2027-03-01T00:00:00+08:00',
  '2027-11-30T23:59:59+08:00',
  '2027-12-01T00:00:00+08:00',
  '2028-02-28T23:59:59+08:00',
  '2028-02-29T12:00:00+08:00',
  '2028-03-01T00:00:00+08:00',
  '2028-11-30T23:59:59+08:00',
  '2028-12-01T00:00:00+08:00',
  '2029-01-01T00:20:00+08:00',
  '2029-11-30T23:59:59+08:00',
  '2029-12-01T00:20:00+08:00',
].map((instant) => new Date(instant));

/** Where the points year is looked at: before the next one begins, and at last. */
const ENDS_OF_YEARS = [1, 5, 10, 14];

const who = fc.nat(CUSTOMERS - 1);
const nth = fc.nat(4);
const some = fc.integer({ min: 1, max: 3_000 });
const commandOf = <Does extends string, More extends object>(does: Does, weight: number, more: fc.Arbitrary<More>) => ({
  weight,
  arbitrary: fc.tuple(who, more).map(([who, rest]): { does: Does; who: number } & More => ({ ...rest, does, who })),
});
const nothing = fc.constant({});
const command = fc.oneof(
  commandOf(
    'award',
    6,
    fc.record({
      points: fc.oneof({ weight: 3, arbitrary: some }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }) }),
      pointsType: fc.constantFrom('SPENDING' as const, 'SPENDING' as const, 'PROMOTION' as const, 'GIFT' as const),
    }),
  ),
  commandOf(
    'bill',
    5,
    fc.record({
      nth: fc.nat(5),
      version: fc.integer({ min: 1, max: 4 }),
      spendFen: fc.integer({ min: -5_000, max: 400_000 }),
      isLate: fc.boolean(),
    }),
  ),
  commandOf('accrue', 3, nothing),
  commandOf('redeem', 5, fc.record({ points: some })),
  commandOf('reverse', 3, fc.record({ nth })),
  commandOf('authorise', 5, fc.record({ nth, points: some })),
  commandOf('capture', 4, fc.record({ nth, points: some })),
  commandOf('let go', 2, fc.record({ nth, as: fc.constantFrom('VOIDED' as const, 'EXPIRED' as const) })),
  commandOf('give back', 4, fc.record({ nth, points: fc.integer({ min: 1, max: 1_500 }) })),
  commandOf('clear the days of merchants', 1, nothing),
  commandOf(
    'by hand',
    3,
    fc.record({
      kind: fc.constantFrom('GIFT' as const, 'ADJUSTMENT' as const),
      points: fc.integer({ min: 1, max: 1_500 }),
      takes: fc.boolean(),
      isApproved: fc.boolean(),
    }),
  ),
  commandOf(
    'transfer',
    6,
    fc.record({
      points: fc.oneof(
        { weight: 3, arbitrary: some },
        { weight: 2, arbitrary: fc.integer({ min: 6_000, max: 13_000 }) },
      ),
    }),
  ),
  commandOf('decide about a transfer', 3, fc.record({ nth, isApproved: fc.boolean() })),
  commandOf('let transfers lapse', 1, nothing),
  commandOf('preview what expires', 1, fc.record({ days: fc.nat(400) })),
  commandOf('expire', 4, fc.record({ isSameRun: fc.boolean() })),
  commandOf('reverse an expiry', 3, fc.record({ nth, days: fc.integer({ min: -1, max: 370 }) })),
  commandOf('say again', 4, fc.record({ nth: fc.nat(30) })),
  commandOf('say something else under the same key', 1, fc.record({ nth: fc.nat(30) })),
  commandOf('wait', 2, fc.record({ hours: fc.integer({ min: 1, max: 1_000 }) })),
  commandOf('freeze', 1, nothing),
  commandOf('unfreeze', 1, nothing),
  commandOf('leave', 1, nothing),
  commandOf('come back', 2, nothing),
);
const list = fc.record({
  policy: fc.constantFrom(...POLICIES, 'LOT_36_MONTHS' as const),
  /** What both have earned at the beginning. */
  earned: fc.constantFrom(20_000, 5_000, 0),
  /** What happens from each moment on. */
  chapters: fc.tuple(...MOMENTS.map(() => fc.array(command, { maxLength: 7, size: 'max' }))),
});

/** They have found something once. What they found hung on ids that are drawn: so each comes several times. */
const FOUND: readonly (typeof list extends fc.Arbitrary<infer List> ? List : never)[] = [
  {
    // Of cleared points that come back, what repays a debt: in the order of their ends, not of the ids of entries.
    policy: 'LOT_36_MONTHS',
    earned: 5_000,
    chapters: MOMENTS.map((_, chapter) => {
      if (chapter === 0)
        return [
          { does: 'award', who: 0, points: 700, pointsType: 'GIFT' },
          { does: 'bill', who: 0, nth: 5, version: 1, spendFen: 400_000, isLate: false },
          { does: 'accrue', who: 0 },
        ];
      if (chapter < MOMENTS.length - 1) return [];
      return [
        { does: 'expire', who: 0, isSameRun: false },
        { does: 'redeem', who: 0, points: 3_000 },
        { does: 'bill', who: 0, nth: 5, version: 2, spendFen: 100_000, isLate: false },
        { does: 'accrue', who: 0 },
        { does: 'reverse an expiry', who: 0, nth: 0, days: 10 },
      ];
    }),
  },
];

describe(`random lists of commands (seed ${SEED})`, () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let areas: ReturnType<typeof areasOf>;
  beforeAll(async () => {
    // Ten thousand lists carry out many runs.
    Logger.overrideLogger(['error']);
    world = await pointsWorld();
    areas = areasOf(world);
  });
  afterAll(() => world.db.drop());

  it(`[PTS-01][PTS-10][PTS-11][PTS-20][PTS-21][PTS-29] ${LISTS} lists over three points years leave the accounts as a naive model says after every command, and a ledger that proves them`, async () => {
    let [entries, expired, transferred] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(list, async ({ policy, earned, chapters }) => {
        await emptyBooks();
        await follow(policy);
        let now = MOMENTS[0] ?? new Date(0);
        const customers = await newCustomers(policy);
        world.clock.set(now);
        for (const { customerId, model } of customers) {
          if (earned === 0) break;
          await world.award(customerId, earned);
          model.award(earned, 'SPENDING', businessDate(now));
        }
        const batches: { readonly id: string; readonly cleared: readonly Parts[] | undefined; isBack: boolean }[] = [];
        let lastExpiry = '';

        for (const [chapter, commands] of chapters.entries()) {
          const moment = MOMENTS[chapter] ?? now;
          now = moment > now ? moment : now;
          for (const each of commands) {
            const [customer, other] = [customers[each.who], customers[1 - each.who]];
            if (!customer || !other) continue;
            const { customerId, model, redemptions, holds, bills, transfers, said } = customer;
            world.clock.set(now);
            const day = businessDate(now);
            const asked = (key: string, points = 0) => ({
              customerId,
              key,
              requestHash: String(points),
              actorId: 'tester',
            });
            const holdId = (nth: number): string => (holds[nth] ??= newId());
            switch (each.does) {
              case 'award': {
                const reference = newId();
                const award = (points: number) =>
                  world.transaction.run((tx) =>
                    world.facade.award(tx, {
                      ...{ customerId, points, pointsType: each.pointsType, funderId: 'OPERATOR' },
                      ...{ reference, actorId: 'tester' },
                    }),
                  );
                const expected = model.award(each.points, each.pointsType, day);
                expect(await outcomeOf(award(each.points))).toBe(expected);
                if (expected === 'done')
                  said.push({ same: () => award(each.points), other: () => award(each.points + 1) });
                break;
              }
              case 'bill': {
                // A correction may come before its bill.
                const billNo = `B${each.nth}`;
                const cycle = BILLS[each.nth % BILLS.length] ?? '2026-11';
                const known = bills.get(billNo) ?? [];
                if (known.includes(each.version)) break;
                bills.set(billNo, [...known, each.version]);
                const isCurrent = known.every((version) => version < each.version);
                const bill = {
                  customerId,
                  billNo,
                  cycle,
                  netSpendFen: each.spendFen,
                  version: each.version,
                  isCurrent,
                };
                model.bill(billNo, cycle, each.version, each.spendFen);
                if (!each.isLate) {
                  await world.keepBills([bill]);
                  break;
                }
                const intakeId = await world.keepLateBills([bill]);
                const correct = () => world.correct(intakeId, day);
                expect((await correct()).status).toBe('completed');
                model.accrue(day, cycle);
                said.push({ same: correct });
                break;
              }
              case 'accrue':
                await accrue(customerId, day);
                model.accrue(day);
                break;
              case 'redeem': {
                const key = newId();
                const redeem = (points: number) => world.redeem(customerId, points, { key });
                const expected = model.redeem(key, each.points, day);
                const work = redeem(each.points);
                expect(await outcomeOf(work)).toBe(expected);
                if (expected !== 'done') break;
                redemptions.push({ key, id: (await work).redemptionId });
                said.push({ same: () => redeem(each.points), other: () => redeem(each.points + 1) });
                break;
              }
              case 'reverse': {
                const { id, key } = redemptions[each.nth] ?? { id: newId(), key: '' };
                expect(await outcomeOf(world.reverse(id))).toBe(model.reverse(key, day));
                break;
              }
              case 'authorise': {
                // What a terminal says of a hold comes in any order, what ends it also before what begins it.
                const id = holdId(each.nth);
                const authorise = (points: number) =>
                  areas.holding.authorise(world.transaction, { ...asked(`hold:${id}`, points), holdId: id, points });
                expect(await outcomeOf(authorise(each.points))).toBe(model.authorise(id, each.points, day));
                break;
              }
              case 'capture': {
                const [id, key] = [holdId(each.nth), newId()];
                const capture = (points: number) =>
                  areas.holding.capture(world.transaction, { ...asked(key, points), holdId: id, points });
                const expected = model.endHold(id, each.points);
                expect(await outcomeOf(capture(each.points))).toBe(expected);
                if (expected === 'done')
                  said.push({ same: () => capture(each.points), other: () => capture(each.points + 1) });
                break;
              }
              case 'let go': {
                const [id, key] = [holdId(each.nth), newId()];
                const release = (n: number) =>
                  world.single.release(world.transaction, {
                    ...{
                      customerId,
                      journalId: newId(),
                      idemKey: key,
                      requestHash: String(n),
                      holdId: id,
                      as: each.as,
                    },
                    ...{ occurredAt: now, recordedAt: now, businessDate: day },
                  });
                const expected = model.endHold(id, 0);
                expect(await outcomeOf(release(0))).toBe(expected);
                if (expected === 'done') said.push({ same: () => release(0), other: () => release(1) });
                break;
              }
              case 'give back': {
                const [id, key] = [holdId(each.nth), newId()];
                const giveBack = (points: number) =>
                  world.transaction.run((tx) =>
                    areas.holding.giveBack(tx, { ...asked(key, points), holdId: id, points }),
                  );
                const expected = model.giveBack(id, each.points, day);
                expect(await outcomeOf(giveBack(each.points))).toBe(expected);
                if (expected === 'done')
                  said.push({ same: () => giveBack(each.points), other: () => giveBack(each.points + 1) });
                break;
              }
              case 'clear the days of merchants':
                await areas.clearing.execute();
                break;
              case 'by hand': {
                const points = each.takes && each.kind === 'ADJUSTMENT' ? -each.points : each.points;
                const { kind, isApproved } = each;
                const key = newId();
                const post = (points: number) => byHand(customerId, kind, points, key, isApproved);
                const expected = model.byHand(kind, points, day, isApproved);
                const work = post(points);
                expect(await outcomeOf(work, (how) => how)).toBe(expected);
                if (expected === 'done') said.push({ same: () => post(points), other: () => post(points + 1) });
                break;
              }
              case 'transfer': {
                const key = newId();
                const give = (points: number) =>
                  areas.transferring.execute(
                    { customerId, payeeId: other.customerId, points, channel: 'APP', key },
                    ACTOR,
                  );
                const work = give(each.points);
                const outcome = await outcomeOf(work, ({ status }) => status);
                const id = outcome === 'HELD' ? (await work).transferId : '';
                expect(outcome).toBe(
                  now < customer.mayGiveFrom
                    ? 'points.payee-not-active'
                    : model.transfer(other.model, { id, points: each.points, now, day }),
                );
                if (outcome === 'HELD') transfers.push({ id, points: each.points });
                if (outcome === 'DONE') transferred += 1;
                if (outcome === 'HELD' || outcome === 'DONE')
                  said.push({ same: () => give(each.points), other: () => give(each.points + 1) });
                break;
              }
              case 'decide about a transfer': {
                const transfer = transfers[each.nth % Math.max(transfers.length, 1)];
                if (!transfer) break;
                const { id, points } = transfer;
                const payload = { transferId: id, customerId, payeeId: other.customerId, points };
                const decide = () =>
                  world.transaction.run(async (tx) => {
                    if (each.isApproved) await areas.deciding.carryOut(tx, approved(payload));
                    else await areas.deciding.close(tx, { ...approved(payload), status: 'rejected' });
                  });
                expect(await outcomeOf(decide())).toBe(
                  model.decide(other.model, { id, isApproved: each.isApproved, day }),
                );
                break;
              }
              case 'let transfers lapse':
                expect(await areas.lapsing.execute()).toBe(model.lapse(now) + other.model.lapse(now));
                break;
              case 'preview what expires': {
                const asOf = daysAfter(day, each.days);
                const run = await runOf(areas.preview, newId(), asOf);
                batches.push({ id: run.runId, cleared: undefined, isBack: false });
                expect(run.points).toBe(sumOf(model.pastOn(asOf)) + sumOf(other.model.pastOn(asOf)));
                break;
              }
              case 'expire': {
                const isSameRun = each.isSameRun && lastExpiry.startsWith(day);
                if (!isSameRun) lastExpiry = `${day}.${newId().slice(-12)}`;
                const run = await runOf(areas.expire, lastExpiry, day);
                if (isSameRun) break;
                const cleared = customers.map(({ model }) => model.expire(day));
                const points = cleared.reduce((sum, parts) => sum + sumOf(parts), 0);
                expect(run.points).toBe(points);
                expired += points;
                batches.push({ id: run.runId, cleared, isBack: false });
                break;
              }
              case 'reverse an expiry': {
                const batch = batches[each.nth % Math.max(batches.length, 1)];
                const usableUntil = daysAfter(day, each.days);
                const payload = { batchId: batch?.id ?? newId(), usableUntil };
                const work = world.transaction.run((tx) => areas.reversing.carryOut(tx, approved(payload)));
                const expected = !batch
                  ? 'points.expiry-batch-not-found'
                  : batch.isBack || !batch.cleared
                    ? 'points.expiry-batch-not-reversible'
                    : each.days < 0 || each.days > 366
                      ? 'points.invalid-usable-until'
                      : 'done';
                expect(await outcomeOf(work)).toBe(expected);
                if (expected !== 'done' || !batch?.cleared) break;
                const { points } = await runOf(areas.giveBack, areas.lastRunKey(), day);
                batch.isBack = true;
                const back = batch.cleared.map(
                  (parts, i) => customers[i]?.model.giveBackExpired(parts, usableUntil) ?? 0,
                );
                expect(points).toBe(back.reduce((sum, part) => sum + part, 0));
                break;
              }
              case 'say again': {
                const again = said[each.nth % Math.max(said.length, 1)];
                if (again) expect(await outcomeOf(again.same())).toBe('done');
                break;
              }
              case 'say something else under the same key': {
                const again = said[each.nth % Math.max(said.length, 1)];
                if (again?.other) expect(await outcomeOf(again.other())).toBe('points.key-reused');
                break;
              }
              case 'wait':
                now = new Date(now.getTime() + (each.hours * DAY_MS) / 24);
                break;
              case 'freeze':
                await areas.freezing.freeze({ customerId, reasonCode: 'DISPUTE', actorId: 'tester' });
                model.isFrozen = true;
                break;
              case 'unfreeze':
                await areas.freezing.unfreeze({ customerId, reasonCode: 'SETTLED', actorId: 'tester' });
                model.isFrozen = false;
                break;
              case 'leave': {
                const eventId = newId();
                const leave = () => world.close(customerId, eventId);
                await leave();
                if (!model.isClosed) said.push({ same: leave });
                model.close();
                break;
              }
              case 'come back': {
                const eventId = newId();
                const comeBack = () => world.reopen(customerId, eventId);
                await comeBack();
                if (model.isClosed) said.push({ same: comeBack });
                model.isClosed = false;
              }
            }
            expect({ after: each, on: day, ...(await ledgerSays(customers)) }).toEqual({
              ...{ after: each, on: day },
              ...Object.fromEntries(customers.map(({ customerId, model }) => [customerId, modelSays(model)])),
            });
          }
          if (!ENDS_OF_YEARS.includes(chapter)) continue;
          world.clock.set(now);
          for (const { customerId, model } of customers) {
            const { earnedThisPointsYear, pointsYear } = await world.account.balanceOf(customerId);
            expect({ pointsYear, earnedThisPointsYear }).toEqual({
              pointsYear: yearOf(businessDate(now)),
              earnedThisPointsYear: model.issuedIn(pointsYear),
            });
          }
        }
        entries += await provenEntries();
      }),
      { numRuns: LISTS, seed: SEED, examples: FOUND.flatMap((found) => [[found], [found], [found], [found]]) },
    );
    // Otherwise the lists are not about what they should be about.
    expect(entries).toBeGreaterThan(10 * LISTS);
    expect(expired).toBeGreaterThan(100 * LISTS);
    expect(transferred).toBeGreaterThan(LISTS / 10);
  }, 36_000_000);

  const newCustomers = async (policy: (typeof POLICIES)[number]) => {
    const customers = [];
    for (let i = 0; i < CUSTOMERS; i += 1)
      customers.push({
        customerId: await world.aCustomer(),
        model: new LedgerModel(policy),
        /** The second one has registered the first a while ago; the other way round it is new, and waits. */
        mayGiveFrom: i === 0 ? daysLater(MOMENTS[0], 30) : daysLater(MOMENTS[0], -10),
        redemptions: [] as { key: string; id: string }[],
        holds: [] as string[],
        bills: new Map<string, readonly number[]>(),
        transfers: [] as { id: string; points: number }[],
        /** What was done under a key: the same again, and something else. */
        said: [] as { same: () => Promise<unknown>; other?: () => Promise<unknown> }[],
      });
    for (const [i, { customerId, mayGiveFrom }] of customers.entries()) {
      const payeeId = customers[1 - i]?.customerId ?? '';
      world.clock.set(daysLater(mayGiveFrom, -30));
      await areas.payees.register({ customerId, payeeId, relation: 'FAMILY' }, ACTOR);
    }
    return customers;
  };

  const outcomeOf = async <T>(work: Promise<T>, how: (result: T) => string = () => 'done'): Promise<string> => {
    try {
      return how(await work);
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  };

  const accrue = (customerId: string, day: string) =>
    world.transaction.run((tx) =>
      accrueFromBills(tx, {
        ...{ from: customerId, to: justAfter(customerId), firstCycle: '2023-01-01', lastCycle: '2029-12-01' },
        ...{ businessDate: day, recordedAt: world.clock.now(), runId: newId() },
      }),
    );

  /** At once, or, where it needs a second person, when that one has approved. */
  const byHand = async (
    customerId: string,
    kind: Posting['kind'],
    points: number,
    key: string,
    isApproved: boolean,
  ): Promise<string> => {
    const reasonCode = kind === 'GIFT' ? 'COURTESY' : 'MISSED_POINTS';
    const posting = { customerId, kind, points, reasonCode, costCentre: 'CC-1' };
    const posted = await areas.byHand.execute(posting, key, ACTOR);
    if ('entry' in posted) return 'done';
    if (!isApproved) return 'asked';
    await world.transaction.run((tx) =>
      areas.hand.carryOut(tx, { ...approved(posting), approvalId: posted.approvalId }),
    );
    return 'approved';
  };

  const runOf = async (definition: RunDefinition, key: string, asOf: string) => {
    const { status, runId, counts } = await carryOutRun(world.source, definition, { key, asOf });
    expect(status).toBe('completed');
    return { runId, points: counts['points'] ?? 0 };
  };

  const follow = (policy: string) =>
    world.db.query(`UPDATE points.earn_rule_set SET rules = jsonb_set(rules, '{expiry}', to_jsonb($1::text))`, [
      policy,
    ]);

  const ledgerSays = async (customers: readonly { readonly customerId: string }[]): Promise<object> => {
    const rows = await world.db.query<{ customer_id: string; account: object }>(
      `SELECT a.customer_id, jsonb_build_object('available', available, 'held', held, 'debt', debt, 'earned', lifetime_earned,
         'status', status, 'isFrozen', frozen_reason IS NOT NULL, 'lots', (
         SELECT COALESCE(jsonb_agg(jsonb_build_array(expires_on || ' ' || array_position(enum_range(points_type), points_type) - 1, remaining)
           ORDER BY expires_on, points_type), '[]')
         FROM points.point_bucket b WHERE b.customer_id = a.customer_id AND remaining > 0)) AS account
       FROM points.point_account a WHERE customer_id = ANY($1::uuid[])`,
      [customers.map(({ customerId }) => customerId)],
    );
    const accounts = new Map(rows.map(({ customer_id, account }) => [customer_id, account]));
    return Object.fromEntries(
      customers.map(({ customerId }) => [customerId, accounts.get(customerId) ?? modelSays(new LedgerModel('NONE'))]),
    );
  };
  const modelSays = (model: LedgerModel): object => ({
    available: model.available,
    held: model.held,
    debt: model.debt,
    earned: model.earned,
    status: model.isClosed ? 'CLOSED' : 'ACTIVE',
    isFrozen: model.isFrozen,
    lots: model.filledLots,
  });

  async function provenEntries(): Promise<number> {
    const proof = await provePoints(world.transaction);
    expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(proof.ok).toBe(true);
    return proof.postings;
  }

  /** Of the list before: what clears or proves everybody is about this one alone. */
  async function emptyBooks(): Promise<void> {
    const tables = [
      ...['posting', 'journal', 'point_hold', 'point_bucket', 'point_account', 'payee', 'transfer', 'manual_entry'],
      ...['account_freeze', 'expiry_sum', 'expiry_batch', 'pos_cleared_day'],
    ];
    for (const table of tables) await world.db.query(`DELETE FROM points.${table}`);
  }
});

/** The areas of the points, with those who approve as quick as this test. */
function areasOf({
  clock,
  database,
  transaction,
  customers,
  ledger,
  single,
  outbox,
}: Awaited<ReturnType<typeof pointsWorld>>) {
  let runKey = '';
  const approvals = {
    ask: () => Promise.resolve({ approvalId: newId(), expiresAt: new Date(clock.now().getTime() + REVIEW_MS) }),
  } as unknown as Approvals;
  const runs = {
    startWithin: async (tx: Tx, { kind, key, asOf }: { kind: string; key: string; asOf: string }) => {
      const runId = newId();
      runKey = key;
      await tx.execute(
        'INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters) VALUES ($1, $2, $3, $4, $5)',
        [...[runId, kind, key, asOf, '{}']],
      );
      return { runId };
    },
  } as unknown as Runs;
  const moving = new MovePoints(ledger, customers, outbox);
  const hand = new HandOnTheLedger(single, ledger, outbox, clock);
  return {
    hand,
    holding: new HoldPointsAtMerchants(single, new GivePointsBackUseCase(ledger, outbox, clock), clock),
    clearing: new ClearPosDays(database, transaction, clock),
    byHand: new PostByHand(transaction, approvals, hand, clock),
    freezing: new FreezeAccount(transaction, database, customers, clock),
    payees: new PayeeRegister(database, transaction, customers, clock),
    transferring: new TransferPointsUseCase(transaction, moving, single, customers, approvals, clock),
    deciding: new DecideTransfer(moving, single, clock),
    lapsing: new LapseTransfers(transaction, single, clock),
    preview: new PreviewExpiry(clock),
    expire: new ExpirePoints(clock, outbox),
    reversing: new ReverseApprovedExpiry(runs, clock),
    giveBack: new GiveBackExpired(clock, outbox),
    lastRunKey: () => runKey,
  };
}

type Parts = ReturnType<LedgerModel['expire']>;

const ACTOR: Actor = {
  ...{ kind: 'staff', id: newId(), name: 'tester', role: 'supervisor', permissions: [], unitId: undefined },
  ...{ scope: EVERYBODY, requestId: 'a-test', clientAddress: '127.0.0.1' },
};

const approved = <Payload extends object>(payload: Payload) => ({
  ...{ approvalId: newId(), kind: 'any', subject: 'any', customerId: undefined, payload, reason: 'because' },
  ...{ askedBy: 'tester', askedByKind: 'staff', askedByRole: 'clerk', askedInUnit: undefined, askedAt: new Date(0) },
  ...{ expiresAt: new Date(0), status: 'approved' as const, decidedBy: 'another', comment: undefined },
  ...{ closedAt: undefined, result: undefined, approver: ACTOR },
});

const daysLater = (instant: Date | undefined, days: number): Date =>
  new Date((instant?.getTime() ?? 0) + days * DAY_MS);

/** From December to November, named after its end. */
const yearOf = (day: string): number => Number(day.slice(0, 4)) + (day.slice(5, 7) === '12' ? 1 : 0);

/** Slices end before their `to`. */
const justAfter = (id: string): string =>
  (BigInt(`0x${id.replaceAll('-', '')}`) + 1n)
    .toString(16)
    .padStart(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
