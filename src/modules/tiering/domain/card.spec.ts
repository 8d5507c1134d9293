import {
  cardStatuses,
  requireEligible,
  requireRedeeming,
  statusAfter,
  statusOn,
  validUntil,
  type CardAct,
  type CardStatus,
} from './card.js';
import {
  CardCannotRedeem,
  CardHeldAlready,
  CardInAnotherState,
  CardNotEarned,
  CustomerHasLeft,
} from './refusals-of-cards.js';

const DAY = '2026-02-01';
const card = (status: CardStatus, until = '2029-02-28') => ({ status, validUntil: until });

describe('[TIER-05] what becomes of a card', () => {
  it.each<[CardAct, Partial<Record<CardStatus, CardStatus>>]>([
    ['activate', { issued: 'active', active: 'active' }],
    ['report-lost', { issued: 'lost', active: 'lost', lost: 'lost' }],
    ['replace', { issued: 'replaced', active: 'replaced', lost: 'replaced' }],
  ])('%s: from where it may, to one place', (act, ways) => {
    for (const status of cardStatuses) {
      const to = ways[status];
      const after = (): CardStatus => statusAfter(act, card(status), DAY);
      if (to) expect(after()).toBe(to);
      else expect(after).toThrow(CardInAnotherState);
    }
  });

  it('is refused with what is wrong and what would be right', () => {
    expect(() => statusAfter('activate', card('lost'), DAY)).toThrow(
      'To activate a card it must be issued; this one is lost',
    );
  });

  it('is over after its last day, whether or not anybody wrote it down', () => {
    expect(statusOn(card('active', DAY), DAY)).toBe('active');
    expect(statusOn(card('active', '2026-01-31'), DAY)).toBe('expired');
    expect(statusOn(card('replaced', '2026-01-31'), DAY)).toBe('replaced');
    expect(() => statusAfter('report-lost', card('active', '2026-01-31'), DAY)).toThrow(CardInAnotherState);
  });

  it('lets points be redeemed while it is active, and never else', () => {
    for (const status of cardStatuses) {
      const redeem = (): void => requireRedeeming(card(status), DAY);
      if (status === 'active') expect(redeem).not.toThrow();
      else expect(redeem).toThrow(CardCannotRedeem);
    }
    expect(() => requireRedeeming(card('active', '2026-01-31'), DAY)).toThrow('this one is expired');
  });

  it.each([
    ['2026-02-01', '2029-02-28'],
    ['2025-02-28', '2028-02-29'],
    ['2026-12-31', '2029-12-31'],
  ])('issued on %s is good until %s', (issuedOn, until) => expect(validUntil(issuedOn)).toBe(until));
});

describe('[TIER-05] who gets a card', () => {
  const applicant = { hasLeft: false, tier: 'GOLD', isPointsMember: false, open: undefined } as const;

  it('is whoever holds a level, or is a points member without one', () => {
    requireEligible(applicant, DAY);
    requireEligible({ ...applicant, tier: 'ORDINARY', isPointsMember: true }, DAY);
    requireEligible({ ...applicant, open: card('active', '2026-01-31') }, DAY);
  });

  it('is not whoever has left, has no level, or has a card', () => {
    expect(() => requireEligible({ ...applicant, hasLeft: true }, DAY)).toThrow(CustomerHasLeft);
    expect(() => requireEligible({ ...applicant, tier: 'ORDINARY' }, DAY)).toThrow(CardNotEarned);
    for (const status of ['issued', 'active', 'lost'] as const)
      expect(() => requireEligible({ ...applicant, open: card(status) }, DAY)).toThrow(CardHeldAlready);
  });
});
