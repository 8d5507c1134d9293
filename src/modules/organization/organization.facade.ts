import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/index.js';
import { CreateApiKey } from './application/create-api-key.js';
import { CreateFirstAdministrator, type FirstAdministrator } from './application/create-first-administrator.js';
import { CreateStaff, type NewStaff } from './application/create-staff.js';
import { CreateUnit, type NewUnit } from './application/create-unit.js';
import { FindOrganization, type StaffQuestion } from './application/find-organization.query.js';
import type { ApiKeyScope, IssuedApiKey } from './domain/api-key.js';
import { StaffNotFound, UnitNotFound } from './domain/refusals.js';
import type { StaffMember } from './domain/staff.js';
import type { Unit, UnitKind } from './domain/unit.js';

/** The front door of the organization: units, staff, roles and keys. The register of reads is `AccessRegister`. */
@Injectable()
export class OrganizationFacade {
  constructor(
    private readonly firstAdministrator: CreateFirstAdministrator,
    private readonly apiKeys: CreateApiKey,
    private readonly units: CreateUnit,
    private readonly staff: CreateStaff,
    private readonly find: FindOrganization,
  ) {}

  /**
   * Makes the login `admin` when nobody has ever been let in. Its password is answered once and stored as a hash only;
   * `undefined` when there is somebody. However many processes start at once, one of them gets it.
   */
  ensureFirstAdministrator(): Promise<FirstAdministrator | undefined> {
    return this.firstAdministrator.execute();
  }

  /** A usable API key of this name. A live one of the same name is revoked, since it cannot be read again. */
  ensureSystemKey(name: string, role: string, source?: string): Promise<IssuedApiKey> {
    return this.apiKeys.replace({ name, role, source, kinds: [], provinces: [] });
  }

  /** What the system with this actor id may send. `undefined` for staff and for keys that are revoked. */
  scopeOfApiKey(apiKeyId: string): Promise<ApiKeyScope | undefined> {
    return this.find.scopeOfApiKey(apiKeyId);
  }

  /** @throws StaffNotFound */
  async staffById(staffId: string, tx?: Tx): Promise<StaffMember> {
    const member = await this.find.staffById(staffId, tx);
    if (!member) throw new StaffNotFound();
    return member;
  }

  /** Active members of the staff, by login: of a unit and all below it, of a role. */
  listStaff(question: StaffQuestion = {}): Promise<readonly StaffMember[]> {
    return this.find.listStaff(question);
  }

  /** @throws UnitNotFound */
  async unitById(unitId: string, tx?: Tx): Promise<Unit> {
    const unit = await this.find.unitById(unitId, tx);
    if (!unit) throw new UnitNotFound();
    return unit;
  }

  /** `unitByCode('province', '440000')` */
  unitByCode(kind: UnitKind, code: string): Promise<Unit | undefined> {
    return this.find.unitByCode(kind, code);
  }

  /** The unit and everything below it, parents first. */
  subtree(unitId: string): Promise<readonly Unit[]> {
    return this.find.subtree(unitId);
  }

  /** The unit of this kind and code, made when it is not there. @throws UnitNotFound, NotBelow */
  ensureUnit(unit: NewUnit): Promise<Unit> {
    return this.units.ensure(unit);
  }

  /** The member of the staff with this login, made when there is none (an existing one is not changed). */
  ensureStaff(member: NewStaff): Promise<StaffMember> {
    return this.staff.ensure(member);
  }
}
