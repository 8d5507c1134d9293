import { Injectable } from '@nestjs/common';
import { Database, isId, type Tx } from '../../../../platform/database/index.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import { PURPOSES, type Purpose } from '../../domain/ledger/redemption.js';
import { RedemptionNotFound } from '../../domain/ledger/refusals.js';
import { type Entry, entryOf, type EntryRow } from '../../persistence/ledger/points-ledger.js';

export interface Redemption {
  readonly redemptionId: string;
  readonly customerId: string;
  readonly points: number;
  readonly valueInFen: number;
  readonly purpose: Purpose;
  readonly channel: string;
  readonly status: 'completed' | 'reversed';
  /** Points available right after it; after its reversal when it is reversed. */
  readonly availableAfter: number;
  readonly redeemedAt: Date;
  readonly reversedAt: Date | undefined;
}

@Injectable()
export class FindRedemption {
  constructor(private readonly database: Database) {}

  /** @throws RedemptionNotFound */
  async execute(redemptionId: string): Promise<Redemption> {
    const redeemed = await this.entry(redemptionId);
    if (!redeemed) throw new RedemptionNotFound();
    const [reversal] = await this.database.query<Row>(
      `SELECT * FROM points.journal WHERE customer_id = $1 AND reverses_journal_id = $2`,
      [redeemed.customerId, redemptionId],
    );
    return redemptionOf(redeemed, reversal && entryOf(reversal));
  }

  /** The entry of a redemption, found by its id alone. */
  async entry(redemptionId: string, reader: Pick<Tx, 'query'> = this.database): Promise<Entry | undefined> {
    if (!isId(redemptionId)) return undefined;
    const [row] = await reader.query<Row>(
      `SELECT * FROM points.journal WHERE journal_id = $1 AND kind = 'REDEMPTION'`,
      [redemptionId],
    );
    return row && entryOf(row);
  }
}

type Row = EntryRow & Record<string, unknown>;

export function redemptionOf(redeemed: Entry, reversal?: Entry): Redemption {
  const points = -redeemed.points;
  const purpose = PURPOSES.find((each) => each === redeemed.metadata['purpose']);
  if (!purpose) throw new Error('A redemption has no purpose');
  return {
    redemptionId: redeemed.journalId,
    customerId: redeemed.customerId,
    points,
    valueInFen: valueInFen(points),
    purpose,
    channel: redeemed.channel ?? '',
    status: reversal ? 'reversed' : 'completed',
    availableAfter: (reversal ?? redeemed).availableAfter,
    redeemedAt: redeemed.occurredAt,
    reversedAt: reversal?.occurredAt,
  };
}
