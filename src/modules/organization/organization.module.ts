import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RefusalRegister } from '../../platform/http/index.js';
import { ActorDirectory } from '../../platform/identity/index.js';
import { AccessRegister } from './application/access-register.js';
import { ChangeStaff } from './application/change-staff.js';
import { ChangeUnit } from './application/change-unit.js';
import { CreateApiKey } from './application/create-api-key.js';
import { CreateFirstAdministrator } from './application/create-first-administrator.js';
import { CreateStaff } from './application/create-staff.js';
import { CreateUnit } from './application/create-unit.js';
import { FindOrganization } from './application/find-organization.query.js';
import { KnownActors } from './application/known-actors.query.js';
import { PathOfUnit, UnitOfStaff } from './application/unit-of.query.js';
import { OpenSession } from './application/open-session.js';
import { RevokeApiKey } from './application/revoke-api-key.js';
import { AccessRegisterController } from './http/access-register.controller.js';
import { ApiKeysController } from './http/api-keys.controller.js';
import { RolesController } from './http/roles.controller.js';
import { SessionController } from './http/session.controller.js';
import { StaffController } from './http/staff.controller.js';
import { UnitsController } from './http/units.controller.js';
import { OrganizationFacade } from './organization.facade.js';
import { entities } from './persistence/entities.js';

/** Global: the access guard asks it who somebody is, and every module registers its reads with it. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature(entities)],
  controllers: [
    SessionController,
    UnitsController,
    StaffController,
    RolesController,
    ApiKeysController,
    AccessRegisterController,
  ],
  providers: [
    { provide: ActorDirectory, useClass: KnownActors },
    AccessRegister,
    { provide: RefusalRegister, useExisting: AccessRegister },
    ChangeStaff,
    ChangeUnit,
    CreateApiKey,
    CreateFirstAdministrator,
    CreateStaff,
    CreateUnit,
    FindOrganization,
    PathOfUnit,
    UnitOfStaff,
    OpenSession,
    OrganizationFacade,
    RevokeApiKey,
  ],
  exports: [ActorDirectory, AccessRegister, RefusalRegister, OrganizationFacade],
})
export class OrganizationModule {}
