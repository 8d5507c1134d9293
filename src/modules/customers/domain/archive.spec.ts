import fc from 'fast-check';
import { archiveMove, archiveStateOf, mainOf, type Subscription, type SubscriptionStatus } from './archive.js';
import { IllegalArchiveMove } from './refusals.js';

const aSubscription = (changes: Partial<Subscription> = {}): Subscription => ({
  subscriptionId: 's1',
  partyId: 'p1',
  status: 'active',
  statusOn: '2024-01-01',
  activatedOn: '2020-05-01',
  brand: 'GOTONE',
  region: '440000',
  branchCode: undefined,
  tariffCode: 'T1',
  packageFeeFen: 12_800,
  simKind: 'MAIN',
  contractEndsOn: undefined,
  realName: true,
  creditGrade: undefined,
  numberIndex: '00',
  ...changes,
});

describe('the archive of a customer', () => {
  it('[CUS-01] is in the network while one number lives', () => {
    const ended = aSubscription({ status: 'terminated', statusOn: '2025-03-01' });
    expect(archiveStateOf([ended, aSubscription({ status: 'suspended-two-way' })])).toMatchObject({
      archive: 'in-network',
      status: 'suspended',
      closedOn: undefined,
    });
    expect(archiveStateOf([ended, aSubscription()])).toMatchObject({ archive: 'in-network', status: 'active' });
  });

  it('[CUS-02] is retained from the day the last number ended', () => {
    const state = archiveStateOf([
      aSubscription({ status: 'terminated', statusOn: '2025-03-01' }),
      aSubscription({ status: 'terminated', statusOn: '2025-06-30', activatedOn: '2019-01-01' }),
    ]);
    expect(state).toMatchObject({
      archive: 'retained',
      status: 'terminated',
      openedOn: '2019-01-01',
      closedOn: '2025-06-30',
    });
  });

  it('takes its facts from the live main SIM that was activated first', () => {
    const secondary = aSubscription({ simKind: 'SECONDARY', activatedOn: '2010-01-01', numberIndex: '01' });
    const endedMain = aSubscription({ status: 'terminated', activatedOn: '2009-01-01', numberIndex: '02' });
    const laterMain = aSubscription({ activatedOn: '2022-01-01', numberIndex: '03' });
    const main = aSubscription({ activatedOn: '2021-01-01', numberIndex: '04' });
    expect(mainOf([secondary, endedMain, laterMain, main])).toBe(main);
    expect(mainOf([endedMain, secondary])).toBe(secondary);
  });

  it('does not depend on the order in which the numbers became known', () => {
    const subscription = fc.record({
      status: fc.constantFrom<SubscriptionStatus[]>('active', 'suspended-one-way', 'suspended-two-way', 'terminated'),
      statusOn: fc.constantFrom('2024-01-01', '2024-02-29', '2025-01-01'),
      activatedOn: fc.constantFrom('2019-01-01', '2020-01-01'),
      simKind: fc.constantFrom('MAIN' as const, 'SECONDARY' as const, 'DATA' as const),
    });
    fc.assert(
      fc.property(
        fc.array(subscription, { minLength: 1, maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (parts, noise) => {
          const all = parts.map((part, i) => aSubscription({ ...part, subscriptionId: `s${i}`, numberIndex: `0${i}` }));
          const shuffled = all
            .map((each) => ({ each, at: noise.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ each }) => each);
          const stateOf = ([first, ...rest]: Subscription[]) => first && archiveStateOf([first, ...rest]);
          expect(stateOf(shuffled)).toEqual(stateOf(all));
        },
      ),
    );
  });
});

describe('a move between the archives', () => {
  const active = { archive: 'in-network', status: 'active' } as const;
  const retained = { archive: 'retained', status: 'terminated' } as const;

  it('[CUS-03] is a departure or a return', () => {
    expect(archiveMove(active, retained)).toBe('departure');
    expect(archiveMove(retained, active)).toBe('return');
    expect(archiveMove(active, active)).toBeUndefined();
    expect(archiveMove(retained, retained)).toBeUndefined();
  });

  it('[CUS-03] is refused for a customer that never had a number', () => {
    expect(() => archiveMove({ archive: 'in-network', status: 'initialized' }, retained)).toThrow(IllegalArchiveMove);
  });
});
