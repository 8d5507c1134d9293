import fc from 'fast-check';
import type { AccessEntry } from './access-entry.js';
import {
  breakBetween,
  canonicalJson,
  chainUp,
  GENESIS,
  hashOf,
  lineOf,
  type ChainHead,
  type RegisterLine,
  type UnchainedLine,
} from './register-chain.js';

const AT = new Date('2026-02-01T01:00:00.123Z');
const CUSTOMER = '019A9D00-0000-7000-8000-00000000ABCD';

const entry: AccessEntry = {
  actor: { kind: 'staff', id: 's-1', role: 'viewer', unitId: undefined, requestId: 'r-1', clientAddress: '192.0.2.1' },
  action: 'customers.read',
  customerIds: [CUSTOMER],
  fieldGroups: ['identity'],
};
const aLine = (n = 1): UnchainedLine => lineOf(entry, { entryId: `e-${n}`, at: AT });
const aChain = (length: number): readonly RegisterLine[] =>
  chainUp(
    { chain: 3, seq: 0, hash: GENESIS },
    Array.from({ length }, (_, n) => aLine(n + 1)),
  ).lines;

function walk(lines: readonly RegisterLine[]): ReturnType<typeof breakBetween> {
  let before: Parameters<typeof breakBetween>[0] = { seq: 0, hash: GENESIS };
  for (const line of lines) {
    const broken = breakBetween(before, line);
    if (broken) return broken;
    before = { seq: line.seq, hash: line.rowHash, line };
  }
  return undefined;
}

describe('the chain of the access register', () => {
  it('has one canonical form, which anybody can write with any JSON library', () => {
    const [line] = aChain(1);
    expect(line && canonicalJson(line)).toBe(
      '{"action":"customers.read","actorId":"s-1","actorKind":"staff","actorRole":"viewer","chain":3,"clientAddress":"192.0.2.1",' +
        '"customerCount":1,"customerIds":["019a9d00-0000-7000-8000-00000000abcd"],"entryId":"e-1","fieldGroups":["identity"],' +
        '"objectId":null,"objectType":null,"occurredAt":"2026-02-01T01:00:00.123000Z","purpose":"service","refusal":null,' +
        '"requestId":"r-1","result":"granted","seq":1,"sessionId":null,"ticketRef":null,"unitId":null}',
    );
    // (head -c 32 /dev/zero; cat line.json) | sha256sum
    expect(line?.rowHash.toString('hex')).toBe('442b636ede98d502301ea044ff2e5367edbea7c832b84f83b1ad5fcd5c404c55');
  });

  it('takes every field of a line into its hash', () => {
    const [line] = aChain(1);
    if (!line) throw new Error('a chain of one has a line');
    const { prevHash, rowHash, ...content } = line;
    expect(Object.keys(JSON.parse(canonicalJson(line)) as object)).toEqual(Object.keys(content).sort());
    for (const field of Object.keys(content)) {
      expect(hashOf(prevHash, { ...content, [field]: 'something else' })).not.toEqual(rowHash);
    }
  });

  it('is the same whether lines are hung on it one by one or together', () => {
    let head: ChainHead = { chain: 3, seq: 0, hash: GENESIS };
    for (const n of [1, 2, 3]) ({ head } = chainUp(head, [aLine(n)]));
    expect(head.hash).toEqual(aChain(3)[2]?.rowHash);
  });

  it('is whole as it was written, and broken where a line is taken away, put in twice or exchanged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 30 }), fc.nat(), fc.nat(), (length, a, b) => {
        const lines = aChain(length);
        const [i, j] = [a % length, b % length];
        expect(walk(lines)).toBeUndefined();
        if (i < length - 1) expect(walk(lines.toSpliced(i, 1))).toMatchObject({ kind: 'missing', seq: i + 1 });
        const again = lines[i];
        if (again) expect(walk(lines.toSpliced(i, 0, again))).toMatchObject({ kind: 'inserted', seq: i + 1 });
        const [one, other] = [lines[i], lines[j]];
        if (!one || !other || i === j) return;
        // Each at the other's number, as in a table that is read by number.
        const exchanged = lines.with(i, { ...other, seq: one.seq }).with(j, { ...one, seq: other.seq });
        expect(walk(exchanged)).toMatchObject({ kind: 'altered', seq: Math.min(i, j) + 1 });
      }),
    );
  });

  it('blames the line that was written anew with its hash, not the one after it', () => {
    const lines = aChain(5);
    const third = lines[2];
    if (!third) throw new Error('a chain of five has a third line');
    const forged = { ...third, purpose: 'legal' };
    const broken = walk(lines.with(2, { ...forged, rowHash: hashOf(forged.prevHash, forged) }));
    expect(broken).toMatchObject({ kind: 'altered', seq: 3, entryId: 'e-3' });
  });

  it('stores text as the database will give it back, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), fc.string({ unit: 'binary' }), (purpose, half) => {
        const line = lineOf({ ...entry, purpose, ticketRef: `${half}\ud800` }, { entryId: 'e', at: AT });
        for (const text of [line.purpose, line.ticketRef ?? '']) {
          expect(text).not.toContain('\0');
          expect(Buffer.from(text).toString()).toBe(text);
          expect(text.length).toBeLessThanOrEqual(512);
        }
      }),
    );
  });

  it('takes ids of customers only, and all of them in one spelling', () => {
    const line = lineOf({ ...entry, customerIds: [CUSTOMER, '13800138000', ''] }, { entryId: 'e', at: AT });
    expect(line).toMatchObject({ customerIds: [CUSTOMER.toLowerCase()], customerCount: 1 });
  });
});
