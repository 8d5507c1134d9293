import fc from 'fast-check';
import { applyMergePatch, AttributeNotPatchable, mergePatch } from './merge-patch.js';

describe('merging a patch', () => {
  // The examples of RFC 7386, appendix A.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });

  it('twice is the same as once', () => {
    fc.assert(
      fc.property(fc.object(), fc.object(), (target, patch) => {
        const once = mergePatch(target, patch);
        expect(mergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  const current = { id: '1', '@type': 'X', name: 'a', status: 'open', at: new Date('2026-01-01T00:00:00Z') };
  const closed = { patchable: ['name'] };

  it('changes what a client may change', () => {
    expect(applyMergePatch(current, { name: 'b' }, closed)).toEqual({ ...current, name: 'b' });
  });
  it('names every attribute that only the server sets', () => {
    const patching = (): unknown => applyMergePatch(current, { name: 'b', status: 'closed', id: '2' }, closed);
    expect(patching).toThrow(AttributeNotPatchable);
    expect(patching).toThrow('status, id cannot be changed by a client; name can be');
  });
  it('takes a whole resource back when only the patchable changed', () => {
    const sent: object = JSON.parse(JSON.stringify({ ...current, name: 'b' }));
    expect(applyMergePatch(current, sent, closed)).toEqual({ ...current, name: 'b' });
  });
  it('lets TM Forum resources be extended, but not what the server set', () => {
    const open = { serverSet: ['status'] };
    expect(applyMergePatch(current, { extension: 1 }, open)).toEqual({ ...current, extension: 1 });
    expect(() => applyMergePatch(current, { status: 'x' }, open)).toThrow(AttributeNotPatchable);
  });
  it('leaves the prototype alone', () => {
    const patch: object = JSON.parse('{"__proto__": {"polluted": true}, "a": {"__proto__": {"polluted": true}}}');
    mergePatch({ a: {} }, patch);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});
