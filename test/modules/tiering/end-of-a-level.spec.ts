import { EndLevelWhenCustomerDeparts } from '../../../src/modules/tiering/listeners/end-level-when-customer-departs.listener.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import { createTestDatabase } from '../../support/database.js';
import { keepTier } from './facts.js';

it('a level ends on the day on which its customer leaves, however often that is told', async () => {
  const db = await createTestDatabase();
  try {
    const [leaver, other] = [newId(), newId()];
    for (const customer of [leaver, other]) {
      await keepTier(db, customer, 'GOLD');
    }
    const transaction = new Transaction(await db.dataSource());
    const departed = {
      eventId: newId(),
      name: 'customers.CustomerDeparted',
      customerId: leaver,
      payload: { customerId: leaver, closedOn: '2025-07-14' },
      occurredAt: new Date(),
      recordedAt: new Date(),
    };
    for (const events of [[departed, departed], [departed]]) {
      await transaction.run((tx) => new EndLevelWhenCustomerDeparts().handleAll(tx, events));
    }
    expect(await db.query('SELECT customer_id FROM tiering.current_tier')).toEqual([{ customer_id: other }]);
    expect(await db.query(`SELECT valid_until FROM tiering.tier_assignment WHERE end_reason = 'departed'`)).toEqual([
      { valid_until: '2025-07-14' },
    ]);
  } finally {
    await db.drop();
  }
});
