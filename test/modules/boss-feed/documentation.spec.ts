import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FeedItem } from '../../../src/modules/boss-feed/domain/feed.js';
import {
  addTo, fileName, headerLine, itemLine, NO_TOTALS, trailerLine, type FileCut,
} from '../../../src/modules/boss-feed/domain/feed-file.js'; // prettier-ignore

const CUT: FileCut = {
  feedId: 'PTS-ALL', kind: 'PTS', target: 'ALL', businessDate: '2026-02-01', sequence: 12, version: 1, afterSequence: 4200,
  toSequence: 4202, createdAt: new Date('2026-02-02T00:05:00+08:00'),
}; // prettier-ignore
const ITEMS: readonly FeedItem[] = [
  {
    sequence: 4201,
    eventId: '01a1c3f0-7c11-7a3e-9d52-3f6b8e2a1c01',
    occurredAt: new Date('2026-02-01T10:15:30.250+08:00'),
    isBackfill: false,
    customerId: '01a1c3f0-0000-7000-8000-0000000000aa',
    account: { source: 'BOSS', accountNo: 'A100000001' },
    detail: { entryKind: 'REDEMPTION', points: -5000, availableAfter: 1280, accountVersion: 14 },
  },
  {
    sequence: 4202,
    eventId: '9b0c7d8e-1f2a-8b3c-8d4e-5f60718293a4',
    occurredAt: new Date('2026-01-31T18:00:00+08:00'),
    isBackfill: true,
    customerId: '01a1c3f0-0000-7000-8000-0000000000bb',
    account: undefined,
    detail: { entryKind: 'EARN_CORRECTION', points: -36, availableAfter: 0, accountVersion: 3, cycle: '202512' },
  },
];

describe('docs/boss-feed.md', () => {
  it('[USG-09] shows a file as we write it', async () => {
    const page = await readFile('docs/boss-feed.md', 'utf8');
    const body = ITEMS.map((item) => itemLine('PTS', item)).join('');
    const sha256 = createHash('sha256').update(body).digest('hex');
    const sample = headerLine(CUT) + body + trailerLine(CUT, addTo(NO_TOTALS, 'PTS', ITEMS), sha256);
    if (process.env.SAMPLE === 'show') process.stdout.write(sample);
    expect(page).toContain(`\`${fileName(CUT)}\``);
    expect(page).toContain(`\`\`\`\n${sample}\`\`\``);
  });
});
