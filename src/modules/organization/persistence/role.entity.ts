import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ schema: 'organization', name: 'role' })
export class RoleEntity {
  @PrimaryColumn('text') role!: string;
  @Column('text') name!: string;
  @Column('text', { array: true }) permissions!: string[];
  @Column('boolean', { name: 'is_for_systems' }) isForSystems!: boolean;
}
