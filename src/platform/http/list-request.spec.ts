import fc from 'fast-check';
import { parseInstant, parseListRequest } from './list-request.js';
import { toSql } from './list-sql.js';
import { defineResource, hrefOf } from './resource.js';

const bills = defineResource({
  type: 'Bill',
  path: '/care-api/usage/v1/bill',
  attributes: {
    id: { type: 'id', column: 'b.id', filter: true },
    state: { type: 'enum', column: 'b.state', values: ['new', 'settled'], filter: true, sort: true },
    payable: { type: 'integer', column: 'b.payable_fen', filter: true, sort: true },
    billDate: { type: 'instant', column: 'b.issued_at', filter: true, sort: true },
    cycle: { type: 'date', column: 'b.cycle', filter: true },
    'item.kind': {
      type: 'text',
      filter: true,
      where: (kinds) => `EXISTS (SELECT 1 FROM i WHERE i.kind = ANY(${kinds}))`,
    },
    msisdn: { type: 'text', filter: true },
  },
  defaultSort: '-billDate',
});

describe('the SQL of a list', () => {
  const sqlOf = (query: Record<string, string>, first?: number) => toSql(parseListRequest(bills, query), first);

  it('is the default order and page when nothing is asked', () => {
    expect(sqlOf({})).toEqual({
      where: 'TRUE',
      params: [],
      orderBy: 'b.issued_at DESC, b.id DESC',
      limit: 20,
      offset: 0,
    });
  });

  it('holds values as parameters only, numbered from where the statement is free', () => {
    expect(sqlOf({ state: 'new,settled', 'payable.gte': '100', 'item.kind': `x') OR ('1'='1` }, 3)).toMatchObject({
      where:
        '(b.state = ANY($3::text[])) AND (b.payable_fen >= ($4::bigint[])[1]) AND ' +
        '(EXISTS (SELECT 1 FROM i WHERE i.kind = ANY($5::text[])))',
      params: [['new', 'settled'], [100], [`x') OR ('1'='1`]],
    });
  });

  it('leaves an attribute without SQL to the query', () => {
    const list = parseListRequest(bills, { msisdn: '13800138000' });
    expect(toSql(list).where).toBe('TRUE');
    expect(list.filters).toEqual([{ attribute: 'msisdn', comparison: 'eq', values: ['13800138000'] }]);
  });

  it('ends every order in the id, in the direction of the last key', () => {
    expect(sqlOf({ sort: 'state,-payable' }).orderBy).toBe('b.state, b.payable_fen DESC, b.id DESC');
    expect(sqlOf({ sort: 'state' }).orderBy).toBe('b.state, b.id');
  });

  it('finds nothing by an id of no shape, instead of failing', () => {
    expect(sqlOf({ id: 'abc' }).params).toEqual([[]]);
  });

  it('never holds a word of the client, whatever is asked', () => {
    const names = fc.constantFrom(
      'state',
      'payable.gt',
      'billDate.lte',
      'cycle',
      'item.kind',
      'sort',
      'limit',
      'offset',
      'id',
    );
    const values = fc.oneof(fc.string(), fc.constantFrom('new', '7', '2026-01-01', '-payable', '2026-01-01T00:00:00Z'));
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(names, fc.string()), values), (query) => {
        let sql;
        try {
          sql = sqlOf(query);
        } catch (error) {
          return expect((error as { kind?: string }).kind).toBe('malformed');
        }
        expect(sql.where).toMatch(
          /^(TRUE|\((b\.\w+ (= ANY\(\$\d::\w+\[\]\)|[<>]=? \(\$\d::\w+\[\]\)\[1\])|EXISTS \(.+\))\)( AND \(.+\))?)$/,
        );
        expect(sql.orderBy).toMatch(/^b\.\w+( DESC)?(, b\.\w+( DESC)?)*$/);
      }),
    );
  });
});

describe('the declaration of a resource', () => {
  it('derives the address, whatever the id holds', () => {
    expect(hrefOf(bills, 'a/b?c')).toBe('/care-api/usage/v1/bill/a%2Fb%3Fc');
  });

  it('refuses to contradict itself', () => {
    const base = { type: 'X', path: '/x', defaultSort: 'id' };
    const id = { type: 'id', column: 'x.id' } as const;
    expect(() => defineResource({ ...base, attributes: {} })).toThrow('needs an attribute id');
    expect(() => defineResource({ ...base, attributes: { id, a: { type: 'text', sort: true } } })).toThrow(
      'X.a has no column',
    );
    expect(() => defineResource({ ...base, attributes: { id, a: { type: 'enum', column: 'a' } } })).toThrow(
      'X.a needs its values',
    );
    expect(() => defineResource({ ...base, attributes: { id }, defaultSort: '-b' })).toThrow('cannot be sorted by b');
  });
});

describe('instants', () => {
  it.each([
    ['2026-01-31T08:00:00+08:00', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T08:00+0800', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T00:00:00.5Z', '2026-01-31T00:00:00.500Z'],
    ['2026-01-31T00:00:00', undefined],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-01-31T24:00:00Z', undefined],
    ['31.01.2026', undefined],
  ])('%s is %s', (text, expected) => {
    expect(parseInstant(text)?.toISOString()).toBe(expected);
  });
});
