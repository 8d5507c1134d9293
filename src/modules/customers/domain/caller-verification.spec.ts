import { knowsIdNumber } from './caller-verification.js';

describe('checking the end of an ID number', () => {
  it.each(['002X', '002x', ' 0 0 2 x', '００２Ｘ'])('takes %p for 11010519491231002X', (answer) => {
    expect(knowsIdNumber('11010519491231002X', answer)).toBe(true);
  });

  it.each(['', '2X', '1002X', '0021', '    ', '11010519491231002X'])('does not take %p', (answer) => {
    expect(knowsIdNumber('11010519491231002X', answer)).toBe(false);
  });

  it('takes nothing where no ID number is on file, or one that is too short to have an end', () => {
    expect(knowsIdNumber(undefined, 'undefined'.slice(-4))).toBe(false);
    expect(knowsIdNumber('', '')).toBe(false);
    expect(knowsIdNumber('12', '12')).toBe(false);
  });
});
