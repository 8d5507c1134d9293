import { Database, newId } from '../../../src/platform/database/index.js';
import { TieringFacade } from '../../../src/modules/tiering/index.js';
import { FindCards } from '../../../src/modules/tiering/application/cards.query.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { personalDataOfNewKeys } from '../../support/serve.js';
import { keepTier } from './facts.js';

describe('the level of a customer, asked by another module', () => {
  let db: TestDatabase;
  let tiering: TieringFacade;

  beforeAll(async () => {
    db = await createTestDatabase();
    const database = new Database(await db.dataSource());
    tiering = new TieringFacade(database, new FindCards(database, personalDataOfNewKeys(), new TestClock()));
  });
  afterAll(() => db.drop());

  it('is ordinary for a customer who was never rated', async () => {
    expect(await tiering.tierOf(newId())).toBe('ORDINARY');
  });

  it('is the one that holds today, not one that has ended', async () => {
    const [climber, stranger] = [newId(), newId()];
    await db.query(
      `INSERT INTO tiering.tier_assignment (customer_id, decision_id, program, tier, valid_from, valid_until, end_reason) VALUES
         ($1, $2, 'GOTONE', 'SILVER', '2024-02-01', '2025-02-01', 'changed'),
         ($1, $3, 'GOTONE', 'GOLD', '2025-02-01', '9999-12-31', NULL)`,
      [climber, newId(), newId()],
    );
    expect(await tiering.tiersOf([climber, stranger])).toEqual(
      new Map([
        [climber, 'GOLD'],
        [stranger, 'ORDINARY'],
      ]),
    );
  });

  it('is one at a time', async () => {
    const customer = newId();
    const open = () => keepTier(db, customer, 'GOLD');
    await open();
    await expect(open()).rejects.toThrow('tier_assignment_current');
  });
});
