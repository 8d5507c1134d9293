import fc from 'fast-check';
import {
  checkCharacterOf,
  factsOfResidentNumber,
  mistakeInResidentNumber,
  normaliseDocumentNumber,
  residentNumberOfLegacy,
} from './identity-document.js';

const TODAY = '2026-02-01';
const problemOf = (number: string): string | undefined => mistakeInResidentNumber(number, TODAY)?.problem;

const digits = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }).map((each) => each.join(''));
const birthDays = fc
  .integer({ min: Date.UTC(1900, 0, 1) / 86_400_000, max: Date.UTC(2026, 0, 31) / 86_400_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10).replaceAll('-', ''));
/** Synthetic: county codes `pp0099` were never assigned. */
const residentNumbers = fc
  .tuple(fc.constantFrom('11', '31', '44', '50', '65', '83'), birthDays, digits(3))
  .map(([province, birth, serial]) => `${province}0099${birth}${serial}`)
  .map((body) => body + checkCharacterOf(body));

describe('[CUS-08] a resident number (公民身份号码)', () => {
  it.each(['11010519491231002X', '440524188001010014'])('has the check digit of the published example %s', (number) =>
    expect(checkCharacterOf(number)).toBe(number.slice(17)),
  );

  it('is right when all of it is, and its holder may still live', () => {
    expect(problemOf('11010519491231002X')).toBeUndefined();
    expect(problemOf('440524188001010014')).toBe('birth-date');
  });

  it('is taken as people write it', () => {
    expect(normaliseDocumentNumber(' 110105 19491231 002x ')).toBe('11010519491231002X');
    expect(normaliseDocumentNumber('１１０１０５１９４９１２３１００２ｘ')).toBe('11010519491231002X');
  });

  it.each([
    ['', 'length'],
    ['11010519491231002', 'length'],
    ['11010519491231002X0', 'length'],
    ['1101051949123100XX', 'characters'],
    ['X1010519491231002X', 'characters'],
    ['11010519491231002x', 'characters'],
    ['11010519491231002Y', 'characters'],
    ['16010519491231002X', 'province'],
    ['00010519491231002X', 'province'],
    ['84010519491231002X', 'province'],
    ['110105194902290021', 'birth-date'],
    ['110105194913010021', 'birth-date'],
    ['110105000000000021', 'birth-date'],
    ['110105202602020021', 'birth-date'],
    ['110105189601310021', 'birth-date'],
    ['110105194912310021', 'check-digit'],
  ])('is refused as %s: %s', (number, problem) => expect(problemOf(number)).toBe(problem));

  it('may be of somebody who turns 130 today, or was born today', () => {
    for (const birth of ['18960201', '20260201']) {
      const body = `440099${birth}001`;
      expect(problemOf(body + checkCharacterOf(body))).toBeUndefined();
    }
    expect(mistakeInResidentNumber('110105200002290029', '2130-02-28')?.problem).not.toBe('birth-date');
  });

  it('never repeats what was typed', () => {
    fc.assert(
      fc.property(fc.oneof(digits(18), digits(17), digits(25), fc.string({ maxLength: 40 })), (text) => {
        const mistake = mistakeInResidentNumber(normaliseDocumentNumber(text), TODAY);
        if (text.length >= 17 && mistake) expect(JSON.stringify(mistake)).not.toContain(text);
      }),
    );
  });

  it('shows every single wrong digit and every swap of neighbours', () => {
    fc.assert(
      fc.property(residentNumbers, (number) => {
        expect(problemOf(number)).toBeUndefined();
        for (let i = 0; i < 18; i++) {
          for (const other of i === 17 ? '0123456789X' : '0123456789') {
            if (other === number[i]) continue;
            expect(problemOf(number.slice(0, i) + other + number.slice(i + 1))).toBeDefined();
          }
          const [a = '', b = ''] = [number[i], number[i + 1]];
          if (b === '' || a === b) continue;
          expect(problemOf(number.slice(0, i) + b + a + number.slice(i + 2))).toBeDefined();
        }
      }),
    );
  });

  it('does not show a swap of digits that stand ten places apart: their weights are the same', () => {
    const number = '440099197702100017';
    const right = number.slice(0, 17) + checkCharacterOf(number);
    const swapped = [...right];
    [swapped[5], swapped[15]] = [right[15] ?? '', right[5] ?? ''];
    expect(swapped.join('')).not.toBe(right);
    expect([problemOf(right), problemOf(swapped.join(''))]).toEqual([undefined, undefined]);
  });

  it('tells birthday and sex, to check what somebody says', () => {
    expect(factsOfResidentNumber('11010519491231002X')).toEqual({ birthDate: '1949-12-31', sex: 'female' });
    expect(factsOfResidentNumber('440524198001010013')).toEqual({ birthDate: '1980-01-01', sex: 'male' });
  });

  it('is read from the fifteen digits of a first-generation card', () => {
    expect(residentNumberOfLegacy('110105491231002', TODAY)).toBe('11010519491231002X');
    expect(residentNumberOfLegacy('110105491331002', TODAY)).toBeUndefined();
    expect(residentNumberOfLegacy('11010549123100X', TODAY)).toBeUndefined();
  });
});
