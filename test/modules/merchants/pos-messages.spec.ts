import fc from 'fast-check';
import pg from 'pg';
import type { PosMessage } from '../../../src/modules/merchants/domain/pos-message.js';
import { eventually } from '../../support/eventually.js';
import { outcomeOf, posWorld, type AnyMessage } from './pos-world.js';
import { SEED } from '../../support/seed.js';

const ORDERS = Number(process.env['POS_ORDERS'] ?? 200);
/** The message that it goes on from is still on its way: the terminal sends it again. */
const EARLY = new Set(['merchants.original-unknown', 'merchants.amount-too-high']);

describe(`messages of terminals (seed ${SEED})`, () => {
  let world: Awaited<ReturnType<typeof posWorld>>;
  beforeAll(async () => {
    world = await posWorld();
  });
  beforeEach(() => world.clock.set('2026-02-01T10:00:00+08:00'));
  afterAll(() => world.db.drop());

  let batches = 0;
  const aBatch = (): string => String((batches += 1)).padStart(6, '0');
  const purchase = (batchNo: string, cardNumber: string): AnyMessage => ({
    kind: 'purchase', batchNo, traceNo: '000001', amountFen: 2_000, card: { cardNumber },
  }); // prettier-ignore
  const reversal = (message: AnyMessage): AnyMessage => ({
    kind: 'reversal',
    traceNo: message.traceNo,
    ...(message.batchNo && { batchNo: message.batchNo }),
    reverses: message.kind as 'purchase',
  });

  it('[MER-03] are answered the same when they come again, and carried out once, also at one moment', async () => {
    const { customerId, cardNumber } = await world.aCardholder();
    const message = purchase(aBatch(), cardNumber);
    const answers = await Promise.all(Array.from({ length: 16 }, () => world.send(message)));
    expect(new Set(answers.map((answer) => JSON.stringify(Object.entries(answer).sort()))).size).toBe(1);
    expect(await world.balanceOf(customerId)).toMatchObject({ available: 9_000, held: 0 });
    // Of the card that is lost meanwhile, too: it was paid with before.
    await world.loseCard(customerId);
    expect(await world.send(message)).toEqual(answers[0]);
    expect(await outcomeOf(world.send({ ...message, amountFen: 2_002 }))).toBe('merchants.message-key-reused');
    await world.requireClean();
  });

  it('[MER-03] are reversed: the points return, once, and the answer is the same every time', async () => {
    const { customerId, cardNumber } = await world.aCardholder();
    for (const kind of ['purchase', 'authorisation'] as const) {
      const message = { ...purchase(aBatch(), cardNumber), kind };
      await world.send(message);
      const answers = await Promise.all(Array.from({ length: 8 }, () => world.send(reversal(message))));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(answers[0]).toMatchObject({ kind: 'reversal', status: 'reversed', traceNo: '000001' });
      expect(await world.balanceOf(customerId)).toMatchObject({ available: 10_000, held: 0 });
      expect(await outcomeOf(world.send(message))).toBe('merchants.message-reversed');
    }
    await world.requireClean();
  });

  it('[MER-03] that come after their reversal have no effect, and the reversal is answered as ever', async () => {
    const { customerId, cardNumber } = await world.aCardholder();
    const [early, late] = [purchase(aBatch(), cardNumber), purchase(aBatch(), cardNumber)];
    const first = await world.send(reversal(early));
    expect(await outcomeOf(world.send(early))).toBe('merchants.message-reversed');
    expect(await world.send(reversal(early))).toEqual(first);
    await world.send(late);
    expect(await world.send(reversal(late))).toEqual({ ...first, batchNo: late.batchNo });
    expect(await world.balanceOf(customerId)).toMatchObject({ available: 10_000, held: 0 });
    expect(await outcomeOf(world.send({ ...reversal(late), reverses: 'capture' }))).toBe(
      'merchants.original-of-another-kind',
    );
  });

  it('[MER-03] raced by their reversals hold nothing and take nothing, whoever is first', async () => {
    const { customerId, cardNumber } = await world.aCardholder();
    for (let round = 0; round < 20; round += 1) {
      const message = { ...purchase(aBatch(), cardNumber), kind: round % 2 ? 'purchase' : 'authorisation' } as const;
      const sent = [message, reversal(message), message, reversal(message), message, reversal(message)];
      const outcomes = await Promise.all(sent.map((each) => outcomeOf(world.send(each))));
      for (const [i, outcome] of outcomes.entries())
        expect(['done', ...(i % 2 ? [] : ['merchants.message-reversed'])]).toContain(outcome);
    }
    expect(await world.balanceOf(customerId)).toMatchObject({ available: 10_000, held: 0 });
    await world.requireClean();
  });

  it.each(['merchants.pos_message', 'points.point_account', 'points.point_hold', 'merchants.sale'])(
    '[MER-03] whose connection dies at %s have left nothing, and are carried out when they come again',
    async (table) => {
      const { customerId, cardNumber } = await world.aCardholder();
      const message = purchase(aBatch(), cardNumber);
      const blocking = new pg.Client({ connectionString: world.db.url });
      await blocking.connect();
      try {
        await blocking.query(`BEGIN; LOCK TABLE ${table} IN EXCLUSIVE MODE`);
        const dying = world.send(message).then(
          () => 'done',
          () => 'died',
        );
        const killed = await eventually(async () => {
          const { rowCount } = await blocking.query(
            `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = $1::regclass
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
            [table],
          );
          return rowCount !== 0 && rowCount;
        });
        expect([killed, await dying]).toEqual([1, 'died']);
        await blocking.query('ROLLBACK');
      } finally {
        await blocking.end();
      }
      expect(await world.balanceOf(customerId)).toMatchObject({ available: 10_000, held: 0 });
      expect(await world.send(message)).toMatchObject({ status: 'done', points: 1_000 });
      expect(await world.balanceOf(customerId)).toMatchObject({ available: 9_000, held: 0 });
      await world.requireClean();
    },
  );

  it('[MER-03] do not undo what has gone on: a captured authorisation, a sale that was partly returned', async () => {
    const { customerId, cardNumber } = await world.aCardholder();
    const held = { ...purchase(aBatch(), cardNumber), kind: 'authorisation' } as const;
    await world.send(held);
    const { batchNo } = held;
    const capture: AnyMessage = {
      kind: 'capture',
      traceNo: '000002',
      original: world.key('000001', batchNo),
      ...(batchNo && { batchNo }),
    };
    await world.send(capture);
    expect(await outcomeOf(world.send(reversal(held)))).toBe('merchants.original-went-on');
    expect(await world.balanceOf(customerId)).toMatchObject({ available: 9_000 });
    await world.send({ ...capture, kind: 'return', traceNo: '000003', amountFen: 200 });
    expect(await outcomeOf(world.send(reversal(capture)))).toBe('merchants.original-went-on');
    await world.send({ ...capture, kind: 'return', traceNo: '000004', amountFen: 1_800 });
    await world.send(reversal(capture));
    expect(await world.balanceOf(customerId)).toMatchObject({ available: 10_000 });
  });

  it('[MER-03] are of a day near to ours, and say what their kind needs', async () => {
    const { cardNumber } = await world.aCardholder();
    const message = purchase(aBatch(), cardNumber);
    expect(await outcomeOf(world.send({ ...message, businessDate: '2026-01-30' }))).toBe('merchants.date-out-of-range');
    expect(await outcomeOf(world.send({ ...message, businessDate: '2026-01-31' }))).toBe('done');
    for (const without of [
      { amountFen: undefined },
      { card: undefined },
      { kind: 'return' },
      { kind: 'reversal' },
    ] as const)
      expect(await outcomeOf(world.send({ ...message, ...without }))).toBe('merchants.field-missing');
    const unknown = { kind: 'capture', traceNo: '000009', original: world.key('999999') } as const;
    expect(await outcomeOf(world.send(unknown))).toBe('merchants.original-unknown');
  });

  /** What one customer does at a terminal in a day: sales that go on in one way each, and messages that got no answer. */
  const story = fc.array(
    fc.record({
      fen: fc.integer({ min: 1, max: 2_000 }),
      part: fc.integer({ min: 1, max: 100 }),
      goes: fc.constantFrom('held', 'captured', 'captured in part', 'voided', 'returned', 'returned twice', 'reversed', 'capture reversed', 'bought', 'bought and reversed', 'bought and voided'),
    }),
    { minLength: 1, maxLength: 5 },
  ); // prettier-ignore

  const messagesOf = (
    sales: readonly { fen: number; part: number; goes: string }[],
    batchNo: string,
    cardNumber: string,
  ) => {
    let traceNo = 0;
    const next = (): string => String((traceNo += 1)).padStart(6, '0');
    return sales.flatMap(({ fen, part, goes }): AnyMessage[] => {
      const first: AnyMessage = {
        kind: goes.startsWith('bought') ? 'purchase' : 'authorisation', batchNo, traceNo: next(), amountFen: fen, card: { cardNumber },
      }; // prettier-ignore
      const original = world.key(first.traceNo, batchNo);
      const after = (kind: PosMessage['kind'], amountFen?: number): AnyMessage => ({
        kind, batchNo, traceNo: next(), original, ...(amountFen !== undefined && { amountFen }),
      }); // prettier-ignore
      const some = Math.max(1, Math.floor((fen * part) / 100));
      switch (goes) {
        case 'captured':
          return [first, after('capture')];
        case 'captured in part':
          return [first, after('capture', some)];
        case 'voided':
        case 'bought and voided':
          return [first, after('void')];
        case 'returned':
          return [first, after('capture'), after('return', some)];
        case 'returned twice':
          return some < fen
            ? [first, after('capture'), after('return', some), after('return', fen - some)]
            : [first, after('capture'), after('return', fen)];
        case 'reversed':
        case 'bought and reversed':
          return [first, reversal(first)];
        case 'capture reversed': {
          const capture = after('capture');
          return [first, capture, reversal(capture)];
        }
        default:
          return [first];
      }
    });
  };

  const stateOf = async (customerId: string) => ({
    account: await world.balanceOf(customerId),
    lots: await world.lotsOf(customerId),
    owed: await world.db.query(
      `SELECT sum(CASE 'POS_CLEARING'::points.account_code WHEN credit THEN points WHEN debit THEN -points ELSE 0 END)::bigint AS points
       FROM points.posting WHERE customer_id = $1`,
      [customerId],
    ),
    sales: await world.db.query(
      `SELECT m.trace_no, s.list_fen, s.captured_fen, s.returned_fen FROM merchants.sale s
         JOIN merchants.pos_message m USING (customer_id, hold_id)
       WHERE customer_id = $1 AND m.state = 'done' AND m.kind IN ('authorisation', 'purchase')
         AND captured_fen > returned_fen ORDER BY 1`,
      [customerId],
    ),
    messages: await world.db.query(
      `SELECT trace_no, kind, state FROM merchants.pos_message WHERE batch_no = $1 ORDER BY 1`,
      [String(batches).padStart(6, '0')],
    ),
  });

  /** What is still held is so no more: a capture that was reversed before it came leaves its authorisation as it is. */
  const afterTheirTime = async (): Promise<void> => {
    world.clock.pass(3_600);
    await world.expire();
  };

  it(`[MER-03] end in one state in ${ORDERS} orders, with doubles, one by one and all at once`, async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.infiniteStream(fc.nat()), fc.boolean(), async (sales, chance, atOnce) => {
        world.clock.set('2026-02-01T10:00:00+08:00');
        const inOrder = await world.aCardholder();
        for (const message of messagesOf(sales, aBatch(), inOrder.cardNumber)) await world.send(message);
        await afterTheirTime();
        const expected = await stateOf(inOrder.customerId);
        world.clock.set('2026-02-01T10:00:00+08:00');

        const { customerId, cardNumber } = await world.aCardholder();
        const messages = messagesOf(sales, aBatch(), cardNumber);
        const sent = [...messages, ...messages.filter(() => (chance.next().value ?? 0) % 2)]
          .map((message) => [chance.next().value ?? 0, message] as const)
          .sort(([a], [b]) => a - b)
          .map(([, message]) => message);
        const outcomes = new Set<string>();
        let waiting = sent;
        for (let turn = 0; waiting.length > 0; turn += 1) {
          expect(turn).toBeLessThan(10);
          const said: string[] = [];
          if (atOnce) said.push(...(await Promise.all(waiting.map((each) => outcomeOf(world.send(each))))));
          else for (const each of waiting) said.push(await outcomeOf(world.send(each)));
          for (const each of said) outcomes.add(each);
          waiting = waiting.filter((_, i) => EARLY.has(said[i] ?? ''));
        }
        expect(
          [...outcomes].filter((each) => !EARLY.has(each) && each !== 'done' && each !== 'merchants.message-reversed'),
        ).toEqual([]);
        await afterTheirTime();
        expect(await stateOf(customerId)).toEqual(expected);
      }),
      { numRuns: ORDERS, seed: SEED },
    );
    await world.requireClean();
  }, 300_000);
});
