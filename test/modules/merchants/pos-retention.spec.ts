import { ForgetPosMessages } from '../../../src/modules/merchants/application/forget-pos-messages.js';
import { ClearPosDays } from '../../../src/modules/points/application/holds/clear-pos-days.js';
import { APPLICATION_ROLE } from '../../../src/platform/database/migration-tools.js';
import { outcomeOf, posWorld } from './pos-world.js';

describe('messages of terminals', () => {
  let world: Awaited<ReturnType<typeof posWorld>>;
  beforeAll(async () => {
    world = await posWorld();
  });
  afterAll(() => world.db.drop());

  const YEAR_AND_A_DAY = 366 * 86_400;
  const aYearAgo = () => new Date(world.clock.now().getTime() - 365 * 86_400_000);
  const forgetting = () => new ForgetPosMessages(world.points);
  const end = () => world.transaction.run((tx) => forgetting().end(tx, aYearAgo()));
  const clear = () => new ClearPosDays(world.database, world.transaction, world.clock).execute();
  const traces = async () =>
    (await world.db.query<{ trace: string }>('SELECT trace_no AS trace FROM merchants.pos_message ORDER BY 1')).map(
      ({ trace }) => trace,
    );

  it('[MER-03] are forgotten a year after the last one of their sale, and none that is held or not cleared', async () => {
    const { customerId, cardNumber } = await world.aCardholder({ '2029-12-31': 10_000 });
    const card = { cardNumber };
    const bought = world.key('000001');
    await world.send({ kind: 'purchase', traceNo: '000001', amountFen: 2_000, card });
    await world.send({ kind: 'purchase', traceNo: '000002', amountFen: 2_000, card });
    await world.send({ kind: 'authorisation', traceNo: '000003', amountFen: 200, card });
    await world.send({ kind: 'reversal', traceNo: '000004', reverses: 'purchase' });
    // A day that was cleared before, when nothing was sold.
    await world.db.query(`INSERT INTO points.pos_cleared_day (day, cleared_at) VALUES ('2026-01-01', now())`);
    world.clock.pass(YEAR_AND_A_DAY);
    expect(await end()).toBe(0);
    // Cleared, but points are still held: the look at holds that are over did not run.
    await clear();
    expect(await end()).toBe(0);
    await world.expire();
    // Something goes on from the one sale just now.
    await world.send({ kind: 'return', traceNo: '000005', amountFen: 1_000, original: bought });
    const counted = await world.transaction.run((tx) => forgetting().count(tx, aYearAgo()));
    expect([counted, await end(), await end()]).toEqual([3, 3, 0]);
    expect(await traces()).toEqual(['000001', '000005']);
    await world.send({ kind: 'return', traceNo: '000006', amountFen: 1_000, original: bought });
    const forgotten = { ...bought, traceNo: '000002' };
    expect(await outcomeOf(world.send({ kind: 'return', traceNo: '000007', amountFen: 1, original: forgotten }))).toBe(
      'merchants.original-unknown',
    );
    // A terminal that repeats so late is refused by its day: nothing is bought twice.
    const repeated = { kind: 'purchase', amountFen: 2_000, card, ...forgotten } as const;
    expect(await outcomeOf(world.send(repeated))).toBe('merchants.date-out-of-range');
    expect(await world.balanceOf(customerId)).toMatchObject({ available: 9_000, held: 0 });
    expect(await world.db.query('SELECT FROM merchants.sale WHERE customer_id = $1', [customerId])).toHaveLength(3);
    await world.requireClean();
  });

  it('[MER-03] are kept, however old, until their day is cleared; then the application may delete them', async () => {
    const { cardNumber } = await world.aCardholder({ '2029-12-31': 10_000 });
    const before = await traces();
    await world.send({ kind: 'purchase', traceNo: '000011', amountFen: 2_000, card: { cardNumber } });
    world.clock.pass(YEAR_AND_A_DAY);
    await end();
    expect(await traces()).toContain('000011');
    await clear();
    expect(await end()).toBeGreaterThan(0);
    expect([before.length > 0, await traces()]).toEqual([true, []]);
    const [role] = await world.db.query(`SELECT has_table_privilege($1, 'merchants.pos_message', 'DELETE') AS may`, [
      APPLICATION_ROLE,
    ]);
    expect(role).toEqual({ may: true });
  });
});
