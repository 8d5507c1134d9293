import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { RoleEntity } from './role.entity.js';

@Entity({ schema: 'organization', name: 'api_key' })
@Index('api_key_live_name', ['name'], { unique: true, where: 'revoked_at IS NULL' })
export class ApiKeyEntity {
  @PrimaryColumn('uuid', { name: 'api_key_id' }) apiKeyId!: string;
  @Column('text') name!: string;
  @Column('text')
  @ForeignKey(() => RoleEntity, 'role', { name: 'api_key_role' })
  role!: string;
  @Column('text', { nullable: true }) source!: string | null;
  @Column('text', { array: true }) kinds!: string[];
  @Column('text', { array: true }) provinces!: string[];
  @Column('boolean', { name: 'must_sign' }) mustSign!: boolean;
  @Column('text', { array: true }) addresses!: string[];
  @Column('integer', { name: 'requests_per_minute', nullable: true }) requestsPerMinute!: number | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}
