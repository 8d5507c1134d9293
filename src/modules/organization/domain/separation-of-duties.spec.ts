import { RolesInConflict } from './refusals-of-approvals.js';
import { requireSeparateDuties } from './separation-of-duties.js';

const administrator = { role: 'administrator', conflictsWith: ['auditor'] };
const auditor = { role: 'auditor', conflictsWith: [] };
const viewer = { role: 'viewer', conflictsWith: [] };

describe('separation of duties', () => {
  it('lets nobody look after accounts and after the registers', () => {
    expect(() => requireSeparateDuties([administrator, auditor])).toThrow(RolesInConflict);
  });

  it('holds on whichever side the conflict is written, in whatever order the roles come', () => {
    expect(() => requireSeparateDuties([viewer, auditor, administrator])).toThrow(
      'Nobody may be administrator and auditor at once',
    );
  });

  it('lets everything else be combined, and a role with itself', () => {
    requireSeparateDuties([viewer, auditor]);
    requireSeparateDuties([administrator, administrator, viewer]);
    requireSeparateDuties([{ role: 'a', conflictsWith: ['a', 'gone'] }]);
  });
});
