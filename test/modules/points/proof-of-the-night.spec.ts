import { ProofOfTheNight } from '../../../src/modules/points/application/proof/proof-of-the-night.js';
import { pointsWorld } from './points-world.js';

describe('the proof of the night', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  let proofs: ProofOfTheNight;
  beforeAll(async () => {
    world = await pointsWorld();
    proofs = new ProofOfTheNight(world.transaction, world.database, world.clock);
    const customerId = await world.aCustomer();
    await world.award(customerId, 4_000);
    await world.redeem(customerId, 100);
  });
  afterAll(() => world.db.drop());

  it('[PTS-01] is told when there is one', async () => {
    await expect(proofs.newest()).rejects.toMatchObject({ code: 'points.proof-not-found' });
  });

  it('[PTS-01] is kept, and the next looks at single entries since a day before it', async () => {
    world.clock.set('2026-02-02T05:40:00+08:00');
    await proofs.execute();
    expect(await proofs.newest()).toMatchObject({ ok: true, customers: 1, since: undefined, asOf: world.clock.now() });
    world.clock.set('2026-02-03T05:40:00+08:00');
    await proofs.execute();
    expect(await proofs.newest()).toMatchObject({
      ok: true,
      asOf: world.clock.now(),
      since: new Date('2026-02-01T05:40:00+08:00'),
    });
  });

  it('[PTS-01] looks at everything again after one that found something', async () => {
    const tampered = 'UPDATE points.point_account SET available = available + 1';
    await world.db.query(tampered);
    world.clock.set('2026-02-04T05:40:00+08:00');
    await proofs.execute();
    const { ok, checks } = await proofs.newest();
    expect(ok).toBe(false);
    expect(checks.find(({ id }) => id === 'I1')?.first).toHaveLength(1);
    await world.db.query('UPDATE points.point_account SET available = available - 1');
    world.clock.set('2026-02-05T05:40:00+08:00');
    await proofs.execute();
    expect(await proofs.newest()).toMatchObject({ ok: true, since: undefined });
  });
});
