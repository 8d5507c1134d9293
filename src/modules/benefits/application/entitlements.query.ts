import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import type { Benefit, BenefitUse } from '../domain/benefit.js';
import { UseNotFound } from '../domain/refusals.js';
import { USE_COLUMNS, useOf, useWithId, type UseRow } from '../persistence/uses.js';

/** What a customer may use of a benefit in a level year, `levelYear <= day < validUntil`. */
export interface Entitlement extends Pick<Benefit, 'label' | 'unit'> {
  readonly benefit: string;
  readonly levelYear: string;
  readonly validUntil: string;
  /** By which it was last granted. */
  readonly level: string;
  /** The decision that gave the level; null for the lowest. */
  readonly decisionId: string | null;
  readonly granted: number;
  /** What points were exchanged for, beside it. */
  readonly exchanged: number;
  readonly used: number;
}

const ENTITLEMENTS = {
  select: `e.benefit, b.label, b.unit, e.level_year AS "levelYear", e.valid_until AS "validUntil", e.level,
    e.decision_id AS "decisionId", e.granted, e.exchanged, e.used`,
  from: 'benefits.entitlement e JOIN benefits.benefit b ON b.code = e.benefit',
};

@Injectable()
export class FindEntitlements {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersFacade,
  ) {}

  /** @throws CustomerNotFound */
  async ofCustomer<View extends object>(
    customerId: string,
    list: ListRequest,
    view: (entitlement: Entitlement) => View,
  ): Promise<Page<View>> {
    await this.assertExists(customerId);
    const source = { ...ENTITLEMENTS, where: 'e.customer_id = $1', params: [customerId] };
    return readPage<Entitlement, View>(this.database, list, source, view);
  }

  /** @throws CustomerNotFound */
  async uses<View extends object>(
    customerId: string,
    list: ListRequest,
    view: (use: BenefitUse) => View,
  ): Promise<Page<View>> {
    await this.assertExists(customerId);
    const from = 'benefits.entitlement_use u';
    const source = { select: USE_COLUMNS, from, where: 'u.customer_id = $1', params: [customerId] };
    return readPage<UseRow, View>(this.database, list, source, (row) => view(useOf(row)));
  }

  /** @throws UseNotFound */
  async use(customerId: string, useId: string): Promise<BenefitUse> {
    const found = await useWithId(this.database, customerId, useId);
    if (!found) throw new UseNotFound();
    return found;
  }

  private async assertExists(customerId: string): Promise<void> {
    if (!(await this.customers.exists(customerId))) throw new CustomerNotFound();
  }
}
