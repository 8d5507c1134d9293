import { parseFields, selectFields } from './select-fields.js';

describe('choosing fields', () => {
  const view = {
    id: '1',
    href: '/x/1',
    '@type': 'X',
    name: 'n',
    at: new Date(0),
    party: [{ id: 'p', name: 'a', role: 'r' }],
    place: { city: 'c', zip: 'z' },
  };
  const chosen = (fields: string) => selectFields(view, parseFields(fields));
  const head = { id: '1', href: '/x/1', '@type': 'X' };

  it('keeps what was asked for, and who the resource is', () => {
    expect(chosen('name')).toEqual({ ...head, name: 'n' });
    expect(chosen('at')).toEqual({ ...head, at: new Date(0) });
  });
  it('reaches into objects and lists', () => {
    expect(chosen('place.city,party.role')).toEqual({ ...head, place: { city: 'c' }, party: [{ id: 'p', role: 'r' }] });
  });
  it('passes over names that are not there, even those of every object', () => {
    expect(chosen('colour,constructor,__proto__.x,toString')).toEqual(head);
  });
  it('is everything when nothing is chosen', () => {
    expect(selectFields(view, parseFields(undefined))).toBe(view);
    expect(selectFields(view, parseFields(''))).toBe(view);
  });
});
