import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { UnitKind } from '../domain/unit.js';

@Entity({ schema: 'organization', name: 'unit' })
@Unique('unit_code_once', ['kind', 'code'])
@Check('unit_kind', `kind IN ('group', 'province', 'branch', 'hall', 'tenant')`)
// In "C" order, which the ORM cannot say.
@Index('unit_path', { synchronize: false })
export class UnitEntity {
  @PrimaryColumn('uuid', { name: 'unit_id' }) unitId!: string;
  @Column('uuid', { name: 'parent_id', nullable: true })
  @ForeignKey(() => UnitEntity, 'unitId', { name: 'unit_parent' })
  parentId!: string | null;
  @Column('text') kind!: UnitKind;
  @Column('text') code!: string;
  @Column('text') name!: string;
  @Column('text') path!: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('integer') version!: number;
}
