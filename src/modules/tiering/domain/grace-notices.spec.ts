import fc from 'fast-check';
import { graceNotices, type GraceNotice } from './events.js';
import { noticeDue, type Grace } from './grace-notices.js';
import { monthsLater } from './months.js';

const DAY_MS = 86_400_000;
const daysLater = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** What is told when the run comes on these days. */
function toldOn(grace: Grace, days: readonly string[]): { readonly day: string; readonly notice: GraceNotice }[] {
  let { notices } = grace;
  return days.flatMap((day) => {
    const notice = noticeDue({ ...grace, notices }, day);
    if (notice === undefined) return [];
    notices = graceNotices.indexOf(notice) + 1;
    return [{ day, notice }];
  });
}

const anyDay = fc.integer({ min: 0, max: 3_000 }).map((days) => daysLater('2023-01-01', days));
const anyGrace = fc
  .record({ begunOn: anyDay, months: fc.integer({ min: 1, max: 12 }) })
  .map(({ begunOn, months }): Grace => ({ begunOn, endsOn: monthsLater(begunOn, months), notices: 1 }));
const daysOf = ({ begunOn }: Grace): string[] => Array.from({ length: 400 }, (_, i) => daysLater(begunOn, i - 5));

describe('[TIER-11] notices of a coming downgrade', () => {
  it('come in the middle and ten days before the end', () => {
    const grace = { begunOn: '2026-02-01', endsOn: '2026-05-01', notices: 1 };
    expect(toldOn(grace, daysOf(grace))).toEqual([
      { day: '2026-03-17', notice: 'middle' },
      { day: '2026-04-21', notice: 'end' },
    ]);
  });

  it('come in one month too, also when it is the shortest', () => {
    const grace = { begunOn: '2027-01-31', endsOn: '2027-02-28', notices: 1 };
    expect(toldOn(grace, daysOf(grace))).toEqual([
      { day: '2027-02-14', notice: 'middle' },
      { day: '2027-02-18', notice: 'end' },
    ]);
  });

  it('come at last, and not both, to those whom the run did not reach in time', () => {
    const grace = { begunOn: '2026-02-01', endsOn: '2026-05-01', notices: 1 };
    expect(toldOn(grace, ['2026-04-30', '2026-04-30', '2026-05-01'])).toEqual([{ day: '2026-04-30', notice: 'end' }]);
    expect(toldOn(grace, ['2026-05-01', '2026-06-01'])).toEqual([]);
  });

  it('are one of each kind when the run comes every day, whatever the months', () => {
    fc.assert(
      fc.property(anyGrace, (grace) => {
        const [middle, end, ...others] = toldOn(grace, daysOf(grace));
        expect([middle?.notice, end?.notice, others.length]).toEqual(['middle', 'end', 0]);
        expect(end?.day).toBe(daysLater(grace.endsOn, -10));
      }),
    );
  });

  it('are never given twice nor out of order, in whichever order of days the run comes', () => {
    fc.assert(
      fc.property(anyGrace, fc.array(fc.integer({ min: -5, max: 380 }), { maxLength: 60 }), (grace, offsets) => {
        const days = offsets.map((offset) => daysLater(grace.begunOn, offset));
        const told = toldOn(grace, days);
        const places = told.map(({ notice }) => graceNotices.indexOf(notice));
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        for (const { day } of told) expect(day > grace.begunOn && day < grace.endsOn).toBe(true);
      }),
    );
  });
});
