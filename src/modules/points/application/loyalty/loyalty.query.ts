import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../../platform/database/index.js';
import { type CustomerResolver, type ListSource, ResolvesCustomer } from '../../../../platform/http/index.js';
import type { PointsType } from '../../domain/ledger/ledger.js';

/** A member and the account of one, in one row: each customer has one account. */
export interface LoyaltyMemberRow {
  readonly customer_id: string;
  readonly status: 'active' | 'suspended' | 'closed';
}

export interface LoyaltyBalanceRow {
  readonly customer_id: string;
  /** `null`: never. */
  readonly expires_on: string | null;
  readonly points_type: PointsType;
  readonly funder_id: string;
  readonly remaining: number;
}

/** An entry of the journal that gave points or took some. */
export interface LoyaltyMovementRow {
  readonly customer_id: string;
  readonly journal_id: string;
  readonly kind: string;
  readonly points: number;
  readonly opening: number;
  readonly available_after: number;
  readonly occurred_at: Date;
}

/** Counting millions of rows for a page header would cost more than the page. */
export const COUNTED_UP_TO = 100_000;

const counted = (from: string): string =>
  `SELECT count(*) AS total FROM (SELECT FROM ${from} WHERE {where} LIMIT ${COUNTED_UP_TO}) counted`;

export const MEMBERS: ListSource = {
  select: `a.customer_id, CASE WHEN a.status = 'CLOSED' THEN 'closed'
    WHEN a.frozen_reason IS NOT NULL OR p.status = 'suspended' THEN 'suspended' ELSE 'active' END AS status`,
  from: 'points.point_account a LEFT JOIN customers.profile p ON p.customer_id = a.customer_id',
  countSql: counted('points.point_account a'),
};

export const BALANCES: ListSource = {
  select: `b.customer_id, NULLIF(b.expires_on, 'infinity') AS expires_on, b.points_type, b.funder_id, b.remaining`,
  from: 'points.point_bucket b',
  where: 'b.remaining > 0',
  countSql: counted('points.point_bucket b'),
};

const movements = (where: string): ListSource => ({
  select: `j.customer_id, j.journal_id, j.kind::text AS kind, j.points, COALESCE(before.available_after, 0) AS opening,
    j.available_after, j.occurred_at`,
  from: `points.journal j LEFT JOIN points.journal before
    ON before.customer_id = j.customer_id AND before.account_version = j.account_version - 1`,
  where,
  countSql: counted('points.journal j'),
});
export const EARNS = movements('j.points > 0');
export const BURNS = movements('j.points < 0');

/** Members, accounts, balances, earns and burns, one at a time (TMF658). */
@Injectable()
export class FindLoyalty {
  constructor(private readonly database: Database) {}

  async member(id: string): Promise<LoyaltyMemberRow | undefined> {
    if (!isId(id)) return undefined;
    return this.one<LoyaltyMemberRow>(MEMBERS, 'a.customer_id = $1', [id]);
  }

  async balance(id: string): Promise<LoyaltyBalanceRow | undefined> {
    const parts = /^([^~]+)~(\d{4}-\d\d-\d\d|never)~([A-Z]+)~(.+)$/.exec(id);
    const [, customerId = '', lastDay = '', pointsType = '', funderId = ''] = parts ?? [];
    if (!isId(customerId)) return undefined;
    return this.one<LoyaltyBalanceRow>(
      BALANCES,
      'b.customer_id = $1 AND b.expires_on::text = $2 AND b.points_type::text = $3 AND b.funder_id = $4',
      [customerId, lastDay === 'never' ? 'infinity' : lastDay, pointsType, funderId],
    );
  }

  earn(id: string): Promise<LoyaltyMovementRow | undefined> {
    return this.movement(EARNS, id);
  }

  burn(id: string): Promise<LoyaltyMovementRow | undefined> {
    return this.movement(BURNS, id);
  }

  private async movement(source: ListSource, id: string): Promise<LoyaltyMovementRow | undefined> {
    const [customerId = '', journalId = ''] = id.split('~');
    if (!isId(customerId) || !isId(journalId)) return undefined;
    return this.one<LoyaltyMovementRow>(source, 'j.customer_id = $1 AND j.journal_id = $2', [customerId, journalId]);
  }

  private async one<R extends object>(
    source: ListSource,
    condition: string,
    params: unknown[],
  ): Promise<R | undefined> {
    const where = [source.where, condition].filter(Boolean).join(' AND ');
    const [row] = await this.database.query<R>(`SELECT ${source.select} FROM ${source.from} WHERE ${where}`, params);
    return row;
  }
}

/** An id says whose it is, so that it is found among the rows of one customer. */
export const loyaltyBalanceId = ({ customer_id, expires_on, points_type, funder_id }: LoyaltyBalanceRow): string =>
  [customer_id, expires_on ?? 'never', points_type, funder_id].join('~');

export const loyaltyMovementId = ({ customer_id, journal_id }: LoyaltyMovementRow): string =>
  `${customer_id}~${journal_id}`;

@ResolvesCustomer('loyaltyBalance')
@Injectable()
export class CustomerOfLoyaltyBalance implements CustomerResolver {
  constructor(private readonly find: FindLoyalty) {}

  async customerOf(id: string): Promise<string | undefined> {
    return (await this.find.balance(id))?.customer_id;
  }
}

@ResolvesCustomer('loyaltyEarn')
@Injectable()
export class CustomerOfLoyaltyEarn implements CustomerResolver {
  constructor(private readonly find: FindLoyalty) {}

  async customerOf(id: string): Promise<string | undefined> {
    return (await this.find.earn(id))?.customer_id;
  }
}

@ResolvesCustomer('loyaltyBurn')
@Injectable()
export class CustomerOfLoyaltyBurn implements CustomerResolver {
  constructor(private readonly find: FindLoyalty) {}

  async customerOf(id: string): Promise<string | undefined> {
    return (await this.find.burn(id))?.customer_id;
  }
}
