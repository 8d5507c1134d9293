import { CloseAuctions } from '../../../src/modules/points/application/auctions/close-auctions.js';
import { PlaceBidUseCase } from '../../../src/modules/points/application/auctions/place-bid.js';
import { ProvePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { checksOfAuctions } from '../../../src/modules/points/persistence/auctions/proof-checks-of-auctions.js';
import { SingleOperations } from '../../../src/modules/points/persistence/ledger/single-operations.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import type { Answer } from '../../support/http.js';
import { POINTS, pointsOffice, type PointsOffice } from './points-office.js';

const OPENS = '2026-01-05T09:00:00+08:00';
const CLOSES = '2026-01-06T09:00:00+08:00';

describe('[PTS-22] bidding points for something', () => {
  let office: PointsOffice;

  beforeAll(async () => {
    office = await pointsOffice({ connections: 64 });
  });
  beforeEach(() => office.clock.set('2026-01-05T10:00:00+08:00'));
  afterAll(async () => {
    const { checks } = await office.app.get(ProvePoints).execute();
    expect(checks.filter(({ violations }) => violations > 0)).toEqual([]);
    for (const { id, sql } of checksOfAuctions) expect([id, await office.db.query(sql)]).toEqual([id, []]);
    await office.close();
  });

  const anAuction = async (changes: object = {}): Promise<string> => {
    const { status, body, text } = await office.call('supervisor', 'POST', `${POINTS}/auction`, {
      ...{
        label: { en: 'Two tickets', zh: '门票两张' },
        opensAt: OPENS,
        closesAt: CLOSES,
        reservePoints: 1_000,
        stepPoints: 100,
      },
      ...changes,
    });
    if (status !== 201) throw new Error(text);
    return body.id;
  };
  const bid = (auctionId: string, customerId: string, points: number): Promise<Answer> =>
    office.call('clerk', 'POST', `${POINTS}/auction/${auctionId}/bid`, { customerId, points, channel: 'APP' });
  const bid_ = (auctionId: string, customerId: string, points: number, key?: string) =>
    office.app.get(PlaceBidUseCase).execute({ auctionId, customerId, points, channel: 'APP', actorId: 'a clerk', key });
  const auction = async (id: string) => (await office.call('clerk', 'GET', `${POINTS}/auction/${id}`)).body;
  const close = () =>
    new CloseAuctions(office.app.get(Transaction), office.app.get(SingleOperations), office.clock).execute();
  const bidsOf = async (customerId: string): Promise<object[]> =>
    (await office.call('clerk', 'GET', `${POINTS}/account/${customerId}/bid`)).body;
  const heldFor = (auctionId: string) =>
    office.db.query<{ customer_id: string; points: number }>(
      `SELECT h.customer_id, h.points FROM points.point_hold h JOIN points.auction_bid b USING (customer_id, hold_id)
       WHERE b.auction_id = $1 AND h.state = 'HELD'`,
      [auctionId],
    );
  const captured = (auctionId: string) =>
    office.db.query<{ customer_id: string; points: number }>(
      `SELECT customer_id, -points AS points FROM points.journal WHERE kind = 'CAPTURE' AND metadata ->> 'auctionId' = $1`,
      [auctionId],
    );
  /** Ends the hold of a bid as something else might. */
  const loseHold = async (bidId: string): Promise<void> => {
    const [row] = await office.db.query<{ customer_id: string; hold_id: string }>(
      'SELECT customer_id, hold_id FROM points.auction_bid WHERE bid_id = $1',
      [bidId],
    );
    const now = office.clock.now();
    await office.app.get(SingleOperations).release(office.app.get(Transaction), {
      ...{ customerId: row?.customer_id ?? '', holdId: row?.hold_id ?? '', journalId: newId(), as: 'VOIDED' },
      ...{ idemKey: `lost:${bidId}`, requestHash: 'x', occurredAt: now, recordedAt: now, businessDate: '2026-01-05' },
    });
  };

  it('holds what is bid, and lets it go in the moment in which somebody bids more', async () => {
    const id = await anAuction();
    const [one, other] = [await office.customer(5_000), await office.customer(5_000)];
    expect(await bid(id, one, 1_000)).toMatchObject({
      status: 201,
      body: { customerId: one, auctionId: id, sequence: 1, points: 1_000, state: 'TOP' },
    });
    expect(await office.balanceOf(one)).toMatchObject({ available: 4_000, held: 1_000 });
    expect(await bid(id, other, 1_100)).toMatchObject({ status: 201, body: { sequence: 2 } });
    expect([await office.balanceOf(one), await office.balanceOf(other)]).toMatchObject([
      { available: 5_000, held: 0 },
      { available: 3_900, held: 1_100 },
    ]);
    expect(await bidsOf(one)).toMatchObject([{ state: 'OUTBID', points: 1_000 }]);
    const shown = await auction(id);
    expect(shown).toMatchObject({
      state: 'open',
      bids: 2,
      topPoints: 1_100,
      label: { en: 'Two tickets', zh: '门票两张' },
    });
    expect(JSON.stringify(shown)).not.toMatch(new RegExp(`${one}|${other}`));
  });

  it('lets nobody bid what he has not, nor makes him hold twice what he raises', async () => {
    const id = await anAuction();
    const one = await office.customer(5_000);
    expect(await bid(id, one, 5_001)).toMatchObject({ status: 422, body: { code: 'points.insufficient' } });
    expect(await bid(id, one, 3_000)).toMatchObject({ status: 201 });
    expect(await bid(id, one.toUpperCase(), 4_900)).toMatchObject({ status: 201 });
    expect(await office.balanceOf(one)).toMatchObject({ available: 100, held: 4_900 });
    expect(await bid(id, one, 5_001)).toMatchObject({ status: 422, body: { code: 'points.insufficient' } });
    expect(await office.balanceOf(one)).toMatchObject({ available: 100, held: 4_900 });
    expect(await bidsOf(one)).toMatchObject([{ state: 'TOP', points: 4_900 }, { state: 'OUTBID' }]);
  });

  it('[AUD-02] lets go of the points of somebody whom the hall of the next bidder does not see', async () => {
    const id = await anAuction();
    const [one, other] = [await office.customer(5_000), await office.customer(5_000)];
    await office.db.query(`UPDATE customers.customer SET branch_code = '440100' WHERE customer_id = $1`, [other]);
    await bid(id, one, 1_000);
    const url = `${POINTS}/auction/${id}/bid`;
    const asked = { customerId: other, points: 1_200, channel: 'HALL' };
    expect(await office.call('hall', 'POST', url, asked)).toMatchObject({ status: 201 });
    expect(await office.call('hall', 'POST', url, { ...asked, customerId: one })).toMatchObject({ status: 404 });
    expect(await office.balanceOf(one)).toMatchObject({ available: 5_000, held: 0 });
    expect((await office.call('hall', 'GET', `${POINTS}/account/${other}/bid`)).body).toMatchObject([
      { points: 1_200 },
    ]);
    expect(await office.call('hall', 'GET', `${POINTS}/account/${one}/bid`)).toMatchObject({ status: 404 });
  });

  it('begins at the reserve and goes up by steps', async () => {
    const id = await anAuction();
    const [one, other] = [await office.customer(5_000), await office.customer(5_000)];
    const tooLow = (atLeast: number, requested: number) => ({
      code: 'points.bid-too-low',
      facts: { atLeast, requested },
    });
    await expect(bid_(id, one, 999)).rejects.toMatchObject(tooLow(1_000, 999));
    await bid(id, one, 1_000);
    await expect(bid_(id, other, 1_099)).rejects.toMatchObject(tooLow(1_100, 1_099));
    expect(await bid(id, other, 1_100)).toMatchObject({ status: 201 });
  });

  it('is taken from the opening on and before the closing, by the clock', async () => {
    const id = await anAuction();
    const one = await office.customer(5_000);
    const refused = { status: 409, body: { code: 'points.auction-not-open' } };
    office.clock.set('2026-01-05T08:59:59.999+08:00');
    expect(await bid(id, one, 1_000)).toMatchObject(refused);
    expect(await auction(id)).toMatchObject({ state: 'planned' });
    office.clock.set('2026-01-06T08:59:59.999+08:00');
    expect(await bid(id, one, 1_000)).toMatchObject({ status: 201 });
    office.clock.set(CLOSES);
    expect(await bid(id, one, 2_000)).toMatchObject(refused);
    expect(await auction(id)).toMatchObject({ state: 'closing' });
    await close();
    expect(await bid(id, one, 2_000)).toMatchObject(refused);
    expect(await auction(id)).toMatchObject({ state: 'won', topPoints: 1_000 });
  });

  it('is refused when its turn comes after the closing, however early it was sent', async () => {
    const id = await anAuction();
    const one = await office.customer(5_000);
    let sent: Promise<Answer> | undefined;
    await office.app.get(Transaction).run(async (tx) => {
      await tx.query('SELECT FROM points.auction WHERE auction_id = $1 FOR UPDATE', [id]);
      sent = bid(id, one, 1_000);
      for (let waiting = 0; waiting === 0;) {
        const [row] = await office.db.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        waiting = row?.n ?? 0;
      }
      office.clock.set(CLOSES);
    });
    expect(await sent).toMatchObject({ status: 409, body: { code: 'points.auction-not-open' } });
    expect(await office.balanceOf(one)).toMatchObject({ available: 5_000, held: 0 });
  });

  it('is made once, however often the same request comes, and not for another one under its key', async () => {
    const id = await anAuction();
    const one = await office.customer(5_000);
    const same = await Promise.all(Array.from({ length: 16 }, () => bid_(id, one, 1_000, 'once')));
    expect(new Set(same.map(({ bidId }) => bidId)).size).toBe(1);
    expect(await office.balanceOf(one)).toMatchObject({ held: 1_000 });
    await expect(bid_(id, one, 1_200, 'once')).rejects.toMatchObject({ code: 'points.key-reused' });
    office.clock.set(CLOSES);
    await expect(bid_(id, one, 1_000, 'once')).resolves.toMatchObject({ bidId: same[0]?.bidId });
  });

  it('captures what the winner bid once, when eight close at the same moment', async () => {
    const id = await anAuction();
    const [one, other] = [await office.customer(5_000), await office.customer(5_000)];
    await bid(id, one, 1_000);
    await bid(id, other, 2_000);
    office.clock.set(CLOSES);
    await Promise.all(Array.from({ length: 8 }, close));
    expect(await captured(id)).toEqual([{ customer_id: other, points: 2_000 }]);
    expect(await heldFor(id)).toEqual([]);
    expect([await office.balanceOf(one), await office.balanceOf(other)]).toMatchObject([
      { available: 5_000, held: 0 },
      { available: 3_000, held: 0 },
    ]);
    const [posted] = await office.db.query(
      `SELECT p.debit, p.credit, p.points FROM points.posting p JOIN points.journal j USING (customer_id, journal_id)
       WHERE j.kind = 'CAPTURE' AND j.metadata ->> 'auctionId' = $1`,
      [id],
    );
    expect(posted).toEqual({ debit: 'CUST_HELD', credit: 'REDEEMED_AUCTION', points: 2_000 });
    expect(await office.call('supervisor', 'GET', `${POINTS}/auction/${id}/winner`)).toMatchObject({
      status: 200,
      body: { customerId: other, state: 'WON', points: 2_000 },
    });
  });

  it('in its last second, raced by 64 connections, has one winner, and nobody else is left holding anything', async () => {
    const id = await anAuction({ stepPoints: 1 });
    const bidders = await Promise.all(Array.from({ length: 16 }, () => office.customer(9_000)));
    office.clock.set('2026-01-06T08:59:59.500+08:00');
    const results = await Promise.allSettled(
      Array.from({ length: 128 }, (_, n) => bid_(id, bidders[(n * 7) % 16] ?? '', 1_000 + ((n * 61) % 128))),
    );
    const taken = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const refused = results.flatMap((each) =>
      each.status === 'rejected' ? [(each.reason as { code: string }).code] : [],
    );
    expect(new Set(refused)).toEqual(new Set(['points.bid-too-low']));
    const inOrder = [...taken].sort((a, b) => a.sequence - b.sequence);
    expect(inOrder.map(({ sequence }) => sequence)).toEqual(inOrder.map((_, n) => n + 1));
    expect(inOrder.map(({ points }) => points)).toEqual(inOrder.map(({ points }) => points).sort((a, b) => a - b));
    const winner = inOrder.at(-1);
    expect(winner?.points).toBe(1_127);
    expect(await heldFor(id)).toEqual([{ customer_id: winner?.customerId, points: 1_127 }]);

    office.clock.set(CLOSES);
    const late = bidders.map((customerId) => bid_(id, customerId, 5_000));
    const [ends] = await Promise.all([Promise.allSettled(late), ...Array.from({ length: 4 }, close)]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    expect(await captured(id)).toEqual([{ customer_id: winner?.customerId, points: 1_127 }]);
    expect(await heldFor(id)).toEqual([]);
    const [sum] = await office.db.query<{ held: number; available: number }>(
      `SELECT sum(held)::bigint AS held, sum(available)::bigint AS available FROM points.point_account WHERE customer_id = ANY($1::uuid[])`,
      [bidders],
    );
    expect(sum).toEqual({ held: 0, available: 16 * 9_000 - 1_127 });
  });

  it('runs beside bids of the same customers in another auction without waiting for each other for ever', async () => {
    const ids = [await anAuction({ stepPoints: 1 }), await anAuction({ stepPoints: 1 })];
    const bidders = [await office.customer(9_000), await office.customer(9_000), await office.customer(9_000)];
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) => bid_(ids[n % 2] ?? '', bidders[n % 3] ?? '', 1_000 + n)),
    );
    const codes = results.flatMap((each) =>
      each.status === 'rejected' ? [(each.reason as { code: string }).code] : [],
    );
    expect(codes.filter((code) => code !== 'points.bid-too-low')).toEqual([]);
    for (const id of ids) expect(await heldFor(id)).toHaveLength(1);
  });

  it('goes on from the reserve when the points of the highest bid are gone, and the next one wins', async () => {
    const id = await anAuction();
    const [gone, next] = [await office.customer(5_000), await office.customer(5_000)];
    const { body } = await bid(id, gone, 3_000);
    await loseHold(body.id);
    expect(await bid(id, next, 1_500)).toMatchObject({ status: 201 });
    expect(await bidsOf(gone)).toMatchObject([{ state: 'VOID' }]);
    office.clock.set(CLOSES);
    await close();
    expect(await auction(id)).toMatchObject({ state: 'won', topPoints: 1_500 });
    expect(await captured(id)).toEqual([{ customer_id: next, points: 1_500 }]);
  });

  it('fails when nobody has bid, or when the points of the highest bid are gone', async () => {
    const [empty, lost] = [await anAuction(), await anAuction()];
    const gone = await office.customer(5_000);
    await loseHold((await bid(lost, gone, 3_000)).body.id);
    office.clock.set(CLOSES);
    await close();
    for (const id of [empty, lost]) {
      expect(await auction(id)).toMatchObject({ state: 'failed' });
      expect(await office.call('supervisor', 'GET', `${POINTS}/auction/${id}/winner`)).toMatchObject({ status: 404 });
      expect(await captured(id)).toEqual([]);
    }
    expect(await office.balanceOf(gone)).toMatchObject({ available: 5_000, held: 0 });
  });

  it('is refused to groups, to those who have not joined the plan, and to the suspended', async () => {
    const id = await anAuction();
    const [group, poor, suspended] = [
      await office.customer(9_000),
      await office.customer(3_500),
      await office.customer(9_000),
    ];
    await office.makeGroup(group);
    await office.setStatus(suspended, 'suspended');
    expect((await bid(id, group, 1_000)).body.code).toBe('points.key-person-needed');
    expect((await bid(id, poor, 1_000)).body.code).toBe('points.below-threshold');
    expect((await bid(id, suspended, 1_000)).body.code).toBe('points.account-frozen');
    expect(await auction(id)).toMatchObject({ bids: 0 });
  });

  it('needs times that come one after the other, and something that exists', async () => {
    await expect(anAuction({ closesAt: OPENS })).rejects.toThrow('points.auction-times');
    office.clock.set('2026-02-01T00:00:00+08:00');
    await expect(anAuction()).rejects.toThrow('points.auction-times');
    expect(await bid(newId(), await office.customer(9_000), 1_000)).toMatchObject({ status: 404 });
    expect((await office.call('clerk', 'GET', `${POINTS}/auction?limit=2`)).body).toHaveLength(2);
  });

  it('[PTS-01] is proven: a hold without a bid, and a winner who has not paid, are found', async () => {
    const id = await anAuction();
    const one = await office.customer(5_000);
    const { body } = await bid(id, one, 1_000);
    const found = async (tamper: string, undo: string): Promise<string[]> => {
      await office.db.query(tamper);
      const broken: string[] = [];
      for (const { id: check, sql } of checksOfAuctions)
        if ((await office.db.query(sql)).length > 0) broken.push(check);
      await office.db.query(undo);
      return broken;
    };
    expect(
      await found(
        `UPDATE points.auction_bid SET state = 'OUTBID', ended_at = now() WHERE bid_id = '${body.id}'`,
        `UPDATE points.auction_bid SET state = 'TOP', ended_at = NULL WHERE bid_id = '${body.id}'`,
      ),
    ).toEqual(['I7-auction']);
    expect(
      await found(
        `UPDATE points.auction SET status = 'WON', ended_at = now() WHERE auction_id = '${id}'`,
        `UPDATE points.auction SET status = 'OPEN', ended_at = NULL WHERE auction_id = '${id}'`,
      ),
    ).toEqual(['I7-won']);
  });
});
