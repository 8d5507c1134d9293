import { acceptDocument, contradictions, realNameStatus, type DocumentKind } from './identity-document.js';
import { DocumentNumberRefused, DocumentTooNewOrOld } from './refusals.js';

const TODAY = '2026-02-01';
const NUMBER = '11010519491231002X';
const idCard: DocumentKind = {
  code: 'ID_CARD',
  nameEn: 'Resident identity card',
  nameZh: '居民身份证',
  pattern: '^\\d{17}[\\dX]$',
  patternMeans: '17 digits and a digit or X',
  isResidentNumber: true,
  acceptedFrom: undefined,
  acceptedUntil: undefined,
  ruleSource: 'GB 11643-1999',
};

describe('[CUS-08] a document of real-name registration (实名登记)', () => {
  it('is kept in its normal form', () => {
    expect(acceptDocument(idCard, ' 110105 19491231 002x', TODAY)).toEqual({ kind: 'ID_CARD', number: NUMBER });
  });

  it('is refused with the field and what would be right, never with the number', () => {
    for (const text of ['110105194912310021', '110105194913310021', '', 'x'.repeat(2000)]) {
      const refusal = refusalOf(() => acceptDocument(idCard, text, TODAY));
      expect(refusal).toBeInstanceOf(DocumentNumberRefused);
      expect(refusal.facts).toMatchObject({ field: 'documentNumber', expected: expect.stringMatching(/./) });
      if (text !== '') expect(JSON.stringify([refusal.message, refusal.facts])).not.toContain(text);
    }
  });

  it('is refused outside the time of its kind', () => {
    const old = { ...idCard, acceptedUntil: '2012-12-31' };
    expect(acceptDocument(old, NUMBER, '2012-12-31').number).toBe(NUMBER);
    expect(() => acceptDocument(old, NUMBER, '2013-01-01')).toThrow(DocumentTooNewOrOld);
    expect(() => acceptDocument({ ...idCard, acceptedFrom: '2018-09-01' }, NUMBER, '2018-08-31')).toThrow(
      /from 2018-09-01$/,
    );
  });
});

describe('[CUS-08] a document beside what is known', () => {
  const document = { kind: 'ID_CARD', number: NUMBER, isResidentNumber: true, name: '张 小明' };

  it('contradicts nothing when nothing is known, or the same', () => {
    expect(contradictions(document, {}, TODAY)).toEqual([]);
    const known = {
      name: '张小明',
      idType: 'id_card',
      idNumber: '110105 491231 002',
      birthDate: '1949-12-31',
      sex: 'female',
    };
    expect(contradictions(document, known, TODAY)).toEqual([]);
    expect(contradictions({ ...document, name: '买买提·吐尔逊' }, { name: '买买提•吐尔逊' }, TODAY)).toEqual([]);
  });

  it('is told apart from another person’s', () => {
    const other = {
      name: '张大明',
      idType: 'ID_CARD',
      idNumber: '440524198001010013',
      birthDate: '1980-01-01',
      sex: 'male',
    };
    expect(contradictions(document, other, TODAY)).toEqual([
      'name-differs',
      'document-differs',
      'birth-date-differs',
      'sex-differs',
    ]);
  });

  it('may be of another kind than the one that is known', () => {
    expect(contradictions(document, { idType: 'PASSPORT', idNumber: 'E12345678' }, TODAY)).toEqual([]);
    const passport = { kind: 'PASSPORT', number: 'E12345678', isResidentNumber: false };
    expect(contradictions(passport, { idType: 'PASSPORT', idNumber: 'E12345679', sex: 'male' }, TODAY)).toEqual([
      'document-differs',
    ]);
  });
});

describe('the status of real-name registration', () => {
  it.each([
    [undefined, false, 'PENDING'],
    [undefined, true, 'VERIFIED'],
    ['VERIFIED', false, 'VERIFIED'],
    ['FAILED', true, 'FAILED'],
  ] as const)('found %s, billing says %s: %s', (found, billing, status) =>
    expect(realNameStatus(found, billing)).toBe(status),
  );
});

function refusalOf(work: () => unknown): DocumentNumberRefused {
  try {
    work();
  } catch (refusal) {
    return refusal as DocumentNumberRefused;
  }
  throw new Error('was not refused');
}
