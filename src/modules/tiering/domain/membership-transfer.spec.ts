import { carriesOutOn, obstacleTo, requireStatus, transferStatusAt, transferStatuses } from './membership-transfer.js';
import {
  LevelByHand,
  NothingToTransfer,
  PartyHasLeft,
  PartyWithoutRealName,
  ReceiverStandsAsHigh,
  TransferClosed,
} from './refusals-of-transfers.js';

describe('[TIER-07] the transfer of a membership', () => {
  const giver = { hasLeft: false, hasRealName: true, tier: 'GOLD', isByHand: false } as const;
  const receiver = { ...giver, tier: 'SILVER' } as const;

  it('goes from the higher to the lower of two customers who are here, by their real names', () => {
    expect(obstacleTo(giver, receiver)).toBeUndefined();
    expect(obstacleTo(giver, { ...receiver, tier: 'ORDINARY' })).toBeUndefined();
  });

  it.each([
    ['a giver who has left', { ...giver, hasLeft: true }, receiver, PartyHasLeft],
    ['a receiver who has left', giver, { ...receiver, hasLeft: true }, PartyHasLeft],
    ['a giver without a real name', { ...giver, hasRealName: false }, receiver, PartyWithoutRealName],
    ['a receiver without a real name', giver, { ...receiver, hasRealName: false }, PartyWithoutRealName],
    ['a giver without a level', { ...giver, tier: 'ORDINARY' as const }, receiver, NothingToTransfer],
    ['a level given by hand', { ...giver, isByHand: true }, receiver, LevelByHand],
    ['a receiver with a level by hand', giver, { ...receiver, isByHand: true }, LevelByHand],
    ['a receiver as high', giver, { ...receiver, tier: 'GOLD' as const }, ReceiverStandsAsHigh],
    ['a receiver who is higher', giver, { ...receiver, tier: 'DIAMOND' as const }, ReceiverStandsAsHigh],
  ])('is not for %s', (_, from, to, refusal) => expect(obstacleTo(from, to)).toBeInstanceOf(refusal));

  it('between two numbers of one customer leaves a level by hand where it is', () => {
    expect(obstacleTo({ ...giver, isByHand: true })).toBeUndefined();
    expect(obstacleTo({ ...giver, tier: 'ORDINARY' })).toBeInstanceOf(NothingToTransfer);
  });

  it('is carried out seven days after its approval', () => {
    expect(carriesOutOn('2026-02-24')).toBe('2026-03-03');
    expect(carriesOutOn('2028-02-24')).toBe('2028-03-02');
  });

  it('lapses at the very moment at which nobody may approve it any more', () => {
    const asked = { status: 'asked', expiresAt: new Date(1000) } as const;
    expect(transferStatusAt(asked, new Date(999))).toBe('asked');
    expect(transferStatusAt(asked, new Date(1000))).toBe('lapsed');
    expect(() => requireStatus(asked, ['asked'], new Date(1000))).toThrow('The transfer is lapsed');
  });

  it('is withdrawn while it is asked for or cools off', () => {
    for (const status of transferStatuses) {
      const withdraw = (): void =>
        requireStatus({ status, expiresAt: new Date(1000) }, ['asked', 'cooling-off'], new Date(0));
      if (status === 'asked' || status === 'cooling-off') expect(withdraw).not.toThrow();
      else expect(withdraw).toThrow(TransferClosed);
    }
  });
});
