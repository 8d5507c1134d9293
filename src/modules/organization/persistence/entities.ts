import { ApiKeyEntity } from './api-key.entity.js';
import { RoleEntity } from './role.entity.js';
import { StaffEntity } from './staff.entity.js';
import { UnitEntity } from './unit.entity.js';

export const entities = [UnitEntity, StaffEntity, RoleEntity, ApiKeyEntity];
