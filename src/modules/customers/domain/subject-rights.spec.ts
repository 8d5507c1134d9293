import {
  CopyExpired,
  CopyFetchedOften,
  CopyNotReady,
  NotYourCopy,
  SubjectRequestClosed,
} from './refusals-of-subject-rights.js';
import { COPY_MAY_BE_FETCHED, exportStatusAt, requireFetchable, type SubjectExportStatus } from './subject-export.js';
import { dueOn, requireOpen } from './subject-request.js';

describe('a request about the own data', () => {
  it.each([
    ['2026-02-02', '2026-02-23', 'a Monday'],
    ['2026-02-06', '2026-02-27', 'a Friday'],
    ['2026-02-07', '2026-02-27', 'a Saturday'],
    ['2026-02-08', '2026-02-27', 'a Sunday'],
    ['2025-12-25', '2026-01-15', 'across the year'],
  ])('received on %s is answered by %s (%s)', (received, due) => {
    expect(dueOn(received)).toBe(due);
  });

  it('is answered once', () => {
    requireOpen({ status: 'open' });
    expect(() => requireOpen({ status: 'refused' })).toThrow(SubjectRequestClosed);
  });
});

describe('a copy of the own data', () => {
  const [lapsesAt, expiresAt] = [new Date('2026-02-04T00:00:00Z'), new Date('2026-02-10T00:00:00Z')];
  const justBefore = (instant: Date): Date => new Date(instant.getTime() - 1);
  const copy = { status: 'ready' as SubjectExportStatus, askedBy: 'me', lapsesAt, expiresAt, downloads: 0 };

  it('is fetched by whoever asked for it, until it is no longer kept, a few times', () => {
    requireFetchable(copy, 'me', justBefore(expiresAt));
    requireFetchable({ ...copy, downloads: COPY_MAY_BE_FETCHED - 1 }, 'me', justBefore(expiresAt));
    expect(() => requireFetchable(copy, 'somebody else', justBefore(expiresAt))).toThrow(NotYourCopy);
    expect(() => requireFetchable(copy, 'me', expiresAt)).toThrow(CopyExpired);
    const often = { ...copy, downloads: COPY_MAY_BE_FETCHED };
    expect(() => requireFetchable(often, 'me', justBefore(expiresAt))).toThrow(CopyFetchedOften);
  });

  it('is nothing to fetch before it is ready', () => {
    for (const status of ['awaiting-approval', 'preparing', 'refused', 'withdrawn'] as const) {
      expect(() => requireFetchable({ ...copy, status }, 'me', justBefore(lapsesAt))).toThrow(CopyNotReady);
    }
  });

  it('lapses when nobody approves it in time', () => {
    const asked = { ...copy, status: 'awaiting-approval' as const, expiresAt: undefined };
    expect(exportStatusAt(asked, justBefore(lapsesAt))).toBe('awaiting-approval');
    expect(exportStatusAt(asked, lapsesAt)).toBe('lapsed');
    expect(exportStatusAt({ ...asked, status: 'preparing' }, lapsesAt)).toBe('preparing');
  });
});
