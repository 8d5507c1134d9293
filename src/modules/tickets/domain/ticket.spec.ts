import fc from 'fast-check';
import { IllegalStatusChange, TicketHasEnded, LevelMissing, LongerThanPromised } from './refusals.js';
import { clockDueAt, dueAt, openSeconds } from './service-clock.js';
import { priorityOf, requireWithin, targetFor, type ServiceLevels } from './service-level.js';
import { isFinal, isOpen, nextStatuses, statuses, type Status } from './status.js';
import {
  assertMayChange,
  breachesOf,
  changeSeverity,
  changeStatus,
  openTicket,
  runningClocksOf,
  type Ticket,
} from './ticket.js';

const HOUR = 3600;
const T0 = new Date('2026-02-01T09:00:00+08:00');
const after = (hours: number): Date => new Date(T0.getTime() + hours * HOUR * 1000);
const due = (ticket: Ticket): Date => clockDueAt(ticket.resolution);
const aTicket = (): Ticket =>
  openTicket({
    now: T0,
    severity: 'Minor',
    serviceRank: 5,
    target: { firstAnswerSeconds: 2 * HOUR, solveSeconds: 24 * HOUR },
  });

describe('the status of a ticket', () => {
  const allowed: readonly (readonly [Status, readonly Status[]])[] = [
    ['acknowledged', ['inProgress', 'rejected', 'cancelled']],
    ['inProgress', ['pending', 'held', 'resolved', 'cancelled']],
    ['pending', ['inProgress', 'cancelled']],
    ['held', ['inProgress', 'cancelled']],
    ['resolved', ['closed', 'inProgress']],
    ['closed', []],
    ['cancelled', []],
    ['rejected', []],
  ];

  it.each(allowed)('from %s goes to %j and nowhere else', (from, to) => {
    const ticket: Ticket = { ...aTicket(), status: from };
    for (const next of statuses) {
      if (to.includes(next)) expect(changeStatus(ticket, next, after(1)).status).toBe(next);
      else expect(() => changeStatus(ticket, next, after(1))).toThrow(IllegalStatusChange);
    }
  });

  it('ends in three ways, after which nothing changes', () => {
    expect(statuses.filter(isFinal)).toEqual(['closed', 'cancelled', 'rejected']);
    expect(statuses.filter(isOpen)).toEqual(['acknowledged', 'inProgress', 'pending', 'held']);
    for (const status of statuses.filter(isFinal)) expect(() => assertMayChange({ status })).toThrow(TicketHasEnded);
  });

  it('[TKT-03] whatever happens, clocks, cycles and status tell one story', () => {
    const steps = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 500_000 })), { maxLength: 30 });
    fc.assert(
      fc.property(steps, (path) => {
        let ticket = aTicket();
        let now = T0;
        let pausedSeconds = 0;
        for (const [choice, seconds] of path) {
          const next = nextStatuses(ticket.status);
          const to = next[choice % Math.max(1, next.length)];
          if (!to) break;
          now = new Date(now.getTime() + seconds * 1000);
          const reopens = ticket.status === 'resolved' && to === 'inProgress';
          pausedSeconds = reopens ? 0 : ticket.status === 'pending' ? pausedSeconds + seconds : pausedSeconds;
          const before = ticket;
          ticket = changeStatus(ticket, to, now);
          expect(ticket.cycle).toBe(before.cycle + (reopens ? 1 : 0));
          expect(ticket.resolution.pausedSince !== undefined).toBe(ticket.status === 'pending');
          expect(ticket.resolution.stoppedAt === undefined).toBe(isOpen(ticket.status));
          expect(ticket.firstAnswer.stoppedAt).toEqual(before.firstAnswer.stoppedAt ?? now);
          expect(ticket.resolution.pausedSeconds).toBe(pausedSeconds);
          expect(runningClocksOf(ticket)).toEqual(
            isOpen(ticket.status) && ticket.status !== 'pending' ? ['resolution'] : [],
          );
        }
      }),
      { verbose: true },
    );
  });
});

describe('the due time', () => {
  it('counts every hour, day and night', () => {
    expect(dueAt({ openedAt: T0, targetSeconds: 36 * HOUR })).toEqual(after(36));
    expect(openSeconds({ from: after(2), to: T0 })).toBe(0);
  });

  it('moves by the time spent waiting for the customer, and stays while we hold the ticket', () => {
    const waiting = changeStatus(changeStatus(aTicket(), 'inProgress', after(1)), 'pending', after(2));
    const again = changeStatus(waiting, 'inProgress', after(12));
    expect(due(again)).toEqual(after(34));
    const held = changeStatus(changeStatus(again, 'held', after(13)), 'inProgress', after(20));
    expect(due(held)).toEqual(after(34));
  });

  it('is the same however a pause is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 8 }), (pieces) => {
        let ticket = changeStatus(aTicket(), 'inProgress', T0);
        let seconds = 0;
        for (const piece of pieces) {
          const from = new Date(T0.getTime() + seconds * 1000);
          seconds += piece;
          ticket = changeStatus(ticket, 'pending', from);
          ticket = changeStatus(ticket, 'inProgress', new Date(T0.getTime() + seconds * 1000));
        }
        expect(due(ticket)).toEqual(new Date(after(24).getTime() + seconds * 1000));
      }),
      { verbose: true },
    );
  });

  it('cannot pass while the clock stands', () => {
    const waiting = changeStatus(changeStatus(aTicket(), 'inProgress', after(1)), 'pending', after(23));
    expect(breachesOf(waiting, after(500))).toEqual([]);
    const again = changeStatus(waiting, 'inProgress', after(500));
    expect(breachesOf(again, after(501))).toEqual([]);
    expect(breachesOf(again, new Date(after(501).getTime() + 1))).toEqual(['resolution']);
  });

  it('that has passed is remembered when the ticket is solved too late', () => {
    const late = changeStatus(changeStatus(aTicket(), 'inProgress', after(3)), 'resolved', after(25));
    expect(breachesOf(late, after(1000))).toEqual(['firstAnswer', 'resolution']);
    const inTime = changeStatus(changeStatus(aTicket(), 'inProgress', after(2)), 'resolved', after(24));
    expect(breachesOf(inTime, after(1000))).toEqual([]);
  });

  it('starts anew when the ticket is reopened; the first answer stays given', () => {
    const solved = changeStatus(changeStatus(aTicket(), 'inProgress', after(1)), 'resolved', after(5));
    const reopened = changeStatus(solved, 'inProgress', after(50));
    expect(due(reopened)).toEqual(after(74));
    expect(reopened.cycle).toBe(2);
    expect(reopened.firstAnswer.stoppedAt).toEqual(after(1));
  });

  it('follows a change of severity, from the same start and with the same pauses', () => {
    const waited = changeStatus(
      changeStatus(changeStatus(aTicket(), 'inProgress', after(1)), 'pending', after(2)),
      'inProgress',
      after(5),
    );
    const worse = changeSeverity(waited, 'Critical', { firstAnswerSeconds: HOUR, solveSeconds: 12 * HOUR });
    expect(due(worse)).toEqual(after(15));
    expect(worse.priority).toBe('Critical');
    expect(worse.firstAnswer).toEqual(waited.firstAnswer);
  });
});

describe('what is promised to a level', () => {
  const levels: ServiceLevels = {
    version: 1,
    region: undefined,
    effectiveFrom: new Date('2020-01-01T00:00:00+08:00'),
    targets: {
      DIAMOND: { firstAnswerSeconds: 2 * HOUR, solveSeconds: 24 * HOUR },
      ORDINARY: { firstAnswerSeconds: 24 * HOUR, solveSeconds: 72 * HOUR },
    },
    severityPercent: { critical: 50 },
  };

  it('[PLT-10] may be less time in a province, never more, and of every level', () => {
    const own = (solveSeconds: number) => ({
      severityPercent: {},
      targets: { ...levels.targets, DIAMOND: { firstAnswerSeconds: HOUR, solveSeconds } },
    });
    expect(() => requireWithin(levels, own(12 * HOUR))).not.toThrow();
    expect(() => requireWithin(levels, own(24 * HOUR))).not.toThrow();
    expect(() => requireWithin(levels, own(24 * HOUR + 1))).toThrow(LongerThanPromised);
    const { DIAMOND } = levels.targets;
    expect(() => requireWithin(levels, { severityPercent: {}, targets: DIAMOND ? { DIAMOND } : {} })).toThrow(
      LevelMissing,
    );
  });

  it('is shortened by the severity, however it is written', () => {
    expect(targetFor(levels, 'DIAMOND', 'CRITICAL')).toEqual({ firstAnswerSeconds: HOUR, solveSeconds: 12 * HOUR });
    expect(targetFor(levels, 'DIAMOND', 'constructor').solveSeconds).toBe(24 * HOUR);
  });

  it('is that of ordinary customers when a level has none of its own', () => {
    expect(targetFor(levels, 'BRONZE', 'Minor')).toEqual(levels.targets['ORDINARY']);
  });

  it.each([
    [5, 'Critical', 'Critical'],
    [5, 'Minor', 'High'],
    [3, 'critical', 'Critical'],
    [3, 'Minor', 'Medium'],
    [0, 'Critical', 'Medium'],
    [0, 'Minor', 'Low'],
  ])('[TKT-07] rank %i and severity %s make priority %s', (serviceRank, severity, priority) => {
    expect(priorityOf({ serviceRank, severity })).toBe(priority);
  });
});
