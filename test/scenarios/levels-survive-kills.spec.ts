import { jest } from '@jest/globals';
import { tortured } from '../support/torture.js';

jest.setTimeout(300_000);

describe('[TIER-10] a worker that is killed while it reviews all levels', () => {
  it('leaves the levels, decisions and events of one that was not, each once (all: npm run torture -- tiers)', async () => {
    expect(await tortured('tiers', '--customers', '20000', '--kills', '3')).toMatchObject({
      code: 0,
      verdict: { kills: 3, wrong: [], verdict: 'ok' },
    });
  });
});
