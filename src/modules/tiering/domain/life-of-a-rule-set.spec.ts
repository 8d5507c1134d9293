import { activation, requireApprovable, rollBack, type Period, type Preview, type Turn } from './life-of-a-rule-set.js';
import { gotone2026 } from './gotone-2026.js';
import type { RuleSet } from './rule-set.js';

const FOREVER = '9999-12-31';
const today = '2026-02-10';

const period = (version: string, from: string, until = FOREVER, more: Partial<Period> = {}): Period => ({
  periodId: `${version} from ${from}`,
  version,
  regions: null,
  from,
  until,
  endReason: null,
  ...more,
});
const shipped = period('A', '2020-01-01');
const approved = (version: string, effectiveFrom = '2026-01-01', effectiveUntil = FOREVER) =>
  ({ version, status: 'approved', effectiveFrom, effectiveUntil }) as const;

describe('activating a version', () => {
  it('cuts what decides on that day, and decides from then on', () => {
    expect(activation({ ruleSet: approved('B'), periods: [shipped], effectiveFrom: '2026-03-01', today })).toEqual({
      ends: [{ periodId: shipped.periodId, until: '2026-03-01', endReason: 'superseded' }],
      begins: { version: 'B', regions: null, from: '2026-03-01', until: FOREVER },
    });
  });

  it('begins today, or on the first day that it is meant for', () => {
    const begins = (effectiveFrom: string) =>
      activation({ ruleSet: approved('B', effectiveFrom), periods: [shipped], today })?.begins?.from;
    expect([begins('2026-01-01'), begins('2026-05-01')]).toEqual([today, '2026-05-01']);
  });

  it('on trial leaves what decides everywhere as it is, and goes on with other provinces', () => {
    const trial = activation({ ruleSet: approved('B'), periods: [shipped], regions: ['440000', '330000'], today });
    expect(trial).toEqual({
      ends: [],
      begins: { version: 'B', regions: ['330000', '440000'], from: today, until: FOREVER },
    });
    const running = period('B', '2026-02-01', FOREVER, { regions: ['440000'] });
    const wider = { ruleSet: { ...approved('B'), status: 'active' } as const, periods: [shipped, running], today };
    expect(activation({ ...wider, regions: ['440000', '110000'] })).toEqual({
      ends: [{ periodId: running.periodId, until: today, endReason: 'regions-changed' }],
      begins: { version: 'B', regions: ['110000', '440000'], from: today, until: FOREVER },
    });
    expect(activation(wider)).toEqual({
      ends: [
        { periodId: shipped.periodId, until: today, endReason: 'superseded' },
        { periodId: running.periodId, until: today, endReason: 'everywhere' },
      ],
      begins: { version: 'B', regions: null, from: today, until: FOREVER },
    });
  });

  it('twice is harmless', () => {
    const running = period('B', '2026-02-01');
    const active = { ...approved('B'), status: 'active' } as const;
    expect(activation({ ruleSet: active, periods: [running], today })).toBeUndefined();
    expect(activation({ ruleSet: active, periods: [running], effectiveFrom: '2026-02-01', today })).toBeUndefined();
    const trial = period('B', '2026-02-01', FOREVER, { regions: ['440000'] });
    expect(activation({ ruleSet: active, periods: [shipped, trial], regions: ['440000'], today })).toBeUndefined();
  });

  it.each<[string, Parameters<typeof activation>[0], { readonly code: string; readonly facts?: object }]>([
    [
      'from a past day',
      { ruleSet: approved('B'), periods: [shipped], effectiveFrom: '2026-02-09', today },
      { code: 'tiering.rule-set-from-the-past', facts: { expected: `a day from ${today}` } },
    ],
    [
      'from a day that it is not meant for',
      { ruleSet: approved('B', '2026-03-01'), periods: [shipped], effectiveFrom: '2026-02-20', today },
      { code: 'tiering.rule-set-outside-its-days', facts: { actual: '2026-02-20' } },
    ],
    [
      'over a version that is to begin',
      { ruleSet: approved('C'), periods: [period('A', '2020-01-01', '2026-04-01'), period('B', '2026-04-01')], today },
      { code: 'tiering.rule-sets-overlap', facts: { version: 'B', from: '2026-04-01', until: FOREVER } },
    ],
    [
      'on the day on which another one has begun',
      { ruleSet: approved('C'), periods: [period('A', '2020-01-01', today), period('B', today)], today },
      { code: 'tiering.rule-sets-overlap', facts: { version: 'B', from: today } },
    ],
    [
      'so that nothing decides after its last day',
      { ruleSet: approved('B', '2026-01-01', '2027-01-01'), periods: [shipped], today },
      { code: 'tiering.days-without-rule-set', facts: { from: '2027-01-01', until: FOREVER } },
    ],
    [
      'so that nothing decides before it',
      {
        ruleSet: approved('B', '2026-01-01'),
        periods: [period('A', '2020-01-01', '2026-03-01')],
        effectiveFrom: '2026-04-01',
        today,
      },
      { code: 'tiering.days-without-rule-set', facts: { from: '2026-03-01', until: '2026-04-01' } },
    ],
    [
      'on trial beside another trial',
      {
        ruleSet: approved('C'),
        periods: [shipped, period('B', '2026-02-01', FOREVER, { regions: ['440000'] })],
        regions: ['110000'],
        today,
      },
      { code: 'tiering.rule-sets-overlap', facts: { version: 'B' } },
    ],
    [
      'on trial where nothing decides',
      { ruleSet: approved('B'), periods: [], regions: ['440000'], today },
      { code: 'tiering.no-rule-set' },
    ],
    [
      'unseen',
      { ruleSet: { ...approved('B'), status: 'simulated' }, periods: [shipped], today },
      { code: 'tiering.rule-set-status', facts: { status: 'simulated', expected: ['approved'] } },
    ],
  ])('is refused %s', (_, wanted, { code, facts = {} }) => {
    const refusal = { code, facts: expect.objectContaining(facts) };
    expect(() => activation(wanted)).toThrow(expect.objectContaining(refusal));
  });

  it('fits between two versions to the day', () => {
    const periods = [period('A', '2020-01-01', '2026-04-01'), period('B', '2026-04-01')];
    expect(activation({ ruleSet: approved('C', '2026-03-01', '2026-04-01'), periods, today })?.begins).toEqual({
      version: 'C', regions: null, from: '2026-03-01', until: '2026-04-01',
    }); // prettier-ignore
  });
});

describe('rolling a version back', () => {
  const meant = () => ({ from: '2020-01-01', until: FOREVER });

  it('lets the version before decide again from today', () => {
    const periods = [period('A', '2020-01-01', '2026-02-01'), period('B', '2026-02-01')];
    expect(rollBack({ version: 'B', periods, meant, today })).toEqual<Turn>({
      ends: [{ periodId: 'B from 2026-02-01', until: today, endReason: 'rolled-back' }],
      begins: { version: 'A', regions: null, from: today, until: FOREVER },
    });
  });

  it('leaves no day of a version that has not begun', () => {
    const periods = [period('A', '2020-01-01', '2026-04-01'), period('B', '2026-04-01')];
    expect(rollBack({ version: 'B', periods, meant, today })).toEqual<Turn>({
      ends: [{ periodId: 'B from 2026-04-01', until: '2026-04-01', endReason: 'rolled-back' }],
      resumes: { periodId: 'A from 2020-01-01', version: 'A', until: FOREVER },
    });
  });

  it('passes over what was rolled back itself', () => {
    const periods = [
      period('A', '2020-01-01', '2026-01-01'),
      period('B', '2026-01-01', '2026-01-20'),
      period('C', '2026-01-20', '2026-02-01', { endReason: 'rolled-back' }),
      period('B', '2026-02-01'),
    ];
    expect(rollBack({ version: 'B', periods, meant, today }).begins?.version).toBe('A');
  });

  it('ends a trial and nothing else', () => {
    const trial = period('B', '2026-02-01', FOREVER, { regions: ['440000'] });
    expect(rollBack({ version: 'B', periods: [shipped, trial], meant, today })).toEqual<Turn>({
      ends: [{ periodId: trial.periodId, until: today, endReason: 'rolled-back' }],
    });
  });

  it('is refused where nothing decides, and where nothing has decided before', () => {
    const past = [period('B', '2020-01-01', '2026-01-01'), period('C', '2026-01-01')];
    expect(() => rollBack({ version: 'B', periods: past, meant, today })).toThrow('decides nowhere');
    expect(() => rollBack({ version: 'A', periods: [shipped], meant, today })).toThrow('No version before');
  });
});

describe('approving a version', () => {
  const now = new Date('2026-02-10T09:00:00+08:00');
  const ruleSet: RuleSet = {
    program: 'GOTONE', kind: 'tier', scale: [], version: 'B', status: 'simulated', effectiveFrom: '2026-01-01',
    effectiveUntil: FOREVER, body: gotone2026, checksum: 'c1', author: 'author', approver: undefined, previewRunId: undefined,
  }; // prettier-ignore
  const preview: Preview = {
    kind: 'tiering.preview',
    status: 'completed',
    ruleVersion: 'B',
    ruleSetChecksum: 'c1',
    finishedAt: new Date('2026-01-11T09:00:00+08:00'),
  };

  it('needs a preview of these rules that is not older than thirty days', () => {
    expect(() => requireApprovable({ ruleSet, checksum: 'c1', preview, now })).not.toThrow();
  });

  it.each<[string, Partial<Preview> | undefined, string]>([
    ['no preview', undefined, 'a preview of this rule set'],
    ['another run', { kind: 'tiering.review' }, 'a preview of this rule set'],
    ['a preview of another version', { ruleVersion: 'A' }, 'a preview of this rule set'],
    ['one under way', { status: 'running', finishedAt: undefined }, 'a preview that is completed'],
    ['one of other rules', { ruleSetChecksum: 'c0' }, 'a preview of the rules as they are'],
    ['one of 31 days ago', { finishedAt: new Date('2026-01-10T09:00:00+08:00') }, 'a preview of the last 30 days'],
  ])('is refused upon %s', (_, changes, expected) => {
    const shown = changes && { ...preview, ...changes };
    expect(() => requireApprovable({ ruleSet, checksum: 'c1', preview: shown, now })).toThrow(expected);
  });

  it('is refused for rules that were not read, and for a draft', () => {
    expect(() => requireApprovable({ ruleSet, checksum: 'c0', preview, now })).toThrow('no longer what you have read');
    const draft = { ...ruleSet, status: 'draft' } as const;
    expect(() => requireApprovable({ ruleSet: draft, checksum: 'c1', preview, now })).toThrow('is draft');
  });
});
