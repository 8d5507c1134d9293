import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { isId, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { CodeTaken, UnitNotFound } from '../domain/refusals.js';
import { pathBelow, type Unit, type UnitKind } from '../domain/unit.js';
import { UnitEntity } from '../persistence/unit.entity.js';
import { unitOf } from '../persistence/views.js';

export interface NewUnit {
  readonly parentId: string;
  readonly kind: UnitKind;
  readonly code: string;
  readonly name: string;
}

@Injectable()
export class CreateUnit {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws UnitNotFound (the parent), NotBelow, CodeTaken */
  execute(unit: NewUnit): Promise<Unit> {
    return this.transaction.run(async (tx) => {
      const created = await this.insert(tx, unit);
      if (!created) throw new CodeTaken(unit.kind);
      return created;
    });
  }

  ensure(unit: NewUnit): Promise<Unit> {
    return this.transaction.run(async (tx) => {
      const created = await this.insert(tx, unit);
      return created ?? unitOf(await tx.manager.findOneByOrFail(UnitEntity, { kind: unit.kind, code: unit.code }));
    });
  }

  private async insert(tx: Tx, { parentId, kind, code, name }: NewUnit): Promise<Unit | undefined> {
    const parent = isId(parentId) ? await tx.manager.findOneBy(UnitEntity, { unitId: parentId }) : null;
    if (!parent) throw new UnitNotFound();
    const unitId = newId();
    const path = pathBelow(parent, { kind, unitId });
    const row = { unitId, parentId, kind, code, name, path, createdAt: this.clock.now(), version: 1 };
    const inserted = await tx.manager
      .createQueryBuilder()
      .insert()
      .into(UnitEntity)
      .values(row)
      .orIgnore()
      .returning('unit_id')
      .execute();
    if ((inserted.raw as unknown[]).length === 0) return undefined;
    tx.audit({ action: 'organization.create-unit', objectType: 'Unit', objectId: unitId, after: unitOf(row) });
    return unitOf(row);
  }
}
