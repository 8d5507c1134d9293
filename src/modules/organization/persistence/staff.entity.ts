import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { StaffStatus } from '../domain/staff.js';
import { UnitEntity } from './unit.entity.js';

@Entity({ schema: 'organization', name: 'staff' })
@Unique('staff_login_once', ['login'])
@Check('staff_status', `status IN ('active', 'deactivated')`)
@Index('staff_of_unit', ['unitId'])
export class StaffEntity {
  @PrimaryColumn('uuid', { name: 'staff_id' }) staffId!: string;
  @Column('text') login!: string;
  @Column('text', { name: 'display_name' }) displayName!: string;
  @Column('text', { name: 'password_hash' }) passwordHash!: string;
  @Column('uuid', { name: 'unit_id' })
  @ForeignKey(() => UnitEntity, 'unitId', { name: 'staff_unit' })
  unitId!: string;
  @Column('text', { array: true }) roles!: string[];
  @Column('text') status!: StaffStatus;
  @Column('integer', { name: 'token_version' }) tokenVersion!: number;
  @Column('integer', { name: 'failed_attempts' }) failedAttempts!: number;
  @Column('timestamptz', { name: 'locked_until', nullable: true }) lockedUntil!: Date | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('integer') version!: number;
}
