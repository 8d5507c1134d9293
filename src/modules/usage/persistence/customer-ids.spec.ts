import fc from 'fast-check';
import { bytesOf, CustomerIds } from './customer-ids.js';

describe('customers by number', () => {
  it('are ranked as their ids are ordered, however many are added at a time', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.uuid(), { maxLength: 40 }), { maxLength: 8 }), (additions) => {
        const customers = new CustomerIds();
        for (const ids of additions) {
          for (const id of ids) expect(customers.idOf(customers.numberOf(bytesOf(id)))).toBe(id);
          customers.rank();
        }
        const ranked = [...new Set(additions.flat())]
          .sort()
          .map((id) => customers.ranks[customers.numberOf(bytesOf(id))]);
        expect(ranked).toEqual(ranked.map((_, rank) => rank));
      }),
    );
  });
});
