import { jest } from '@jest/globals';
import { tortured } from '../support/torture.js';

jest.setTimeout(300_000);

describe('[PTS-01] the points ledger', () => {
  it('proves itself after many clients have worked on the same few accounts at once (all: npm run torture -- points-races)', async () => {
    expect(await tortured('points-races', '--seconds', '4', '--clients', '16')).toMatchObject({
      code: 0,
      verdict: { faults: 0, wrong: [], verdict: 'ok' },
    });
  });

  it('is what it is undisturbed after connections, replies and workers were lost (all: npm run torture -- points-faults)', async () => {
    expect(await tortured('points-faults', '--faults', '2', '--customers', '3000')).toMatchObject({
      code: 0,
      verdict: {
        ended: { wrong: [] },
        lost: { wrong: [] },
        billRun: { wrong: [] },
        expiryRun: { wrong: [] },
        verdict: 'ok',
      },
    });
  });
});
