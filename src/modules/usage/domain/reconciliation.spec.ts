import { differencesOf, saidByFiles } from './reconciliation.js';

const OURS = { records: 10, feeFen: 200, minutes: 20, kb: 5 };

describe('holding both sides of a day against each other', () => {
  it('finds nothing where both say the same', () => {
    expect(differencesOf(OURS, OURS)).toEqual([]);
  });

  it('tells what is missing here from what is too much', () => {
    expect(differencesOf({ ...OURS, records: 11 }, OURS)).toEqual([
      { type: 'MISSING', measure: 'RECORDS', theirs: 11, ours: 10 },
    ]);
    expect(differencesOf({ ...OURS, records: 9 }, OURS)).toEqual([
      { type: 'EXTRA', measure: 'RECORDS', theirs: 9, ours: 10 },
    ]);
  });

  it('names each sum that differs, by a single fen, minute or KB', () => {
    expect(differencesOf({ records: 10, feeFen: 201, minutes: 19, kb: 6 }, OURS)).toEqual([
      { type: 'AMOUNT', measure: 'FEE_FEN', theirs: 201, ours: 200 },
      { type: 'AMOUNT', measure: 'MINUTES', theirs: 19, ours: 20 },
      { type: 'AMOUNT', measure: 'KB', theirs: 6, ours: 5 },
    ]);
  });

  it('is not even without a statement, even of nothing', () => {
    expect(differencesOf(undefined, { records: 0, feeFen: 0, minutes: 0, kb: 0 })).toEqual([
      { type: 'NO_STATEMENT', measure: 'RECORDS', theirs: undefined, ours: 0 },
    ]);
  });

  it('takes off what files said again, and then holds no sums against ours that nobody knows', () => {
    expect(saidByFiles(OURS, 0)).toEqual(OURS);
    expect(differencesOf(saidByFiles({ ...OURS, records: 12, feeFen: 999 }, 2), OURS)).toEqual([]);
  });
});
