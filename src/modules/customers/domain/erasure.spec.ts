import { erasureStanding, type Remembered } from './erasure.js';

const left: Remembered = { status: 'terminated', keptUntil: '2026-02-01', isErased: false };

describe('erasing a customer', () => {
  it('[CUS-36] waits for the end of the term after the last service', () => {
    expect(erasureStanding(left, '2026-01-31')).toBe('kept');
    expect(erasureStanding(left, '2026-02-01')).toBe('kept');
    expect(erasureStanding(left, '2026-02-02')).toBe('due');
  });

  it.each(['active', 'suspended'] as const)('is out of the question while %s', (status) => {
    expect(erasureStanding({ status, keptUntil: undefined, isErased: false }, '2030-01-01')).toBe('served');
  });

  it('waits for nothing when there never was service', () => {
    expect(erasureStanding({ status: 'initialized', keptUntil: undefined, isErased: false }, '2026-01-01')).toBe('due');
  });

  it('happens once', () => {
    expect(erasureStanding({ ...left, isErased: true }, '2030-01-01')).toBe('erased');
  });
});
