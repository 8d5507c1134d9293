import { requireDecidable, requireReason, requireWithdrawable, statusAt, type ApprovalStatus } from './approval.js';
import {
  ApprovalClosed,
  ApprovalExpired,
  NotYourRequest,
  OwnRequest,
  PeopleDecide,
  RequestWithoutReason,
} from './refusals-of-approvals.js';

const expiresAt = new Date('2026-02-02T09:00:00Z');
const before = new Date(expiresAt.getTime() - 1);
const asked = { status: 'pending' as ApprovalStatus, askedBy: 'author', expiresAt };
const somebodyElse = { kind: 'staff', id: 'approver' } as const;
const author = { kind: 'staff', id: 'author' } as const;

describe('a request that needs four eyes', () => {
  it('is decided by another member of the staff, in time', () => {
    requireDecidable(asked, somebodyElse, before);
  });

  it('is never decided by its author, nor by a system or a customer', () => {
    expect(() => requireDecidable(asked, author, before)).toThrow(OwnRequest);
    expect(() => requireDecidable(asked, { kind: 'system', id: 'key' }, before)).toThrow(PeopleDecide);
    expect(() => requireDecidable(asked, { kind: 'customer', id: 'c' }, before)).toThrow(PeopleDecide);
  });

  it('lapses at the very moment that it names', () => {
    expect([statusAt(asked, before), statusAt(asked, expiresAt)]).toEqual(['pending', 'expired']);
    expect(() => requireDecidable(asked, somebodyElse, expiresAt)).toThrow(ApprovalExpired);
    expect(statusAt({ ...asked, status: 'approved' }, expiresAt)).toBe('approved');
  });

  it.each(['approved', 'rejected', 'withdrawn'] as const)('is not decided again once it is %s', (status) => {
    expect(() => requireDecidable({ ...asked, status }, somebodyElse, before)).toThrow(ApprovalClosed);
    expect(() => requireWithdrawable({ ...asked, status }, author, before)).toThrow(ApprovalClosed);
  });

  it('is withdrawn by its author only', () => {
    requireWithdrawable(asked, author, before);
    expect(() => requireWithdrawable(asked, somebodyElse, before)).toThrow(NotYourRequest);
  });

  it('says why', () => {
    expect(requireReason('  客户来函  ')).toBe('客户来函');
    expect(() => requireReason(' \u3000 ')).toThrow(RequestWithoutReason);
  });
});
