import { changedAction, daysLater, turnOf, type StandardAction } from './standard-action.js';

const call: StandardAction = {
  actionId: 'a',
  tier: 'GOLD',
  customerKind: 'individual',
  code: 'CALL',
  label: { en: 'Call', zh: '电话' },
  content: 'Call',
  everyMonths: 3,
  onEvent: null,
  dueWithinDays: 92,
  effectiveFrom: '2026-03-01',
  effectiveUntil: '9999-12-31',
  author: 'one',
  createdAt: new Date(0),
};

describe('the turn of a standard action', () => {
  it.each([
    [1, '2026-02-15', '2026-02-01', '2026-02-28'],
    [2, '2026-02-15', '2026-01-01', '2026-02-28'],
    [3, '2026-12-31', '2026-10-01', '2026-12-31'],
    [6, '2028-02-29', '2028-01-01', '2028-06-30'],
    [12, '2026-01-01', '2026-01-01', '2026-12-31'],
  ])('[AM-14] every %i months, on %s, is of the period from %s, due by %s', (everyMonths, day, occasion, dueOn) => {
    expect(turnOf({ everyMonths, dueWithinDays: 400 }, day)).toEqual({ occasion, dueOn });
  });

  it('[AM-14] is due in so many days where the period leaves them', () => {
    expect(turnOf({ everyMonths: 3, dueWithinDays: 10 }, '2026-01-05').dueOn).toBe('2026-01-15');
    expect(turnOf({ everyMonths: 3, dueWithinDays: 10 }, '2026-03-25').dueOn).toBe('2026-03-31');
    expect(daysLater('2026-02-28', 1)).toBe('2026-03-01');
  });
});

describe('changing a standard action', () => {
  it('[TIER-09] changes what is still to come', () => {
    expect(changedAction(call, { everyMonths: 1, content: 'Ask' }, '2026-02-28')).toEqual({
      ...call,
      everyMonths: 1,
      content: 'Ask',
    });
  });

  it('[TIER-09] only ends what has begun, and on no day that has passed', () => {
    expect(changedAction(call, { content: 'Ask' }, '2026-03-01')).toBe('in-effect');
    expect(changedAction(call, { effectiveUntil: '2026-03-01' }, '2026-03-01')).toMatchObject({
      effectiveUntil: '2026-03-01',
    });
    expect(changedAction(call, { effectiveUntil: '2026-04-01' }, '2026-04-02')).toBe('days');
    expect(
      changedAction({ ...call, effectiveUntil: '2026-05-01' }, { effectiveUntil: '2026-05-02' }, '2026-03-02'),
    ).toBe('days');
  });

  it('[TIER-09] makes no period of an event', () => {
    expect(
      changedAction({ ...call, everyMonths: null, onEvent: 'level-raised' }, { everyMonths: 1 }, '2026-01-01'),
    ).toBe('occasion');
    expect(changedAction(call, { everyMonths: 5 }, '2026-01-01')).toBe('occasion');
  });
});
