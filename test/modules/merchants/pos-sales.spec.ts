import { outcomeOf, posWorld } from './pos-world.js';

describe('paying with points at a merchant', () => {
  let world: Awaited<ReturnType<typeof posWorld>>;
  beforeAll(async () => {
    world = await posWorld();
  });
  beforeEach(() => world.clock.set('2026-02-01T10:00:00+08:00'));
  afterEach(() => world.requireClean());
  afterAll(() => world.db.drop());

  let traces = 0;
  const trace = (): string => String((traces += 1)).padStart(6, '0');
  const authorise = async (cardNumber: string, amountFen: number) => {
    const traceNo = trace();
    const answer = await world.send({ kind: 'authorisation', traceNo, amountFen, card: { cardNumber } });
    return { traceNo, answer, original: world.key(traceNo) };
  };

  it('[MER-02] [PTS-20] holds, takes a part and lets go of the rest, in fen and in points', async () => {
    const { customerId, cardNumber } = await world.aCardholder();
    const { answer, original } = await authorise(cardNumber, 10_001);
    expect(answer).toMatchObject({
      status: 'done', amountFen: 10_001, discountPercent: 100, points: 5_001, valueInFen: 10_002, availableAfter: 4_999,
      expiresAt: '2026-02-01T02:15:00.000Z',
    }); // prettier-ignore
    expect(await world.balanceOf(customerId)).toMatchObject({ available: 4_999, held: 5_001 });
    const captured = await world.send({ kind: 'capture', traceNo: trace(), original, amountFen: 4_000 });
    expect(captured).toMatchObject({ amountFen: 4_000, points: 2_000, valueInFen: 4_000, availableAfter: 8_000 });
    expect(await world.holdsOf(customerId)).toEqual([
      { state: 'CAPTURED', points: 5_001, captured: 2_000, released: 3_001 },
    ]);
    expect(await outcomeOf(world.send({ kind: 'capture', traceNo: trace(), original }))).toBe('points.hold-ended');
  });

  it('[MER-02] [TIER-05] is paid with the stripe as with the number, and with no card that is lost or nobody’s', async () => {
    const { customerId, cardNumber, track } = await world.aCardholder();
    await world.send({ kind: 'purchase', traceNo: trace(), amountFen: 200, card: { track: `;${track}?` } });
    expect(await world.balanceOf(customerId)).toMatchObject({ available: 9_900, held: 0 });
    await world.loseCard(customerId);
    const traceNo = trace();
    const again = world.send({ kind: 'purchase', traceNo, amountFen: 200, card: { cardNumber } });
    expect(await outcomeOf(again)).toBe('cards.cannot-redeem');
    const nobodys = { cardNumber: '9156000000000003' };
    expect(await outcomeOf(world.send({ kind: 'purchase', traceNo, amountFen: 200, card: nobodys }))).toBe(
      'merchants.unknown-card',
    );
    expect(await world.db.query('SELECT FROM merchants.pos_message WHERE trace_no = $1', [traceNo])).toEqual([]);
  });

  it('[PTS-09] keeps the discount of the authorisation: 8折 is 40 points a yuan, whatever is granted later', async () => {
    const { merchantId, terminalId } = await world.aTerminal();
    await world.merchants.grantDiscount({
      merchantId,
      percent: 80,
      effectiveFrom: '2026-02-01',
      effectiveUntil: '2026-02-02',
      author: 'tester',
    });
    const { customerId, cardNumber } = await world.aCardholder();
    const traceNo = trace();
    const card = { cardNumber };
    const answer = await world.send({ kind: 'authorisation', terminalId, traceNo, amountFen: 10_000, card });
    expect(answer).toMatchObject({ discountPercent: 80, points: 4_000, valueInFen: 8_000 });
    const original = world.key(traceNo, '000001', terminalId);
    // Past midnight the list price is asked again, but not for this sale.
    world.clock.set('2026-02-01T23:59:00+08:00');
    await world.db.query(
      `UPDATE points.point_hold SET expires_at = '2026-02-02T01:00:00+08:00' WHERE customer_id = $1`,
      [customerId],
    );
    world.clock.set('2026-02-02T00:01:00+08:00');
    const captured = await world.send({ kind: 'capture', terminalId, traceNo: trace(), original, amountFen: 5_000 });
    expect(captured).toMatchObject({ discountPercent: 80, points: 2_000 });
    const full = await world.send({ kind: 'purchase', terminalId, traceNo: trace(), amountFen: 100, card });
    expect(full).toMatchObject({ discountPercent: 100, points: 50 });
    expect(await world.balanceOf(customerId)).toMatchObject({ available: 10_000 - 2_000 - 50, held: 0 });
  });

  it('[MER-03] voids on the day and in the batch, whole; later it is a return', async () => {
    const { customerId, cardNumber } = await world.aCardholder({ '2026-12-31': 600, '2027-12-31': 9_400 });
    const held = await authorise(cardNumber, 2_000);
    expect(await world.send({ kind: 'void', traceNo: trace(), original: held.original })).toMatchObject({
      points: 1_000,
      availableAfter: 10_000,
    });
    const taken = { kind: 'purchase', amountFen: 2_000, card: { cardNumber } } as const;
    const [first, second] = [trace(), trace()];
    await world.send({ ...taken, traceNo: first });
    await world.send({ ...taken, traceNo: second });
    const original = world.key(first);
    const inAnother = world.send({ kind: 'void', traceNo: trace(), batchNo: '000002', original });
    expect(await outcomeOf(inAnother)).toBe('merchants.void-too-late');
    expect(await world.send({ kind: 'void', traceNo: trace(), original })).toMatchObject({ points: 1_000 });
    expect(await outcomeOf(world.send({ kind: 'void', traceNo: trace(), original }))).toBe('merchants.amount-too-high');
    const late = world.key(second);
    world.clock.set('2026-02-02T09:00:00+08:00');
    expect(await outcomeOf(world.send({ kind: 'void', traceNo: trace(), original: late }))).toBe(
      'merchants.void-too-late',
    );
    expect(await world.lotsOf(customerId)).toEqual([
      { until: '2026-12-31', remaining: 600, held: 0 },
      { until: '2027-12-31', remaining: 8_400, held: 0 },
    ]);
  });

  it('[MER-03] returns in parts, up to what was captured, whoever of many is fastest', async () => {
    const { customerId, cardNumber } = await world.aCardholder({ '2026-12-31': 600, '2027-12-31': 9_400 });
    const { original } = await authorise(cardNumber, 2_001);
    await world.send({ kind: 'capture', traceNo: trace(), original });
    world.clock.set('2026-02-20T09:00:00+08:00');
    const parts = await Promise.all(
      Array.from({ length: 12 }, () =>
        outcomeOf(world.send({ kind: 'return', traceNo: trace(), original, amountFen: 667 })),
      ),
    );
    expect(parts.filter((outcome) => outcome === 'done')).toHaveLength(3);
    expect(new Set(parts)).toEqual(new Set(['done', 'merchants.amount-too-high']));
    expect(await world.balanceOf(customerId)).toMatchObject({ available: 10_000, held: 0 });
    expect(await world.lotsOf(customerId)).toEqual([
      { until: '2026-12-31', remaining: 600, held: 0 },
      { until: '2027-12-31', remaining: 9_400, held: 0 },
    ]);
  });

  it('[MER-03] returns into a lot that has ended for thirty days more, and clears what comes later', async () => {
    const { customerId, cardNumber } = await world.aCardholder({ '2026-02-10': 4_000 });
    const traceNo = trace();
    await world.send({ kind: 'purchase', traceNo, amountFen: 8_000, card: { cardNumber } });
    const original = world.key(traceNo);
    world.clock.set('2026-02-20T09:00:00+08:00');
    const back = await world.send({ kind: 'return', traceNo: trace(), original, amountFen: 2_000 });
    expect(back).toMatchObject({ points: 1_000, availableAfter: 1_000 });
    expect(await world.lotsOf(customerId)).toEqual([{ until: '2026-03-12', remaining: 1_000, held: 0 }]);
    world.clock.set('2026-03-13T09:00:00+08:00');
    await world.send({ kind: 'return', traceNo: trace(), original, amountFen: 2_000 });
    await world.close(customerId);
    await world.send({ kind: 'return', traceNo: trace(), original, amountFen: 2_000 });
    const wentInto = await world.db.query(
      `SELECT p.credit, p.points FROM points.journal j JOIN points.posting p USING (customer_id, journal_id)
       WHERE j.customer_id = $1 AND j.kind = 'RETURN' ORDER BY j.account_version, p.line`,
      [customerId],
    );
    expect(wentInto).toEqual([
      { credit: 'CUST_AVAILABLE', points: 1_000 },
      { credit: 'BREAKAGE', points: 1_000 },
      { credit: 'CLOSED_FORFEIT', points: 1_000 },
    ]);
  });

  it('[MER-09] takes nothing at a terminal, a site or a merchant that is not active, and still gives back', async () => {
    const { merchantId, siteId, terminalId } = await world.aTerminal();
    const { cardNumber } = await world.aCardholder();
    const traceNo = trace();
    const buy = (traceNo: string) =>
      world.send({ kind: 'purchase', terminalId, traceNo, amountFen: 200, card: { cardNumber } });
    await buy(traceNo);
    const original = world.key(traceNo, '000001', terminalId);
    for (const [stop, go] of [
      [
        () => world.merchants.change(merchantId, { status: 'suspended' }),
        () => world.merchants.change(merchantId, { status: 'active' }),
      ],
      [
        () => world.merchants.changeSite(siteId, { status: 'ended' }),
        () => world.merchants.changeSite(siteId, { status: 'active' }),
      ],
      [() => world.merchants.changeTerminal(terminalId, { status: 'suspended' }), () => undefined],
    ] as const) {
      await stop();
      expect(await outcomeOf(buy(trace()))).toBe('merchants.terminal-takes-nothing');
      await go();
    }
    expect(await world.send({ kind: 'return', terminalId, traceNo: trace(), original, amountFen: 200 })).toMatchObject({
      points: 100,
    });
    expect(await outcomeOf(world.send({ kind: 'return', traceNo: trace(), original, amountFen: 200 }))).toBe(
      'merchants.original-of-another-merchant',
    );
    const unknown = {
      kind: 'purchase',
      traceNo: trace(),
      terminalId: 'XX000000',
      amountFen: 2,
      card: { cardNumber },
    } as const;
    expect(await outcomeOf(world.send(unknown))).toBe('merchants.unknown-terminal');
  });

  it('[MER-09] grants one discount a day: the table refuses what the use case would let through', async () => {
    const { merchantId } = await world.aTerminal();
    const grant = (percent: number, effectiveFrom: string, effectiveUntil: string) =>
      world.merchants.grantDiscount({ merchantId, percent, effectiveFrom, effectiveUntil, author: 'tester' });
    const { discountId } = await grant(80, '2026-02-01', '2026-03-01');
    await grant(90, '2026-03-01', '2026-04-01');
    expect(await outcomeOf(grant(70, '2026-02-28', '2026-03-02'))).toBe('merchants.discounts-overlap');
    expect(await outcomeOf(world.merchants.endDiscount(discountId, '2026-03-02'))).toBe('merchants.discounts-overlap');
    await world.merchants.endDiscount(discountId, '2026-02-10');
    await grant(70, '2026-02-10', '2026-03-01');
    const raced = await Promise.all(Array.from({ length: 8 }, () => outcomeOf(grant(50, '2026-05-01', '2026-06-01'))));
    expect(raced.filter((outcome) => outcome === 'done')).toHaveLength(1);
    await expect(
      world.db.query(
        `INSERT INTO merchants.discount SELECT gen_random_uuid(), merchant_id, 60, '2026-02-05', '2026-02-06', 'x', now()
         FROM merchants.merchant WHERE merchant_id = $1`,
        [merchantId],
      ),
    ).rejects.toThrow('one_discount_a_day');
    const other = await world.aTerminal();
    await world.merchants.grantDiscount({
      merchantId: other.merchantId,
      percent: 60,
      effectiveFrom: '2026-02-01',
      effectiveUntil: '2026-12-31',
      author: 'tester',
    });
  });

  it('[MER-02] is refused below the threshold, beyond the points, and while the number is suspended', async () => {
    const poor = await world.aCardholder({ '2027-12-31': 3_500 });
    const buy = (cardNumber: string, amountFen: number) =>
      outcomeOf(world.send({ kind: 'purchase', traceNo: trace(), amountFen, card: { cardNumber } }));
    expect(await buy(poor.cardNumber, 100)).toBe('points.below-threshold');
    const rich = await world.aCardholder({ '2027-12-31': 3_501 });
    expect(await buy(rich.cardNumber, 7_003)).toBe('points.insufficient');
    expect(await buy(rich.cardNumber, 7_002)).toBe('done');
    await world.db.query(`UPDATE customers.customer SET status = 'suspended' WHERE customer_id = $1`, [
      rich.customerId,
    ]);
    expect(await buy(rich.cardNumber, 2)).toBe('points.account-frozen');
  });
});
