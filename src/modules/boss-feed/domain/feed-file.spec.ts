import type { FeedItem } from './feed.js';
import {
  addTo,
  daysToFile,
  differencesOf,
  fileName,
  headerLine,
  itemLine,
  NO_TOTALS,
  trailerLine,
  type FileCut,
} from './feed-file.js';

const cut: FileCut = {
  feedId: 'PTS-440000',
  kind: 'PTS',
  target: '440000',
  businessDate: '2026-01-31',
  sequence: 7,
  version: 1,
  afterSequence: 40,
  toSequence: 42,
  createdAt: new Date('2026-01-31T16:05:00Z'),
};
const item = (changes: Partial<FeedItem> = {}): FeedItem => ({
  sequence: 41,
  eventId: '019a9d00-0000-7000-8000-0000000000e1',
  occurredAt: new Date('2026-01-31T15:59:59.999Z'),
  isBackfill: false,
  customerId: '019a9d00-0000-7000-8000-0000000000c1',
  account: { source: 'BOSS', accountNo: 'A100000001' },
  detail: {
    entryKind: 'EARN', points: 128, availableAfter: 128, accountVersion: 1, cycle: '202601', reversesEventId: null,
  },
  ...changes,
}); // prettier-ignore

describe('a file for BOSS and the data warehouse', () => {
  it('[USG-09] is named as billing names what it sends us', () => {
    expect(fileName(cut)).toBe('PTS_GUIBIN_440000_20260131_000007_01.csv.gz');
    expect(fileName({ ...cut, target: 'ALL', kind: 'TIR', version: 2, sequence: 123_456 })).toBe(
      'TIR_GUIBIN_000000_20260131_123456_02.csv.gz',
    );
  });

  it('[USG-09] says at its head what it is and how much comes', () => {
    expect(headerLine(cut)).toBe('H|01|GUIBIN|440000|20260131|7|2026-02-01T00:05:00.000+08:00|2\n');
  });

  it('[USG-09] has a line for each item, which names the customer by the account, or else by our id', () => {
    expect(itemLine('PTS', item())).toBe(
      'D|41|019a9d00-0000-7000-8000-0000000000e1|2026-01-31T23:59:59.999+08:00|BOSS|A100000001||0|EARN|128|128|1|202601|\n',
    );
    expect(itemLine('CHN', item({ account: undefined, isBackfill: true, detail: { risk: 73 } }))).toBe(
      'D|41|019a9d00-0000-7000-8000-0000000000e1|2026-01-31T23:59:59.999+08:00|||019a9d00-0000-7000-8000-0000000000c1|1|73\n',
    );
    const tier = { from: 'SILVER', to: 'GOLD', effectiveOn: '2026-02-01', decisionId: 'd' };
    expect(itemLine('TIR', item({ detail: tier }))).toMatch(/\|0\|SILVER\|GOLD\|2026-02-01\|d\n$/);
  });

  it('[USG-09] sums up at its end what it holds', () => {
    const later = item({ sequence: 42, occurredAt: new Date('2026-01-01T00:00:00Z'), detail: { points: -28 } });
    expect(trailerLine(cut, addTo(NO_TOTALS, 'PTS', [item(), later]), 'abc')).toBe(
      'T|2|100|41|42|2026-01-01T08:00:00.000+08:00|2026-01-31T23:59:59.999+08:00|abc\n',
    );
    expect(trailerLine({ ...cut, toSequence: 40 }, NO_TOTALS, 'abc')).toBe('T|0|0|||||abc\n');
  });
});

describe('the days of a feed', () => {
  it('each get a file when they are over, also those that nobody was there for', () => {
    const createdAt = new Date('2026-02-26T23:59:59.999+08:00');
    const days = (filedUntil: string | undefined) => daysToFile({ createdAt, filedUntil }, '2026-03-01');
    expect(days(undefined)).toEqual(['2026-02-26', '2026-02-27', '2026-02-28']);
    expect(days('2026-02-26')).toEqual(['2026-02-27', '2026-02-28']);
    expect(days('2026-02-28')).toEqual([]);
    expect(daysToFile({ createdAt, filedUntil: undefined }, '2026-02-26')).toEqual([]);
  });
});

describe('an acknowledgement', () => {
  const sent = { recordCount: 2, sum: 100, sha256: 'abc' };

  it('agrees when everything is the same', () => {
    expect(differencesOf(sent, { ...sent })).toEqual({});
  });

  it('names what is not', () => {
    expect(differencesOf(sent, { recordCount: 1, sum: 100, sha256: 'def' })).toEqual({
      recordCount: { sent: 2, received: 1 },
      sha256: { sent: 'abc', received: 'def' },
    });
  });
});
