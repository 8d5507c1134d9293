import { jest } from '@jest/globals';
import { tortured } from '../support/torture.js';

jest.setTimeout(300_000);

describe('[AUD-01] an application that is killed while customers are read', () => {
  it('has registered every read that it answered, in whole chains (all: npm run torture -- register)', async () => {
    expect(await tortured('register', '--reads', '600', '--kills', '2')).toMatchObject({
      code: 0,
      verdict: { kills: 2, missing: 0, chain: { whole: true, broken: [] }, verdict: 'ok' },
    });
  });
});
