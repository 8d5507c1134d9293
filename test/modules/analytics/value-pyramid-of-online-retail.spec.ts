import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { valuePyramid } from '../../../src/modules/analytics/domain/value-pyramid.js';

const invoices = join(process.cwd(), '../shared/data/online-retail-invoices.csv');
const present = existsSync(invoices);
if (!present) console.warn(`Not shown, because the file is absent: the pyramid of UCI Online Retail (${invoices})`);

/** Published reference: UCI Online Retail (doi 10.24432/C5BW33), 4,338 customers by spend. */
(present ? describe : describe.skip)('the value pyramid of a real shop', () => {
  it('has the shares that were computed independently', () => {
    const spent = new Map<string, number>();
    for (const line of readFileSync(invoices, 'utf8').trim().split('\n').slice(1)) {
      const [customer = '', , , amount = ''] = line.split(',');
      spent.set(customer, (spent.get(customer) ?? 0) + Math.round(Number(amount) * 100));
    }
    expect(spent.size).toBe(4_338);
    const layers = valuePyramid([...spent.values()]);
    expect(layers.map(({ customers }) => customers)).toEqual([43, 173, 651, 1_302, 2_169]);
    expect(layers.map(({ shareBasisPoints }) => shareBasisPoints)).toEqual([3_178, 1_854, 2_428, 1_757, 783]);
  });
});
