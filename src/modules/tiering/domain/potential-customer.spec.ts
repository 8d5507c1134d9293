import { potential2026 } from './potential-2026.js';
import { changes, daysLater, percentOf, restsUntil, statusOn, termsOf } from './potential-customer.js';
import { CandidacyOver } from './refusals-of-potential.js';
import { freeMovement, type Grant, type RuleSetBody } from './rule-set.js';

const aGrant = (code: string, value: number): Grant => ({ code, label: { en: code, zh: code }, unit: 'none', value });
const bodyGranting = (...grants: readonly Grant[]): RuleSetBody => ({
  ...potential2026,
  levels: potential2026.levels.map((level) => (level.tier === 'STRONG' ? { ...level, grants } : level)),
});

describe('the terms of a candidacy', () => {
  it('[CUS-21] are 30 days to answer, three months on trial and six of rest unless the rules say otherwise', () => {
    expect(termsOf(potential2026, 'LIKELY')).toMatchObject({
      lapsesAfterDays: 30,
      trialMonths: 3,
      restMonths: 6,
      trial: [{ code: 'PRIORITY_QUEUE', value: 1 }],
    });
    const lounge = aGrant('LOUNGE_VISITS', 2);
    const body = bodyGranting(aGrant('LAPSE_DAYS', 10), aGrant('TRIAL_MONTHS', 1), lounge);
    const movement = { ...freeMovement, coolDownMonths: 2 };
    expect(termsOf({ ...body, movement }, 'STRONG')).toEqual({
      lapsesAfterDays: 10,
      trialMonths: 1,
      restMonths: 2,
      trial: [lounge],
    });
  });

  it('[CUS-21] let a confirmed customer rest for the trial and a rejected one for longer', () => {
    const terms = termsOf(potential2026, 'LIKELY');
    expect(restsUntil(terms, 'confirmed', '2025-11-30')).toBe('2026-02-28');
    expect(restsUntil(terms, 'rejected', '2025-11-30')).toBe('2026-05-30');
    expect(daysLater('2026-02-06', 30)).toBe('2026-03-08');
  });
});

describe('the status of a candidacy', () => {
  const candidate = { status: 'candidate', lapsesOn: '2026-03-08' } as const;

  it('[CUS-21] lapses on its day', () => {
    expect(statusOn(candidate, '2026-03-07')).toBe('candidate');
    expect(statusOn(candidate, '2026-03-08')).toBe('lapsed');
    expect(statusOn({ ...candidate, status: 'confirmed' }, '2026-03-08')).toBe('confirmed');
  });

  it('[CUS-21] is changed by the first who answers; the same answer again changes nothing', () => {
    expect(changes(candidate, 'confirmed', '2026-03-07')).toBe(true);
    expect(changes({ ...candidate, status: 'confirmed' }, 'confirmed', '2026-04-01')).toBe(false);
    expect(() => changes({ ...candidate, status: 'confirmed' }, 'rejected', '2026-03-01')).toThrow(CandidacyOver);
    expect(() => changes(candidate, 'confirmed', '2026-03-08')).toThrow(CandidacyOver);
  });
});

it('[CUS-20] precision is told once somebody can be judged', () => {
  expect(percentOf({ judged: 0, holdLevel: 0 })).toBeNull();
  expect(percentOf({ judged: 3, holdLevel: 2 })).toBe(66);
});
