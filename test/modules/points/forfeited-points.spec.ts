import { newId } from '../../../src/platform/database/index.js';
import { keepCustomers } from '../customers/facts.js';
import { pointsWorld } from './points-world.js';

describe('whoever leaves the network', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;

  beforeAll(async () => {
    world = await pointsWorld();
  });
  afterAll(() => world.db.drop());

  it('[promise 30] [USG-09] has the forfeit of the points announced, once, and only when there were any', async () => {
    const [rich, poor, departure] = [newId(), newId(), newId()];
    await keepCustomers(world.db, [{ customerId: rich }, { customerId: poor }]);
    await world.award(rich, 300);
    await world.close(rich, departure);
    await world.close(rich, departure);
    await world.close(poor);
    const announced = await world.db.query(
      `SELECT o.customer_id, (o.payload ->> 'points')::int AS points, j.kind::text AS kind FROM platform.outbox o
       JOIN points.journal j ON j.customer_id = o.customer_id AND j.journal_id = (o.payload ->> 'journalId')::uuid
       WHERE o.name = 'points.PointsForfeited'`,
    );
    expect(announced).toEqual([{ customer_id: rich, points: -300, kind: 'CLOSURE' }]);
  });
});
