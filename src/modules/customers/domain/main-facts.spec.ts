import { ageOn, assertFacts, changedFacts, mainFactsOf, MAIN_FACTS, withoutConsentedFacts } from './main-facts.js';
import { ConsentNeeded, FactRefused } from './refusals.js';

const TODAY = '2026-02-01';
const characteristic = (facts: Readonly<Record<string, unknown>>) => ({
  characteristic: Object.entries(facts).map(([name, value]) => ({ name, value })),
});
const extra = {
  ...characteristic({
    sex: 'female',
    birthDate: '1980-02-02',
    maritalStatus: 'married',
    workStatus: 'employed',
    hobby: 'tea',
  }),
  contactMedium: [
    { mediumType: 'email', characteristic: { emailAddress: 'zhang@example.com' } },
    { mediumType: 'postalAddress', characteristic: { city: '广州市', street1: '体育西路1号' } },
  ],
};
const customer = { identity: { name: '张小明' }, msisdn: '+8613800138000', extra, consentsToProfile: true };

describe('[CUS-07] the nine main facts of a person', () => {
  it('are name, sex, birthday, age, phone, e-mail, address, marital and work status', () => {
    expect(mainFactsOf(customer, TODAY)).toEqual({
      name: '张小明',
      birthDate: '1980-02-02',
      age: 45,
      phone: '+8613800138000',
      email: 'zhang@example.com',
      address: '广州市体育西路1号',
      sex: 'female',
      maritalStatus: 'married',
      workStatus: 'employed',
    });
    expect(Object.keys(MAIN_FACTS)).toHaveLength(9);
  });

  it('take billing’s word first, and reckon the age from it', () => {
    const known = { ...customer, identity: { name: '张小明', birthDate: '2000-02-29' } };
    expect(mainFactsOf(known, '2025-02-27')).toMatchObject({ birthDate: '2000-02-29', age: 24 });
    expect(mainFactsOf(known, '2025-02-28').age).toBe(25);
    expect([ageOn('1980-02-02', '1980-02-02'), ageOn('1980-02-02', '2026-02-02')]).toEqual([0, 46]);
  });

  it('hold marital and work status only while the customer consents', () => {
    const facts = mainFactsOf({ ...customer, consentsToProfile: false }, TODAY);
    expect([facts.maritalStatus, facts.workStatus, facts.sex]).toEqual([undefined, undefined, 'female']);
    expect(withoutConsentedFacts(extra)).toEqual({
      ...extra,
      ...characteristic({ sex: 'female', birthDate: '1980-02-02', hobby: 'tea' }),
    });
    expect(withoutConsentedFacts({ name: 'x' })).toEqual({ name: 'x' });
  });

  it('know which of them changed', () => {
    expect(changedFacts({}, extra)).toEqual(['birthDate', 'email', 'address', 'sex', 'maritalStatus', 'workStatus']);
    expect(changedFacts(extra, { ...extra, 'x-note': 1 })).toEqual([]);
    expect(changedFacts(extra, withoutConsentedFacts(extra))).toEqual(['maritalStatus', 'workStatus']);
  });
});

describe('stating facts', () => {
  const known = { today: TODAY, consentsToProfile: false };
  const state = (facts: Readonly<Record<string, unknown>>, before = {}) =>
    assertFacts(before, characteristic(facts), known);

  it('is refused for values that cannot be, naming the fact and never the value', () => {
    for (const [fact, value] of [
      ['sex', 'M'],
      ['sex', null],
      ['birthDate', '1980-02-30'],
      ['birthDate', '2026-02-02'],
      ['birthDate', '1896-01-31'],
      ['birthDate', 19800101],
      ['birthDate', '1980-01-01T00:00:00Z'],
      ['maritalStatus', ['both']],
    ] as const) {
      expect(() => state({ [fact]: value })).toThrow(FactRefused);
      try {
        state({ [fact]: value });
      } catch (refusal) {
        expect((refusal as FactRefused).facts['field']).toBe(`characteristic.${fact}`);
        expect((refusal as FactRefused).message).not.toContain(String(value));
      }
    }
    expect(() =>
      assertFacts(
        {},
        {
          characteristic: [
            { name: 'sex', value: 'male' },
            { name: 'sex', value: 'female' },
          ],
        },
        known,
      ),
    ).toThrow('stated once');
    expect(() => state({ sex: 'female', hobby: { any: 'thing' } })).not.toThrow();
  });

  it('cannot be hidden under another spelling', () => {
    for (const name of ['MaritalStatus', 'marital_status', 'marital status', 'ｍaritalStatus', 'SEX', 'birth-date']) {
      expect(() => state({ [name]: 'married' })).toThrow(FactRefused);
    }
    expect(() => state({ sexuality: 'x', status: 'y' })).not.toThrow();
  });

  it('needs the consent for marital and work status, unless nothing changes', () => {
    expect(() => state({ maritalStatus: 'married' })).toThrow(ConsentNeeded);
    expect(() => state({ workStatus: 'retired' }, characteristic({ workStatus: 'employed' }))).toThrow(ConsentNeeded);
    expect(() => state({ workStatus: 'employed' }, characteristic({ workStatus: 'employed' }))).not.toThrow();
    expect(() =>
      assertFacts({}, characteristic({ maritalStatus: 'married' }), { ...known, consentsToProfile: true }),
    ).not.toThrow();
  });

  it('cannot contradict the birthday that billing says', () => {
    const billing = { ...known, birthDate: '1980-01-01' };
    expect(() => assertFacts({}, characteristic({ birthDate: '1980-01-02' }), billing)).toThrow(FactRefused);
    expect(() => assertFacts({}, characteristic({ birthDate: '1980-01-01' }), billing)).not.toThrow();
  });
});
