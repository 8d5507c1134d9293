import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import type { Benefit, BenefitQuota } from '../domain/benefit.js';
import { BenefitNotFound } from '../domain/refusals.js';
import { BENEFIT_COLUMNS, benefitOf, QUOTA_COLUMNS } from '../persistence/catalogue.js';

@Injectable()
export class FindCatalogue {
  constructor(private readonly database: Database) {}

  benefits<View extends object>(list: ListRequest, view: (benefit: Benefit) => View): Promise<Page<View>> {
    const source = { select: BENEFIT_COLUMNS, from: 'benefits.benefit b' };
    return readPage<Benefit, View>(this.database, list, source, view);
  }

  /** @throws BenefitNotFound */
  async benefit(code: string): Promise<Benefit> {
    const found = await benefitOf(this.database, code);
    if (!found) throw new BenefitNotFound();
    return found;
  }

  /** All versions. */
  quotas<View extends object>(list: ListRequest, view: (quota: BenefitQuota) => View): Promise<Page<View>> {
    const source = { select: QUOTA_COLUMNS, from: 'benefits.benefit_quota q' };
    return readPage<BenefitQuota, View>(this.database, list, source, view);
  }
}
