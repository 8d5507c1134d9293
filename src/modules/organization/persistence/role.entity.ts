import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { RoleScope } from '../domain/scope.js';

@Entity({ schema: 'organization', name: 'role' })
@Check('role_scope', `scope IN ('unit', 'portfolio', 'self')`)
export class RoleEntity {
  @PrimaryColumn('text') role!: string;
  @Column('text') name!: string;
  @Column('text', { array: true }) permissions!: string[];
  @Column('boolean', { name: 'is_for_systems' }) isForSystems!: boolean;
  @Column('boolean', { name: 'is_shipped', default: false }) isShipped!: boolean;
  @Column('text', { default: 'unit' }) scope!: RoleScope;
  @Column('text', { name: 'conflicts_with', array: true, default: [] }) conflictsWith!: string[];
}
