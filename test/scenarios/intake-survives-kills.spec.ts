import { jest } from '@jest/globals';
import { tortured } from '../support/torture.js';

jest.setTimeout(300_000);

describe('[promise 3] [USG-02] an application that is killed while it takes in a file', () => {
  it('holds every record once when billing has sent the file until it was answered (all: npm run torture -- intake)', async () => {
    expect(await tortured('intake', '--records', '40000', '--kills', '3')).toMatchObject({
      code: 0,
      verdict: { kills: 3, wrong: [], verdict: 'ok' },
    });
  });
});
