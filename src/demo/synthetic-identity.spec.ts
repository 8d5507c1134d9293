import { Random } from './random.js';
import { idNumberCheckCharacter, syntheticIdNumber, syntheticMsisdn, syntheticName } from './synthetic-identity.js';

// The ministry's ranges of China Mobile, table of 31 March 2023.
const CHINA_MOBILE = /^(?:134[0-8]\d{7}|1(?:3[5-9]|4[78]|5[0-27-9]|65|7[28]|8[2-478]|9[578])\d{8}|170[356]\d{7})$/;
const MANY = 200_000;

describe('synthetic identities', () => {
  it('gives every customer a number of its own in the ranges of China Mobile', () => {
    const numbers = Array.from({ length: MANY }, (_, index) => syntheticMsisdn(7, index));
    expect(numbers.filter((number) => !CHINA_MOBILE.test(number))).toEqual([]);
    expect(new Set(numbers).size).toBe(MANY);
  });

  it('knows the check character of GB 11643', () => {
    expect(idNumberCheckCharacter('11010519491231002')).toBe('X');
    expect(idNumberCheckCharacter('44052418800101001')).toBe('4');
  });

  it('gives every customer an identity number of its own, right by its check digit and its birth date', () => {
    const weights = Array.from({ length: 17 }, (_, i) => 2 ** (17 - i) % 11);
    const seen = new Set<string>();
    for (let index = 0; index < MANY; index++) {
      const { idNumber, birthDate } = syntheticIdNumber(7, index, '440000');
      seen.add(idNumber);
      if (index % 100 !== 0) continue;
      expect(idNumber).toMatch(/^440099\d{11}[\dX]$/);
      expect(idNumber.slice(6, 14)).toBe(birthDate.replaceAll('-', ''));
      const last = idNumber.at(-1) === 'X' ? 10 : Number(idNumber.at(-1));
      const sum = weights.reduce((total, weight, i) => total + weight * Number(idNumber[i]), last);
      expect(sum % 11).toBe(1);
    }
    expect(seen.size).toBe(MANY);
  });

  it('names people with two to four Chinese characters', () => {
    const random = new Random(1);
    const names = Array.from({ length: 1000 }, () => syntheticName(random));
    expect(names.filter((name) => !/^\p{Script=Han}{2,4}$/u.test(name))).toEqual([]);
  });
});
