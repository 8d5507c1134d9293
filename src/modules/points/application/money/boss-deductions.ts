import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Database, isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { OrganizationFacade } from '../../../organization/index.js';
import { PointsRedeemed } from '../../domain/ledger/events.js';
import { NotABillingSystem, SerialReused } from '../../domain/money/refusals-of-money.js';
import { type Purpose, REDEEMED } from '../../domain/ledger/redemption.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { withinBudget } from '../../persistence/money/budgets.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';

export interface DeductPoints {
  readonly customerId: string;
  readonly points: number;
  readonly purpose: Purpose;
  /** BOSS's own number of the deduction (流水号). */
  readonly serialNumber: string;
  readonly source: string;
  readonly actorId: string;
}

export interface Deduction {
  readonly source: string;
  readonly serialNumber: string;
  readonly customerId: string;
  readonly journalId: string;
  readonly points: number;
  readonly availableAfter: number;
  readonly businessDate: string;
  readonly deductedAt: Date;
}

interface DeductionRow {
  readonly customer_id: string;
  readonly journal_id: string;
  readonly points: number;
  readonly request_hash: string;
}

/** What BOSS says that it deducted, or what we have of it. */
export interface Listed {
  readonly serialNumber: string;
  readonly points: number;
}

export interface DeductionDifference {
  readonly serialNumber: string;
  readonly kind: 'ONLY_OURS' | 'ONLY_THEIRS' | 'OTHER_POINTS';
  readonly ourPoints?: number;
  readonly theirPoints?: number;
}

export interface DeductionDay {
  readonly source: string;
  readonly businessDate: string;
  readonly ourCount: number;
  readonly ourPoints: number;
  readonly theirCount: number;
  readonly theirPoints: number;
  readonly differences: readonly DeductionDifference[];
}

/** Points that BOSS asks for and deducts itself (BOSS侧积分查询、扣减, PTS-28): of the same ledger, and compared day by day. */
@Injectable()
export class BossDeductions {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly ledger: SingleOperations,
    private readonly organization: OrganizationFacade,
    private readonly clock: Clock,
  ) {}

  /** A system is the source that its key was made for, whatever it says; people say whose deductions they mean. @throws NotABillingSystem */
  async sourceOf(actor: Actor, named: string | undefined): Promise<string> {
    const source = actor.kind === 'system' ? (await this.organization.scopeOfApiKey(actor.id))?.source : named;
    if (source === undefined) throw new NotABillingSystem();
    return source;
  }

  /**
   * Once per source and serial number, for ever.
   * @throws CustomerNotFound, SerialReused, InvalidPointsAmount, AccountClosed, AccountFrozen, RealNameNeeded, KeyPersonNeeded,
   *   BelowThreshold, InsufficientPoints, BudgetUsedUp
   */
  async execute({ customerId, points, purpose, serialNumber, source, actorId }: DeductPoints): Promise<Deduction> {
    if (!isId(customerId)) throw new CustomerNotFound();
    const now = this.clock.now();
    const day = businessDate(now);
    const hash = requestHash(customerId, points, purpose);
    return this.transaction.run(async (tx) => {
      const journalId = newId();
      // Of two at once the second waits here for the first.
      const inserted = await tx.execute(
        `INSERT INTO points.boss_deduction (source, serial_no, customer_id, journal_id, points, request_hash, business_date, deducted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
        [source, serialNumber, customerId, journalId, points, hash, day, now],
      );
      const known = inserted === 0 ? await deductionOf(tx, source, serialNumber) : undefined;
      if (known && known.request_hash !== hash) throw new SerialReused();
      const { entry, isRepeated } = await this.ledger.spend(withinBudget(tx, purpose), {
        customerId,
        journalId,
        idemKey: `boss:${source}:${serialNumber}`,
        requestHash: hash,
        occurredAt: now,
        recordedAt: now,
        businessDate: day,
        channel: 'BOSS',
        actorId,
        event: PointsRedeemed.name,
        kind: 'REDEMPTION',
        points,
        into: REDEEMED[purpose],
        metadata: { purpose, source, serialNumber },
      });
      if (!isRepeated) {
        tx.audit({
          action: 'points.deduct',
          objectType: 'PointsDeduction',
          objectId: journalId,
          customerId,
          after: { points, purpose, source, serialNumber },
        });
      }
      return {
        source,
        serialNumber,
        customerId,
        journalId: entry.journalId,
        points,
        availableAfter: entry.availableAfter,
        businessDate: entry.businessDate,
        deductedAt: entry.occurredAt,
      };
    });
  }

  /** Holds BOSS's list of a day against ours; the last word of a day counts (每日对账). */
  reconcile(source: string, day: string, theirs: readonly Listed[]): Promise<DeductionDay> {
    return this.transaction.run(async (tx) => {
      const ours = await tx.query<Listed & Record<string, unknown>>(
        `SELECT serial_no AS "serialNumber", points FROM points.boss_deduction
         WHERE business_date = $1 AND source = $2 ORDER BY serial_no`,
        [day, source],
      );
      const stated: DeductionDay = {
        source,
        businessDate: day,
        ourCount: ours.length,
        ourPoints: sumOf(ours),
        theirCount: theirs.length,
        theirPoints: sumOf(theirs),
        differences: differencesOf(ours, theirs),
      };
      await tx.execute(
        `INSERT INTO points.deduction_day (source, business_date, our_count, our_points, their_count, their_points, differences, stated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (source, business_date) DO UPDATE SET our_count = excluded.our_count, our_points = excluded.our_points,
           their_count = excluded.their_count, their_points = excluded.their_points, differences = excluded.differences,
           stated_at = excluded.stated_at`,
        [
          ...[source, day, stated.ourCount, stated.ourPoints, stated.theirCount, stated.theirPoints],
          ...[JSON.stringify(stated.differences), this.clock.now()],
        ],
      );
      return stated;
    });
  }

  /** Newest first; of one source when there is one. */
  days(source: string | undefined): Promise<readonly DeductionDay[]> {
    return this.database.query<DeductionDay & Record<string, unknown>>(
      `SELECT source, business_date AS "businessDate", our_count AS "ourCount", our_points AS "ourPoints", their_count AS "theirCount",
         their_points AS "theirPoints", differences
       FROM points.deduction_day WHERE $1::text IS NULL OR source = $1 ORDER BY business_date DESC, source LIMIT 400`,
      [source ?? null],
    );
  }
}

async function deductionOf(tx: Tx, source: string, serialNumber: string): Promise<DeductionRow | undefined> {
  const [row] = await tx.query<DeductionRow & Record<string, unknown>>(
    'SELECT customer_id, journal_id, points, request_hash FROM points.boss_deduction WHERE source = $1 AND serial_no = $2',
    [source, serialNumber],
  );
  return row;
}

const sumOf = (listed: readonly Listed[]): number => listed.reduce((sum, { points }) => sum + points, 0);

/** A number that they list twice is listed with both. */
export function differencesOf(ours: readonly Listed[], theirs: readonly Listed[]): readonly DeductionDifference[] {
  const theirPoints = new Map<string, number>();
  for (const { serialNumber, points } of theirs) {
    theirPoints.set(serialNumber, (theirPoints.get(serialNumber) ?? 0) + points);
  }
  const ourPoints = new Map(ours.map(({ serialNumber, points }) => [serialNumber, points]));
  return [...new Set([...ourPoints.keys(), ...theirPoints.keys()])]
    .sort()
    .flatMap((serialNumber): DeductionDifference[] => {
      const [our, their] = [ourPoints.get(serialNumber), theirPoints.get(serialNumber)];
      if (our === their) return [];
      if (their === undefined)
        return [{ serialNumber, kind: 'ONLY_OURS', ...(our !== undefined && { ourPoints: our }) }];
      if (our === undefined) return [{ serialNumber, kind: 'ONLY_THEIRS', theirPoints: their }];
      return [{ serialNumber, kind: 'OTHER_POINTS', ourPoints: our, theirPoints: their }];
    });
}
