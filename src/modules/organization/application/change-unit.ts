import { Injectable } from '@nestjs/common';
import { Transaction } from '../../../platform/database/index.js';
import { StaleVersion, UnitNotFound } from '../domain/refusals.js';
import type { Unit } from '../domain/unit.js';
import { UnitEntity } from '../persistence/unit.entity.js';
import { unitOf } from '../persistence/views.js';

/** Renames a unit. Code and place in the tree stay: others refer to them. */
@Injectable()
export class ChangeUnit {
  constructor(private readonly transaction: Transaction) {}

  /** @throws UnitNotFound, StaleVersion */
  execute(unitId: string, change: { readonly name?: string }, expectedVersion?: number): Promise<Unit> {
    return this.transaction.run(async (tx) => {
      const unit = await tx.manager.findOne(UnitEntity, { where: { unitId }, lock: { mode: 'pessimistic_write' } });
      if (!unit) throw new UnitNotFound();
      if (expectedVersion !== undefined && expectedVersion !== unit.version)
        throw new StaleVersion(expectedVersion, unit.version);
      const before = unitOf(unit);
      unit.name = change.name ?? unit.name;
      unit.version += 1;
      const after = unitOf(await tx.manager.save(unit));
      tx.audit({ action: 'organization.change-unit', objectType: 'Unit', objectId: unitId, before, after });
      return after;
    });
  }
}
