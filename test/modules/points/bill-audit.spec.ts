import { AuditBills } from '../../../src/modules/points/application/earning/bill-audit.query.js';
import { pointsWorld } from './points-world.js';

describe('holding the ledger against the bills', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let audit: AuditBills;
  beforeEach(async () => {
    world = await pointsWorld();
    audit = new AuditBills(world.database);
  });
  afterEach(() => world.db.drop());

  it('[promise 18] finds each bill with the points that it should have earned', async () => {
    await world.aCrowd([10_000, 250_000, 0]);
    expect(await audit.summary('2025-12-01')).toMatchObject({ bills: 3, earned: 0, unjudged: 3, differing: 0 });
    await world.accrue('2025-12', '2026-01-02');
    const after = await audit.summary('2025-12-01');
    expect(after).toMatchObject({ bills: 3, unjudged: 0, differing: 0 });
    expect(after.earned).toBeGreaterThan(0);
    expect(after.earned).toBe(after.shouldHaveEarned);
    expect(await audit.differences('2025-12-01')).toEqual([]);
  });

  it('[promise 18] names a bill that was corrected, until the ledger follows', async () => {
    const [customerId = ''] = await world.aCrowd([100_000]);
    await world.accrue('2025-12', '2026-01-02');
    await world.keepBills([{ customerId, billNo: '2025-12-0', netSpendFen: 40_000, version: 2 }]);
    expect(await audit.summary('2025-12-01')).toMatchObject({ bills: 1, differing: 1 });
    expect(await audit.differences('2025-12-01')).toMatchObject([{ customerId, billNo: '2025-12-0' }]);
    await world.accrue('2025-12.2', '2026-01-02');
    expect(await audit.summary('2025-12-01')).toMatchObject({ bills: 1, differing: 0 });
  });
});
