import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { WriteAudit } from '../../platform/database/index.js';
import { RefusalRegister } from '../../platform/http/index.js';
import { ActorDirectory, SystemClients } from '../../platform/identity/index.js';
import { AccessRegister } from './application/access-register.js';
import { CustomerOfApproval } from './application/approval-customer.query.js';
import { allDeclaredApprovals, ApprovalHandlers } from './application/approval-kinds.js';
import { Approvals } from './application/approvals.js';
import { AuditWrites } from './application/audit-writes.js';
import { ChangeClientTerms } from './application/change-client-terms.js';
import { ChangeOwnPassword } from './application/change-own-password.js';
import { ChangeStaff } from './application/change-staff.js';
import { ChangeTotp } from './application/change-totp.js';
import { ChangeUnit } from './application/change-unit.js';
import { CheckOneTimeCode } from './application/check-one-time-code.js';
import { CheckPassword } from './application/check-password.js';
import { ClientSecrets } from './application/client-secrets.js';
import { CreateApiKey } from './application/create-api-key.js';
import { CreateFirstAdministrator } from './application/create-first-administrator.js';
import { CreateStaff } from './application/create-staff.js';
import { CreateUnit } from './application/create-unit.js';
import { EndSessions } from './application/end-sessions.js';
import { FindAccesses } from './application/find-accesses.query.js';
import { ReportOldRegisterLines } from './application/report-old-register-lines.js';
import { FindApiKeys } from './application/find-api-keys.query.js';
import { FindAffectedCustomers } from './application/find-affected-customers.query.js';
import { FindApprovals } from './application/find-approvals.query.js';
import { FindAuditEntries } from './application/find-audit-entries.query.js';
import { FindOrganization } from './application/find-organization.query.js';
import { FindSessions } from './application/find-sessions.query.js';
import { FindSystemClients } from './application/find-system-clients.query.js';
import { KnownActors } from './application/known-actors.query.js';
import { PathOfUnit, UnitOfStaff } from './application/unit-of.query.js';
import { OpenSession } from './application/open-session.js';
import { ProvisionExternalStaff } from './application/provision-external-staff.js';
import { RegisterRefusals } from './application/register-refusals.js';
import { RefreshSession } from './application/refresh-session.js';
import { ChangeApprovedRole, ProposeRole } from './application/propose-role.js';
import { RevokeApiKey } from './application/revoke-api-key.js';
import { RotateApiKey } from './application/rotate-api-key.js';
import { IssueSessionTokens } from './application/issue-session-tokens.js';
import { VerifyRegister } from './application/verify-register.js';
import { AccessRegisterController } from './http/access-register.controller.js';
import { ApprovalsController } from './http/approvals.controller.js';
import { AffectedCustomersController } from './http/affected-customers.controller.js';
import { AuditEntriesController } from './http/audit-entries.controller.js';
import { ApiKeysController } from './http/api-keys.controller.js';
import { OwnAccountController } from './http/own-account.controller.js';
import { RolesController } from './http/roles.controller.js';
import { SessionController } from './http/session.controller.js';
import { StaffController } from './http/staff.controller.js';
import { UnitsController } from './http/units.controller.js';
import { OrganizationFacade } from './organization.facade.js';
import { entities } from './persistence/entities.js';

/** Global: the access guard asks it who somebody is, and every module registers its reads with it. */
@Global()
@Module({
  imports: [DiscoveryModule, TypeOrmModule.forFeature(entities)],
  controllers: [
    SessionController,
    OwnAccountController,
    UnitsController,
    StaffController,
    RolesController,
    ApiKeysController,
    AccessRegisterController,
    ApprovalsController,
    AffectedCustomersController,
    AuditEntriesController,
  ],
  providers: [
    { provide: ActorDirectory, useClass: KnownActors },
    FindApiKeys,
    FindSystemClients,
    { provide: SystemClients, useExisting: FindSystemClients },
    AccessRegister,
    { provide: RefusalRegister, useClass: RegisterRefusals },
    ChangeOwnPassword,
    allDeclaredApprovals,
    ApprovalHandlers,
    Approvals,
    CustomerOfApproval,
    { provide: WriteAudit, useClass: AuditWrites },
    FindAccesses,
    FindAffectedCustomers,
    FindApprovals,
    ReportOldRegisterLines,
    FindAuditEntries,
    ChangeStaff,
    ChangeTotp,
    ChangeUnit,
    CheckOneTimeCode,
    CheckPassword,
    ChangeClientTerms,
    ClientSecrets,
    CreateApiKey,
    CreateFirstAdministrator,
    CreateStaff,
    CreateUnit,
    EndSessions,
    FindOrganization,
    FindSessions,
    IssueSessionTokens,
    PathOfUnit,
    UnitOfStaff,
    OpenSession,
    OrganizationFacade,
    ProvisionExternalStaff,
    RefreshSession,
    ChangeApprovedRole,
    ProposeRole,
    RevokeApiKey,
    RotateApiKey,
    VerifyRegister,
  ],
  exports: [
    ActorDirectory,
    SystemClients,
    AccessRegister,
    FindAccesses,
    RefusalRegister,
    OrganizationFacade,
    Approvals,
    WriteAudit,
  ],
})
export class OrganizationModule {}
