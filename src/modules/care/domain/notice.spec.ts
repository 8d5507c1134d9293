import fc from 'fast-check';
import { afterReport, MAX_ATTEMPTS, wordsOf, type NoticeState, type SendingReport } from './notice.js';

describe('the words of a notice', () => {
  it('[TIER-06] name levels and day in both languages', () => {
    const template = { zh: '自{date}起由{oldLevel}升为{level},{level}', en: '{level} from {date}, not {oldLevel}' };
    expect(wordsOf(template, { level: 'GOLD', oldLevel: 'SILVER', date: '2026-02-01' })).toEqual({
      zh: '自2026年2月1日起由银卡升为金卡,金卡',
      en: 'gold from 2026-02-01, not silver',
    });
  });
});

describe('the report of a sender', () => {
  const queued = { state: 'queued' as NoticeState, attempts: 0, failureCode: null as string | null };
  const sent = (attempt: number): SendingReport => ({ attempt, result: 'sent', failureCode: null });
  const failed = (attempt: number): SendingReport => ({ attempt, result: 'failed', failureCode: 'BUSY' });

  it('sends it once, or gives up after so many attempts', () => {
    expect(afterReport(queued, sent(1))).toEqual({ state: 'sent', attempts: 1, failureCode: null });
    const once = afterReport(queued, failed(1));
    expect(once).toEqual({ state: 'queued', attempts: 1, failureCode: 'BUSY' });
    expect(afterReport({ ...queued, attempts: MAX_ATTEMPTS - 1 }, failed(MAX_ATTEMPTS))?.state).toBe('failed');
  });

  it('counts nothing twice, and nothing that cannot have been', () => {
    const once = { ...queued, attempts: 1 };
    expect(afterReport(once, failed(1))).toBe(once);
    expect(afterReport(once, failed(3))).toBeUndefined();
    const done = { ...queued, state: 'sent' as const, attempts: 1 };
    expect(afterReport(done, failed(1))).toBe(done);
    expect(afterReport(done, sent(2))).toBeUndefined();
  });

  it('may say late that it was sent after all', () => {
    const given = { ...queued, state: 'failed' as const, attempts: 3, failureCode: 'LATE' };
    expect(afterReport(given, sent(2))).toEqual({ state: 'sent', attempts: 3, failureCode: null });
  });

  it('leads, told twice, to the same as told once', () => {
    const seed = Date.now();
    const attempt = fc.integer({ min: 1, max: MAX_ATTEMPTS });
    const report = fc.oneof(attempt.map(sent), attempt.map(failed));
    const told = (reports: readonly SendingReport[]) =>
      reports.reduce((notice, each) => afterReport(notice, each) ?? notice, queued);
    try {
      fc.assert(
        fc.property(fc.array(report, { maxLength: 8 }), (reports) => {
          const each = reports.flatMap((one) => [one, one]);
          expect(told(each)).toEqual(told(reports));
          expect(told(reports).attempts).toBeLessThanOrEqual(MAX_ATTEMPTS);
        }),
        { seed },
      );
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  });
});
