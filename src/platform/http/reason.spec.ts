import { InvalidReason, reasonOf } from './reason.js';

const asked = (header: string | undefined, body: unknown = undefined): string | undefined =>
  reasonOf({ headers: { 'x-reason': header }, body });

describe('the reason of a request', () => {
  it('is a header in percent-encoded UTF-8', () => {
    expect(asked(encodeURIComponent('客户要求更正 100%'))).toBe('客户要求更正 100%');
    expect(asked('by letter')).toBe('by letter');
    expect(asked('')).toBeUndefined();
  });

  it('or an attribute of the body, whatever else the body holds', () => {
    expect(asked(undefined, { reason: '客户来函' })).toBe('客户来函');
    expect(asked('a', { reason: 'b' })).toBe('a');
    for (const body of [undefined, null, 'reason', [], {}, { reason: 1 }, { reason: '' }, { reason: 'a\u0000b' }]) {
      expect(asked(undefined, body)).toBeUndefined();
    }
    expect(asked(undefined, { reason: 'x'.repeat(500) })).toHaveLength(300);
  });

  it.each(['100%', '%ff', '%', encodeURIComponent('a\nb'), 'x'.repeat(301), '%ED%A0%80'])(
    'is refused as %s',
    (header) => {
      expect(() => asked(header)).toThrow(InvalidReason);
    },
  );

  it('counts characters, not escapes', () => {
    expect(asked(encodeURIComponent('因'.repeat(300)))).toHaveLength(300);
  });
});
