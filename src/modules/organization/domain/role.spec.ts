import { DutiesTogether, UnknownPermission } from './refusals-of-roles.js';
import { requireSoundPermissions } from './role.js';

describe('what a role may permit', () => {
  it('is what routes ask for', () => {
    expect(() => requireSoundPermissions(['customers.read', 'points.redeem'])).not.toThrow();
    expect(() => requireSoundPermissions(['customers.read', 'customers.delete'])).toThrow(UnknownPermission);
    expect(() => requireSoundPermissions(['*'])).toThrow(UnknownPermission);
  });

  it('is one of three duties: accounts and keys, decisions about people’s data, audit', () => {
    expect(() => requireSoundPermissions(['organization.manage', 'organization.keys'])).not.toThrow();
    expect(() => requireSoundPermissions(['organization.manage', 'organization.audit'])).toThrow(DutiesTogether);
    expect(() => requireSoundPermissions(['organization.keys', 'privacy.approve'])).toThrow(DutiesTogether);
    expect(() => requireSoundPermissions(['organization.audit', 'privacy.approve'])).toThrow(DutiesTogether);
  });
});
