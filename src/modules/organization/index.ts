export { OrganizationModule } from './organization.module.js';
export { OrganizationFacade } from './organization.facade.js';
export { RevokedKeyUsed } from './domain/events.js';
export { AccessRegister } from './application/access-register.js';
export { FindAccesses, type Access } from './application/find-accesses.query.js';
export type { ChainHead } from './domain/register-chain.js';
export { VerifyRegister, type RegisterVerification } from './application/verify-register.js';
export {
  allDeclaredApprovals,
  ApprovalHandlers,
  CarriesOut,
  defineApproval,
  type Approved,
  type CarriesOutApproval,
} from './application/approval-kinds.js';
export { Approvals } from './application/approvals.js';
export type { Approval, ApprovalKind, ApprovalStatus } from './domain/approval.js';
export {
  ApprovalClosed,
  ApprovalExpired,
  ApprovalNotFound,
  OwnRequest,
  PeopleDecide,
  RequestWithoutReason,
} from './domain/refusals-of-approvals.js';
export { ALL_PERMISSIONS } from './domain/permissions.js';
export { StaffNotFound, UnitNotFound } from './domain/refusals.js';
export type { AccessEntry } from './domain/access-entry.js';
export type { FirstAdministrator } from './application/create-first-administrator.js';
export type { ApiKeyScope, IssuedApiKey } from './domain/api-key.js';
export type { StaffMember, StaffStatus } from './domain/staff.js';
export type { Unit, UnitKind } from './domain/unit.js';
export { tables as organizationTables } from './persistence/tables.js';
export { ACCESS_LINES_ABOUT_CUSTOMER, AUDIT_LINES_ABOUT_CUSTOMER } from './persistence/lines-about-customer.js';
