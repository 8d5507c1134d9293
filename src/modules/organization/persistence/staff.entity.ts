import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { StaffStatus } from '../domain/staff.js';
import { UnitEntity } from './unit.entity.js';

@Entity({ schema: 'organization', name: 'staff' })
@Unique('staff_login_once', ['login'])
@Unique('staff_external_subject_once', ['externalSubject'])
@Check('staff_status', `status IN ('active', 'deactivated')`)
@Check('staff_signs_in_one_way', `(password_hash IS NULL) = (external_subject IS NOT NULL)`)
@Index('staff_of_unit', ['unitId'])
export class StaffEntity {
  @PrimaryColumn('uuid', { name: 'staff_id' }) staffId!: string;
  @Column('text') login!: string;
  @Column('text', { name: 'display_name' }) displayName!: string;
  /** Nobody's whom an OpenID Connect issuer signs in. */
  @Column('text', { name: 'password_hash', nullable: true }) passwordHash!: string | null;
  /** Issuer and subject there. */
  @Column('text', { name: 'external_subject', nullable: true }) externalSubject!: string | null;
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
