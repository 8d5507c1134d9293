import { RedeemForGroupUseCase } from '../../../src/modules/points/application/groups/redeem-for-group.js';
import { ProvePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { SingleOperations } from '../../../src/modules/points/persistence/ledger/single-operations.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import type { Answer } from '../../support/http.js';
import { POINTS, pointsOffice, type PointsOffice } from './points-office.js';

describe('[PTS-30][GRP-19] points of a group customer', () => {
  let office: PointsOffice;

  beforeAll(async () => {
    office = await pointsOffice({ connections: 40 });
  });
  beforeEach(() => office.clock.set('2026-01-05T10:00:00+08:00'));
  afterAll(async () => {
    const { checks } = await office.app.get(ProvePoints).execute();
    expect(checks.filter(({ violations }) => violations > 0)).toEqual([]);
    await office.close();
  });

  const aGroup = async (points = 10_000): Promise<string> => {
    const groupId = await office.customer();
    await office.makeGroup(groupId);
    if (points > 0) await office.award(groupId, points);
    return groupId;
  };
  const register = (groupId: string, personId: string, changes: object = {}): Promise<Answer> =>
    office.call('clerk', 'POST', `${POINTS}/account/${groupId}/keyPerson`, {
      ...{ personId, role: 'CONTACT', limitPoints: 5_000 },
      ...changes,
    });
  const redeem = (groupId: string, personId: string, points: number): Promise<Answer> =>
    office.call('clerk', 'POST', `${POINTS}/account/${groupId}/groupRedemption`, {
      ...{ personId, points, channel: 'ACCOUNT_MANAGER', purpose: 'GOODS' },
    });
  const redeem_ = (groupId: string, personId: string, points: number, key?: string) =>
    office.app.get(RedeemForGroupUseCase).execute({
      ...{ groupId, personId, points, key, purpose: 'GOODS', channel: 'HALL', actorId: 'a clerk' },
    });

  it('are earned as others earn, and redeemed by a key person, whose id the entry keeps', async () => {
    const groupId = await aGroup(5_000);
    const personId = await office.customer();
    expect(await register(groupId, personId, { role: 'DECISION_MAKER' })).toMatchObject({
      status: 201,
      body: { id: personId, role: 'DECISION_MAKER', limitPoints: 5_000, activeFrom: '2026-01-05' },
    });
    const { status, body } = await redeem(groupId, personId, 1_200);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      customerId: groupId,
      personId,
      points: 1_200,
      valueInFen: 2_400,
      availableAfter: 3_800,
    });
    const [entry] = await office.db.query(
      `SELECT kind, points, metadata FROM points.journal WHERE customer_id = $1 AND journal_id = $2`,
      [groupId, body.id],
    );
    expect(entry).toEqual({
      kind: 'REDEMPTION',
      points: -1_200,
      metadata: { purpose: 'GOODS', keyPersonId: personId },
    });
    expect(await office.call('clerk', 'GET', body.href)).toMatchObject({ status: 200, body: { points: 1_200 } });
    expect((await office.call('clerk', 'GET', `${POINTS}/account/${groupId}/keyPerson`)).body).toMatchObject([
      { id: personId },
    ]);
  });

  it('are refused to outsiders, before and after the days of a person, and to one who has left', async () => {
    const groupId = await aGroup();
    const [personId, member, gone] = [await office.customer(), await office.customer(), await office.customer()];
    await office.db.query(
      `INSERT INTO customers.group_member (customer_id, membership_id, member_id, joined_on, recorded_at)
       VALUES ($1, $2, $3, '2025-01-01', now())`,
      [groupId, newId(), member],
    );
    await register(groupId, personId, { activeFrom: '2026-01-06', activeUntil: '2026-01-07' });
    await register(groupId, gone);
    await office.db.query(
      `UPDATE customers.customer SET archive = 'retained', status = 'terminated', closed_on = '2026-01-05' WHERE customer_id = $1`,
      [gone],
    );
    const refused = { status: 403, body: { code: 'points.not-authorised-for-group' } };
    expect(await redeem(groupId, member, 100)).toMatchObject(refused);
    expect(await redeem(groupId, groupId, 100)).toMatchObject(refused);
    expect(await redeem(groupId, 'somebody', 100)).toMatchObject(refused);
    expect(await redeem(groupId, gone, 100)).toMatchObject(refused);
    expect(await redeem(groupId, personId, 100)).toMatchObject(refused);
    office.clock.set('2026-01-06T00:00:00+08:00');
    expect(await redeem(groupId, personId, 100)).toMatchObject({ status: 201 });
    office.clock.set('2026-01-08T00:00:00+08:00');
    expect(await redeem(groupId, personId, 100)).toMatchObject(refused);
    await register(groupId, personId);
    expect(await redeem(groupId, personId, 100)).toMatchObject({ status: 201 });
    await office.call('clerk', 'DELETE', `${POINTS}/account/${groupId}/keyPerson/${personId}`);
    expect(await redeem(groupId, personId, 100)).toMatchObject(refused);
  });

  it('are redeemed up to the limit of a person in a month, raced by 32 connections; what is reversed counts no more', async () => {
    const groupId = await aGroup(20_000);
    const [one, other] = [await office.customer(), await office.customer()];
    await register(groupId, one, { limitPoints: 1_000 });
    await register(groupId, other);
    const results = await Promise.allSettled(Array.from({ length: 32 }, () => redeem_(groupId, one, 100)));
    const done = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(done).toHaveLength(10);
    await expect(redeem_(groupId, one, 1)).rejects.toMatchObject({
      code: 'points.key-person-limit',
      facts: { limit: 1_000, redeemed: 1_000, requested: 1 },
    });
    expect(await redeem(groupId, other, 100)).toMatchObject({ status: 201 });
    await office.call('clerk', 'POST', `${POINTS}/redemption/${done[0]?.redemptionId}/reversal`, { channel: 'HALL' });
    expect(await redeem(groupId, one, 100)).toMatchObject({ status: 201 });
    office.clock.set('2026-02-01T00:00:00+08:00');
    expect(await redeem(groupId, one, 1_000)).toMatchObject({ status: 201 });
  });

  it('are redeemed once, however often the same request comes, and not for another one under its key', async () => {
    const groupId = await aGroup();
    const [one, other] = [await office.customer(), await office.customer()];
    await register(groupId, one);
    await register(groupId, other);
    const same = await Promise.all(Array.from({ length: 16 }, () => redeem_(groupId, one, 700, 'once')));
    expect(new Set(same.map(({ redemptionId }) => redemptionId)).size).toBe(1);
    expect(await office.balanceOf(groupId)).toMatchObject({ available: 9_300 });
    await expect(redeem_(groupId, other, 700, 'once')).rejects.toMatchObject({ code: 'points.key-reused' });
  });

  it('need a group, with enough points, and individuals as key persons', async () => {
    const [individual, personId, elsewhere] = [
      await office.customer(9_000),
      await office.customer(),
      await office.customer(),
    ];
    await office.db.query(`UPDATE customers.customer SET region = '450000' WHERE customer_id = $1`, [elsewhere]);
    const [groupId, poor] = [await aGroup(), await aGroup(3_500)];
    expect((await register(individual, personId)).body.code).toBe('points.not-a-group');
    expect((await redeem(individual, personId, 10)).body.code).toBe('points.not-a-group');
    expect((await register(groupId, poor)).body.code).toBe('points.person-not-possible');
    expect((await register(groupId, newId())).body.code).toBe('points.person-not-possible');
    expect(await register(groupId, elsewhere)).toMatchObject({ status: 201 });
    expect(await register(groupId, personId, { activeFrom: '2026-02-01', activeUntil: '2026-01-31' })).toMatchObject({
      status: 400,
      body: { code: 'points.key-person-days' },
    });
    await register(poor, personId);
    expect((await redeem(poor, personId, 10)).body.code).toBe('points.below-threshold');
    await register(groupId, personId, { limitPoints: 90_000 });
    expect((await redeem(groupId, personId, 10_001)).body.code).toBe('points.insufficient');
  });

  it('are spent by no other way: neither redeemed plainly nor held', async () => {
    const groupId = await aGroup();
    const redeemed = await office.call('clerk', 'POST', `${POINTS}/redemption`, {
      ...{ customerId: groupId, points: 100, channel: 'HALL', purpose: 'GOODS' },
    });
    expect(redeemed).toMatchObject({ status: 422, body: { code: 'points.key-person-needed' } });
    const paid = await office.call('clerk', 'POST', `${POINTS}/account/${groupId}/payment`, {
      ...{ amountFen: 200, channel: 'HALL' },
    });
    expect(paid).toMatchObject({ status: 422, body: { code: 'points.key-person-needed' } });
    const now = office.clock.now();
    const held = office.app.get(SingleOperations).authorise(office.app.get(Transaction), {
      ...{
        customerId: groupId,
        journalId: newId(),
        holdId: newId(),
        idemKey: 'held',
        requestHash: 'x',
        purpose: 'POS',
      },
      ...{ points: 100, expiresAt: now, occurredAt: now, recordedAt: now, businessDate: '2026-01-05' },
    });
    await expect(held).rejects.toMatchObject({ code: 'points.key-person-needed' });
    expect(await office.balanceOf(groupId)).toMatchObject({ available: 10_000, held: 0 });
  });

  it('take the limit that was registered last', async () => {
    const groupId = await aGroup();
    const personId = await office.customer();
    await register(groupId, personId, { limitPoints: 100 });
    expect((await redeem(groupId, personId, 200)).body.code).toBe('points.key-person-limit');
    await register(groupId, personId.toUpperCase(), { limitPoints: 200 });
    expect(await redeem(groupId, personId.toUpperCase(), 200)).toMatchObject({ status: 201 });
    expect((await office.call('clerk', 'GET', `${POINTS}/account/${groupId}/keyPerson`)).body).toHaveLength(1);
  });
});
