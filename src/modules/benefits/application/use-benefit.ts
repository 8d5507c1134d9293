import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { TieringFacade } from '../../tiering/index.js';
import type { BenefitUse } from '../domain/benefit.js';
import { CustomerUsesNothingMore, QuotaUsedUp, UnknownBenefit, UseKeyReused } from '../domain/refusals.js';
import { benefitOf } from '../persistence/catalogue.js';
import { entitlementOn, takeUnits, type Wanted } from '../persistence/entitlements.js';
import { insertUse, useWithKey } from '../persistence/uses.js';
import { RegrantEntitlements } from './regrant-entitlements.js';

export interface UseBenefit extends Pick<BenefitUse, 'customerId' | 'benefit' | 'units' | 'channel' | 'place'> {
  readonly actorId: string;
  /** What the client calls this request: the same again is the same use. Ours alone when absent. */
  readonly key: string | undefined;
}

/** Writes a benefit off (权益核销): at most as often as it was granted, whoever else does so at the same moment. */
@Injectable()
export class UseBenefitUseCase {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly tiering: TieringFacade,
    private readonly regranting: RegrantEntitlements,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, UnknownBenefit, CustomerUsesNothingMore, QuotaUsedUp, UseKeyReused */
  async execute({ key, actorId, ...asked }: UseBenefit): Promise<BenefitUse> {
    const usedAt = this.clock.now();
    const day = businessDate(usedAt);
    const useId = newId();
    return this.transaction.run(async (tx) => {
      const { archive } = await this.customers.profileOf(asked.customerId, tx);
      if (archive !== 'in-network') throw new CustomerUsesNothingMore();
      const benefit = await benefitOf(tx, asked.benefit);
      if (!benefit) throw new UnknownBenefit(asked.benefit);
      const { from: levelYear } = await this.tiering.levelYearOf(benefit.program, day, tx);
      const use: BenefitUse = { ...asked, useId, levelYear, usedBy: actorId, usedAt };
      // Two clients may use the same key.
      const idemKey = `${actorId}:${key ?? useId}`;
      if (!(await insertUse(tx, use, idemKey))) return this.usedBefore(tx, use, idemKey);
      await this.take(tx, { ...asked, day });
      const { customerId, units, channel, place } = asked;
      const after = { benefit: benefit.code, units, channel, place };
      tx.audit({ action: 'benefits.use', objectType: 'BenefitUse', objectId: useId, customerId, after });
      return use;
    });
  }

  /** Whom neither an event nor the night has reached, as on the first morning of a level year, is granted now what is missing. */
  private async take(tx: Tx, wanted: Wanted): Promise<void> {
    if (await takeUnits(tx, wanted)) return;
    await this.regranting.execute(tx, [wanted.customerId], wanted.day);
    if (await takeUnits(tx, wanted)) return;
    throw new QuotaUsedUp({ ...(await entitlementOn(tx, wanted)), requested: wanted.units });
  }

  private async usedBefore(tx: Tx, asked: BenefitUse, idemKey: string): Promise<BenefitUse> {
    const before = await useWithKey(tx, asked.customerId, idemKey);
    const isSame = (['benefit', 'units', 'channel', 'place'] as const).every((each) => before?.[each] === asked[each]);
    if (!before || !isSame) throw new UseKeyReused();
    return before;
  }
}
