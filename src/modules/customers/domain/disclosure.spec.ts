import type { Purpose } from './consent.js';
import { groupsToDisclose } from './disclosure.js';
import { GroupNotPermitted, PurposeDoesNotCover, UnknownDisclosurePurpose } from './refusals.js';

const purpose = (code: string, fieldGroups: readonly string[], isForDisclosure = true): Purpose => ({
  ...{ code, nameEn: code, nameZh: code, legalBasis: '', needsConsent: false, isForDisclosure, fieldGroups },
  ...{ retentionClass: '', owner: '', textVersion: 1, oldestValidVersion: 1, textEn: '', textZh: '', cooldownDays: 0 },
});
const purposes = [
  purpose('service', ['identity', 'contact', 'usage']),
  purpose('legal', ['identity', 'contact', 'personal']),
  purpose('marketing.message', ['contact'], false),
];

describe('[AUD-03] showing a customer in plain', () => {
  it('shows what both the purpose and the permissions allow', () => {
    expect(groupsToDisclose({ purpose: 'service' }, ['identity', 'contact', 'personal'], purposes)).toEqual([
      'identity',
      'contact',
    ]);
    expect(groupsToDisclose({ purpose: 'legal' }, ['contact'], purposes)).toEqual(['contact']);
    expect(groupsToDisclose({ purpose: 'legal', groups: ['personal'] }, ['contact', 'personal'], purposes)).toEqual([
      'personal',
    ]);
  });

  it('is refused beyond either, and without anything to show', () => {
    const all = ['identity', 'contact', 'personal'] as const;
    expect(() => groupsToDisclose({ purpose: 'legal', groups: ['identity'] }, ['contact'], purposes)).toThrow(
      GroupNotPermitted,
    );
    expect(() => groupsToDisclose({ purpose: 'service' }, ['personal'], purposes)).toThrow(GroupNotPermitted);
    expect(() => groupsToDisclose({ purpose: 'service', groups: [] }, all, purposes)).toThrow(GroupNotPermitted);
    expect(() => groupsToDisclose({ purpose: 'service', groups: ['contact', 'personal'] }, all, purposes)).toThrow(
      PurposeDoesNotCover,
    );
  });

  it('needs a purpose of the list, and one that is a reason to look', () => {
    for (const code of ['curiosity', 'marketing.message', '']) {
      expect(() => groupsToDisclose({ purpose: code }, ['contact'], purposes)).toThrow(UnknownDisclosurePurpose);
    }
  });
});
