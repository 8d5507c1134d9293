import { jest } from '@jest/globals';
import { tortured } from '../support/torture.js';

jest.setTimeout(600_000);

describe('an application that is killed', () => {
  it('ends in the state of one that was not: once in intake, tier run and points run (all: npm run torture -- kill)', async () => {
    expect(await tortured('kill', '--kills', '1', '--customers', '300')).toMatchObject({
      code: 0,
      verdict: { total: 3, wrong: 0, verdict: 'ok' },
    });
  });
});
