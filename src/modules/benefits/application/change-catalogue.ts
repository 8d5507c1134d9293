import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { TieringFacade } from '../../tiering/index.js';
import type { Benefit, BenefitQuota } from '../domain/benefit.js';
import {
  BenefitNotFound,
  BenefitTaken,
  DayIsGone,
  EndsBeforeItBegins,
  UnknownBenefit,
  UnknownLevel,
} from '../domain/refusals.js';
import { appendQuota, insertBenefit, lockBenefit, storeBenefit } from '../persistence/catalogue.js';

export interface ChangeOfBenefit {
  readonly label?: Benefit['label'] | undefined;
  readonly effectiveUntil?: string | undefined;
}

/** Says what there is to use, and how much of it a year of a level is worth (权益目录与配额). The night's run grants by it. */
@Injectable()
export class ChangeCatalogue {
  constructor(
    private readonly transaction: Transaction,
    private readonly tiering: TieringFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws BenefitTaken, DayIsGone, EndsBeforeItBegins, NoRuleSetInEffect */
  async create(benefit: Benefit): Promise<Benefit> {
    const today = this.today();
    requireToCome('effectiveFrom', benefit.effectiveFrom, today);
    requireOrder(benefit);
    await this.tiering.levelYearOf(benefit.program, today);
    return this.transaction.run(async (tx) => {
      if (!(await insertBenefit(tx, benefit, this.clock.now()))) throw new BenefitTaken(benefit.code);
      tx.audit({ action: 'benefits.create', objectType: 'Benefit', objectId: benefit.code, after: benefit });
      return benefit;
    });
  }

  /** @throws BenefitNotFound, DayIsGone, EndsBeforeItBegins */
  async change(code: string, { label, effectiveUntil }: ChangeOfBenefit): Promise<Benefit> {
    return this.transaction.run(async (tx) => {
      const before = await lockBenefit(tx, code);
      if (!before) throw new BenefitNotFound();
      const after = {
        ...before,
        label: label ?? before.label,
        effectiveUntil: effectiveUntil ?? before.effectiveUntil,
      };
      if (after.effectiveUntil !== before.effectiveUntil)
        requireToCome('effectiveUntil', after.effectiveUntil, this.today());
      requireOrder(after);
      await storeBenefit(tx, after);
      tx.audit({ action: 'benefits.change', objectType: 'Benefit', objectId: code, before, after });
      return after;
    });
  }

  /** Appends a version; those before it stay. @throws UnknownBenefit, UnknownLevel, DayIsGone */
  async setQuota(quota: Omit<BenefitQuota, 'version'>): Promise<BenefitQuota> {
    const today = this.today();
    requireToCome('effectiveFrom', quota.effectiveFrom, today);
    return this.transaction.run(async (tx) => {
      const benefit = await lockBenefit(tx, quota.benefit);
      if (!benefit) throw new UnknownBenefit(quota.benefit);
      const { scale } = await this.tiering.levelYearOf(benefit.program, today, tx);
      if (!scale.includes(quota.level)) throw new UnknownLevel(scale);
      const after = await appendQuota(tx, quota, this.clock.now());
      const objectId = `${after.benefit}~${after.level}~${after.version}`;
      tx.audit({ action: 'benefits.set-quota', objectType: 'BenefitQuota', objectId, after });
      return after;
    });
  }

  private today(): string {
    return businessDate(this.clock.now());
  }
}

function requireToCome(field: 'effectiveFrom' | 'effectiveUntil', day: string, today: string): void {
  if (day < today) throw new DayIsGone(field, today);
}

function requireOrder({ effectiveFrom, effectiveUntil }: Pick<Benefit, 'effectiveFrom' | 'effectiveUntil'>): void {
  if (effectiveUntil < effectiveFrom) throw new EndsBeforeItBegins(effectiveFrom);
}
