import { EVERYBODY } from '../../../platform/identity/index.js';
import { scopeOfStaff, scopeOfSystem, type Workplace } from './scope.js';

const at = (kind: Workplace['unit']['kind'], code: string, above?: Workplace['above']): Workplace => ({
  unit: { kind, code, path: '/1/2/' },
  above,
});

describe('whose customers somebody sees', () => {
  it('[PLT-01] are all at headquarters, else those of the province or branch', () => {
    expect(scopeOfStaff('s', ['unit'], at('group', 'GROUP'))).toEqual(EVERYBODY);
    expect(scopeOfStaff('s', ['unit'], at('province', '440000'))).toMatchObject({
      everybody: false,
      provinces: ['440000'],
    });
    expect(scopeOfStaff('s', ['unit'], at('branch', '440100'))).toMatchObject({ provinces: [], branches: ['440100'] });
  });

  it('in a hall are those of the unit that the hall belongs to', () => {
    const branch = { kind: 'branch', code: '440100' } as const;
    const province = { kind: 'province', code: '440000' } as const;
    expect(scopeOfStaff('s', ['unit'], at('hall', 'H1', branch))).toMatchObject({ branches: ['440100'] });
    expect(scopeOfStaff('s', ['unit'], at('hall', 'H1', province))).toMatchObject({ provinces: ['440000'] });
    expect(scopeOfStaff('s', ['unit'], at('hall', 'H1', { kind: 'group', code: 'GROUP' }))).toMatchObject({
      everybody: false,
      provinces: [],
      branches: [],
    });
  });

  it('are the own portfolio of an account manager, whatever the unit; the wider of two roles counts', () => {
    const portfolio = scopeOfStaff('s', ['portfolio'], at('group', 'GROUP'));
    expect(portfolio).toMatchObject({ everybody: false, managerId: 's', provinces: [], branches: [] });
    expect(scopeOfStaff('s', ['portfolio', 'unit'], at('province', '440000'))).toMatchObject({ provinces: ['440000'] });
  });

  it('[MCRM-01] are nobody in a tenant, and nobody without a role', () => {
    const nobody = { everybody: false, provinces: [], branches: [], unitPath: '/1/2/' };
    expect(scopeOfStaff('s', ['unit'], at('tenant', 'T1'))).toEqual(nobody);
    expect(scopeOfStaff('s', [], at('group', 'GROUP'))).toEqual(nobody);
  });

  it('are those of its provinces for a system', () => {
    expect(scopeOfSystem([])).toEqual(EVERYBODY);
    expect(scopeOfSystem(['440000'])).toMatchObject({ everybody: false, provinces: ['440000'] });
  });
});
