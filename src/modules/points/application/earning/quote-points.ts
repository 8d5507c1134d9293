import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Database } from '../../../../platform/database/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import {
  billOf,
  type BillFigures,
  type EarnFacts,
  monthsInNetwork,
  type Quote,
  quoteOf,
} from '../../domain/earning/earn-quote.js';
import type { Charge, EarnRuleSet, Tier } from '../../domain/earning/earn-rule-set.js';
import { NoEarnRulesThen } from '../../domain/earning/refusals-of-earning.js';
import { allRuleSets } from '../../persistence/earning/earn-rule-sets.js';

export type BillCharges = Readonly<Partial<Record<Charge | 'discount' | 'gift', number>>>;

export interface QuotePoints {
  readonly customerId: string;
  /** Business day as of which levels count, and of whose month the rules are; default today. */
  readonly asOf?: string | undefined;
  /** A bill that might be; without it those that the customer has for the month. */
  readonly charges?: BillCharges | undefined;
}

export interface QuotedBill extends Quote {
  readonly source?: string;
  readonly billNo?: string;
}

export interface PointsQuote {
  readonly customerId: string;
  readonly asOf: string;
  /** Billing month, its first day. */
  readonly cycle: string;
  readonly ruleSetVersion: number;
  readonly facts: EarnFacts;
  readonly bills: readonly QuotedBill[];
  readonly points: number;
  /** Why the points would not be posted as things stand. */
  readonly blockedBy?: 'DEPARTED' | 'REAL_NAME' | 'CLOSED';
}

/** What bills would earn (积分试算): a dry run for one customer, by the rules and facts of a day. Nothing is posted. */
@Injectable()
export class QuotePointsQuery {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, NoEarnRulesThen */
  async execute({ customerId, asOf = businessDate(this.clock.now()), charges }: QuotePoints): Promise<PointsQuote> {
    const cycle = `${asOf.slice(0, 7)}-01`;
    const { version, rules } = await this.rulesOf(cycle);
    const customer = await this.customerOf(customerId, asOf, cycle);
    const facts: EarnFacts = {
      tier: customer.tier,
      star: customer.star ?? undefined,
      brand: customer.brand ?? undefined,
      monthsInNetwork: customer.activated_on === null ? undefined : monthsInNetwork(customer.activated_on, cycle),
      creditGrade: customer.grade ?? undefined,
      suspensions: customer.suspensions,
    };
    const bills = (charges ? [{ figures: billOf(charges) }] : await this.billsOf(customerId, cycle)).map(
      ({ figures, ...bill }): QuotedBill => ({ ...bill, ...quoteOf(figures, facts, rules, cycle) }),
    );
    const blockedBy = blocking(customer);
    return {
      customerId,
      asOf,
      cycle,
      ruleSetVersion: version,
      facts,
      bills,
      points: bills.reduce((sum, { points }) => sum + points, 0),
      ...(blockedBy && { blockedBy }),
    };
  }

  private async rulesOf(cycle: string): Promise<EarnRuleSet> {
    const sets = await allRuleSets(this.database);
    const found = sets.find(
      ({ effectiveFrom, effectiveTo }) => effectiveFrom <= cycle && (effectiveTo === 'infinity' || cycle < effectiveTo),
    );
    if (!found) throw new NoEarnRulesThen({ month: cycle.slice(0, 7) });
    return found;
  }

  private async customerOf(customerId: string, asOf: string, cycle: string): Promise<CustomerRow> {
    const held = (program: string): string => `(
      SELECT l.tier FROM tiering.level_period l
      WHERE l.customer_id = p.customer_id AND l.program = '${program}' AND l.valid_from <= $2 AND l.valid_until > $2
      ORDER BY l.valid_from DESC LIMIT 1)`;
    const [row] = await this.database.query<CustomerRow & Record<string, unknown>>(
      `SELECT COALESCE(${held('GOTONE')}, 'ORDINARY') AS tier, ${held('STAR')} AS star, p.brand, p.activated_on,
         COALESCE(${held('CREDIT')}, p.credit_grade) AS grade, COALESCE(f.two_way_suspensions, 0) AS suspensions, p.archive,
         COALESCE(p.real_name OR p.kind = 'group', false) AS may_earn, a.status
       FROM customers.profile p
       LEFT JOIN usage.month_fact f ON f.customer_id = p.customer_id AND f.month = $3
       LEFT JOIN points.point_account a ON a.customer_id = p.customer_id
       WHERE p.customer_id = $1`,
      [customerId, asOf, cycle],
    );
    if (!row) throw new CustomerNotFound();
    return row;
  }

  private async billsOf(customerId: string, cycle: string): Promise<readonly BillOfCustomer[]> {
    const rows = await this.database.query<BillRow & Record<string, unknown>>(
      `SELECT source, bill_no, payable_fen, monthly_fee_fen, voice_fen, sms_fen, data_fen, roaming_fen, vas_fen,
         collected_for_others_fen, adjustment_fen
       FROM usage.bill WHERE customer_id = $1 AND cycle = $2 AND is_current ORDER BY source, bill_no`,
      [customerId, cycle],
    );
    return rows.map((row) => ({
      source: row.source,
      billNo: row.bill_no,
      figures: {
        payable: row.payable_fen,
        monthlyFee: row.monthly_fee_fen,
        voice: row.voice_fen,
        sms: row.sms_fen,
        data: row.data_fen,
        roaming: row.roaming_fen,
        valueAddedService: row.vas_fen,
        collectedForOthers: row.collected_for_others_fen,
        adjustment: row.adjustment_fen,
      },
    }));
  }
}

function blocking({ archive, may_earn, status }: CustomerRow): PointsQuote['blockedBy'] {
  if (archive !== 'in-network') return 'DEPARTED';
  if (status === 'CLOSED') return 'CLOSED';
  return may_earn ? undefined : 'REAL_NAME';
}

interface BillOfCustomer {
  readonly source?: string;
  readonly billNo?: string;
  readonly figures: BillFigures;
}

interface CustomerRow {
  readonly tier: Tier;
  readonly star: string | null;
  readonly brand: string | null;
  readonly activated_on: string | null;
  readonly grade: string | null;
  readonly suspensions: number;
  readonly archive: string;
  readonly may_earn: boolean;
  readonly status: 'ACTIVE' | 'CLOSED' | null;
}

interface BillRow {
  readonly source: string;
  readonly bill_no: string;
  readonly payable_fen: number;
  readonly monthly_fee_fen: number;
  readonly voice_fen: number;
  readonly sms_fen: number;
  readonly data_fen: number;
  readonly roaming_fen: number;
  readonly vas_fen: number;
  readonly collected_for_others_fen: number;
  readonly adjustment_fen: number;
}
