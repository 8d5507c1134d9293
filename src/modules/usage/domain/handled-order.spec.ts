import { expectationOf, judgeOrder, type Comparison } from './handled-order.js';

const deadline = new Date('2026-02-03T00:00:00+08:00');
const before = new Date('2026-02-02T23:59:59.999+08:00');
const said = { status: 'ACTIVE', tariffCode: 'T59', packageFeeFen: 5_900, simKind: 'MAIN' };
const order = (changes: Partial<Comparison> = {}): Comparison => ({
  expected: { tariffCode: 'T128' },
  deadline,
  said,
  hasSpokenSince: true,
  isOvertaken: false,
  ...changes,
});
const difference = [{ field: 'tariffCode', expected: 'T128', actual: 'T59' }];

describe('[USG-06] what was handled, compared with what BOSS says', () => {
  it('matches when BOSS has said since then what was expected, and only then', () => {
    expect(judgeOrder(order({ expected: { tariffCode: 'T59' } }), before)).toEqual({
      verdict: 'MATCHED',
      differences: [],
    });
    // It was so before: that the order was carried out cannot be told yet.
    const silent = order({ expected: { tariffCode: 'T59' }, hasSpokenSince: false });
    expect(judgeOrder(silent, before).verdict).toBe('PENDING');
    expect(judgeOrder(silent, deadline)).toEqual({ verdict: 'MISSING', differences: [] });
  });

  it('is no difference before the deadline, and one from that moment on', () => {
    expect(judgeOrder(order(), before)).toEqual({ verdict: 'PENDING', differences: difference });
    expect(judgeOrder(order(), deadline)).toEqual({ verdict: 'DIFFERENT', differences: difference });
    expect(judgeOrder(order({ hasSpokenSince: false }), deadline)).toEqual({
      verdict: 'MISSING',
      differences: difference,
    });
  });

  it('names everything that differs, and what BOSS does not know', () => {
    expect(
      judgeOrder(
        order({ expected: { status: 'ACTIVE', simKind: 'DATA' }, said: undefined, hasSpokenSince: false }),
        deadline,
      ),
    ).toEqual({
      verdict: 'MISSING',
      differences: [
        { field: 'status', expected: 'ACTIVE', actual: null },
        { field: 'simKind', expected: 'DATA', actual: null },
      ],
    });
  });

  it('is overtaken by a later order about the same, unless BOSS says what it expected', () => {
    expect(judgeOrder(order({ isOvertaken: true }), before).verdict).toBe('OVERTAKEN');
    expect(judgeOrder(order({ isOvertaken: true, expected: { tariffCode: 'T59' } }), before).verdict).toBe('MATCHED');
  });

  it('a change of card is right as soon as BOSS tells of the number', () => {
    expect(judgeOrder(order({ expected: {} }), before).verdict).toBe('MATCHED');
    expect(judgeOrder(order({ expected: {}, hasSpokenSince: false }), deadline).verdict).toBe('MISSING');
  });

  it('says by itself what its type implies, and asks for what it does not', () => {
    expect(expectationOf('SUSPENSION', {})).toEqual({ status: 'SUSPENDED_TWO_WAY' });
    expect(expectationOf('SUSPENSION', { status: 'SUSPENDED_ONE_WAY' })).toEqual({ status: 'SUSPENDED_ONE_WAY' });
    expect(expectationOf('OPENING', { tariffCode: 'T59', simKind: undefined })).toEqual({
      status: 'ACTIVE',
      tariffCode: 'T59',
    });
    expect(expectationOf('SIM_CHANGE', {})).toEqual({});
    for (const type of ['TARIFF_CHANGE', 'ADD_ON'] as const) {
      expect(() => expectationOf(type, { status: 'ACTIVE' })).toThrow(
        expect.objectContaining({ code: 'usage.order-expects-nothing' }),
      );
    }
  });
});
