import { Injectable } from '@nestjs/common';
import type { Row, Statement } from '../../../../platform/database/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { assertPointsAmount } from '../../domain/ledger/points-amount.js';
import type { AccountCode, Lot, PointsType } from '../../domain/ledger/ledger.js';
import {
  AccountClosed,
  AccountFrozen,
  BelowThreshold,
  HoldEnded,
  HoldNotFound,
  InsufficientPoints,
  KeyReused,
  MoreThanHeld,
  RealNameNeeded,
} from '../../domain/ledger/refusals.js';
import { KeyPersonNeeded } from '../../domain/groups/refusals-of-groups.js';
import { intoOpenBooks } from './closed-books.js';
import { AUTHORISE_FOR_MANY, EARN_FOR_MANY, END_HOLD_FOR_MANY, SPEND_FOR_MANY } from './operations-for-many.js';
import { type Entry, entryOf, type EntryRow, type JournalKind } from './points-ledger.js';

/** A transaction that is open, or `Transaction` itself: then the operation is a transaction of its own, in one call. */
export interface Caller {
  prepared<R extends object = Row>(statement: Statement, params: readonly unknown[]): Promise<R[]>;
}

/** One operation on one account, and who asks for it. */
export interface Asked {
  readonly customerId: string;
  readonly journalId: string;
  /** What makes it the same when it comes again; unique per customer. */
  readonly idemKey: string;
  /** Of everything that the request says, by `requestHash`: another request under the same key is refused. */
  readonly requestHash: string;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  /** Day of the books, `YYYY-MM-DD`. */
  readonly businessDate: string;
  readonly channel?: string | undefined;
  readonly actorId?: string | undefined;
  readonly metadata?: object;
  /** Name of the event that tells of it: `{ customerId, journalId, points }`. */
  readonly event?: string;
}

export interface Earning extends Asked {
  readonly kind: Extract<JournalKind, 'AWARD' | 'GIFT' | 'ADJUSTMENT'>;
  readonly points: number;
  /** Without a last day it is that of the rules of the day. */
  readonly lot: Omit<Lot, 'expiresOn'> & Partial<Lot>;
  readonly from: 'ISSUED' | 'ADJUSTED';
}

export interface Spending extends Asked {
  readonly kind: JournalKind;
  readonly points: number;
  readonly into: Exclude<AccountCode, 'CUST_AVAILABLE' | 'CUST_HELD' | 'CUST_PENDING' | 'CUST_DEBT' | 'ISSUED'>;
  /** Classes that may be used for it; default all. */
  readonly classes?: readonly PointsType[] | undefined;
}

export interface Authorising extends Asked {
  readonly holdId: string;
  /** What the points are held for. */
  readonly purpose: 'POS' | 'ORDER' | 'AUCTION' | 'TRANSFER';
  readonly points: number;
  readonly expiresAt: Date;
  readonly classes?: readonly PointsType[] | undefined;
}

export interface Capturing extends Asked {
  readonly holdId: string;
  /** Up to what is held; the rest returns to its lots. */
  readonly points: number;
  readonly into: Spending['into'];
}

export interface Releasing extends Asked {
  readonly holdId: string;
  readonly as: 'VOIDED' | 'EXPIRED';
}

/** An entry, and whether it had been posted before: then nothing was changed now. */
export interface Posted {
  readonly entry: Entry;
  readonly isRepeated: boolean;
}

const ASKED = '$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12';
export const operation = (name: string, more: string, forMany?: string): Statement => ({
  name: `points.${name}`,
  text: `SELECT said, available_after, facts FROM points.${name}(${ASKED}, ${more})`,
  ...(forMany !== undefined && { forMany }),
});
const EARN = operation('earn', '$13, $14, $15, $16, $17', EARN_FOR_MANY);
const SPEND = operation('spend', '$13, $14, $15::points.points_type[]', SPEND_FOR_MANY);
const AUTHORISE = operation('authorise', '$13, $14::points.points_type[], $15, $16, $17', AUTHORISE_FOR_MANY);
const END_HOLD = operation('end_hold_and_give_back', '$13, $14, $15, $16', END_HOLD_FOR_MANY);
const BY_KEY = {
  name: 'points.by_key',
  text: 'SELECT * FROM points.journal WHERE customer_id = $1 AND idem_key = $2',
};

/** Single operations of the ledger: each one call, which locks the account, decides and posts (docs/points.md). */
@Injectable()
export class SingleOperations {
  /** What was posted under a key. */
  async posted(on: Caller, { customerId, idemKey }: Pick<Asked, 'customerId' | 'idemKey'>): Promise<Entry | undefined> {
    const [row] = await on.prepared<EntryRow>(BY_KEY, [customerId, idemKey]);
    return row && entryOf(row);
  }

  /** Gives points into a lot; a debt is repaid first. @throws CustomerNotFound, KeyReused, InvalidPointsAmount, AccountClosed, RealNameNeeded */
  async earn(on: Caller, asked: Earning): Promise<Posted> {
    const { points, lot, from } = asked;
    assertPointsAmount(points);
    return this.post(on, EARN, asked, {
      kind: asked.kind,
      points,
      more: [points, from, lot.expiresOn ?? null, lot.pointsType, lot.funderId],
    });
  }

  /**
   * Takes points, those that expire first, first.
   * @throws CustomerNotFound, KeyReused, InvalidPointsAmount, AccountClosed, AccountFrozen, RealNameNeeded, BelowThreshold, InsufficientPoints;
   *   KeyPersonNeeded of a group, unless the metadata names its `keyPersonId`
   */
  async spend(on: Caller, asked: Spending): Promise<Posted> {
    const { points, into, classes } = asked;
    assertPointsAmount(points);
    return this.post(on, SPEND, asked, { kind: asked.kind, points: -points, more: [points, into, listed(classes)] });
  }

  /** Holds points (预占), so that nothing else can use them until the hold ends. @throws what `spend` throws */
  async authorise(on: Caller, asked: Authorising): Promise<Posted> {
    const { points, classes, holdId, purpose, expiresAt } = asked;
    assertPointsAmount(points);
    return this.post(on, AUTHORISE, asked, {
      kind: 'AUTHORISATION',
      points: 0,
      more: [points, listed(classes), holdId, purpose, expiresAt],
    });
  }

  /** Ends a hold by using all of it or a part. @throws KeyReused, InvalidPointsAmount, HoldNotFound, HoldEnded, MoreThanHeld */
  async capture(on: Caller, asked: Capturing): Promise<Posted> {
    const { holdId, points, into } = asked;
    assertPointsAmount(points);
    return this.post(on, END_HOLD, asked, { kind: 'CAPTURE', points: -points, more: [holdId, points, into, null] });
  }

  /** Ends a hold without using any of it. @throws KeyReused, HoldNotFound, HoldEnded */
  async release(on: Caller, asked: Releasing): Promise<Posted> {
    return this.post(on, END_HOLD, asked, { kind: 'RELEASE', points: 0, more: [asked.holdId, 0, null, asked.as] });
  }

  private async post(
    on: Caller,
    call: Statement,
    asked: Asked,
    { kind, points, more }: { readonly kind: JournalKind; readonly points: number; readonly more: readonly unknown[] },
  ): Promise<Posted> {
    const metadata = asked.metadata ?? {};
    const called = on.prepared<Answer>(call, [
      asked.customerId,
      asked.journalId,
      kind,
      asked.idemKey,
      asked.requestHash,
      asked.occurredAt,
      asked.recordedAt,
      asked.businessDate,
      asked.channel ?? null,
      asked.actorId ?? null,
      JSON.stringify(metadata),
      asked.event ?? null,
      ...more,
    ]);
    const [answer] = await intoOpenBooks(called);
    if (!answer) throw new Error(`${call.name} answers one row`);
    if (answer.said === 'again') {
      const entry = await this.posted(on, asked);
      if (!entry) throw new Error('an entry that was posted is gone');
      return { entry, isRepeated: true };
    }
    if (answer.said !== 'done') throw refusalOf(answer);
    return {
      entry: {
        customerId: asked.customerId,
        journalId: asked.journalId,
        points,
        availableAfter: answer.available_after,
        requestHash: asked.requestHash,
        occurredAt: asked.occurredAt,
        businessDate: asked.businessDate,
        channel: asked.channel,
        metadata: metadata as Entry['metadata'],
      },
      isRepeated: false,
    };
  }
}

/** As the server writes an array, so that it can stand in one itself. */
const listed = (classes: readonly PointsType[] | undefined): string | null =>
  classes ? `{${classes.join(',')}}` : null;

interface Answer {
  readonly said: string;
  readonly available_after: number;
  readonly facts: never;
}

/** What the server says of why it did nothing. */
function refusalOf({ said, facts }: Answer): Error {
  switch (said) {
    case 'no-customer':
      return new CustomerNotFound();
    case 'key-reused':
      return new KeyReused();
    case 'closed':
      return new AccountClosed();
    case 'frozen':
      return new AccountFrozen();
    case 'real-name':
      return new RealNameNeeded();
    case 'key-person':
      return new KeyPersonNeeded();
    case 'below-threshold':
      return new BelowThreshold(facts);
    case 'insufficient':
      return new InsufficientPoints(facts);
    case 'no-hold':
      return new HoldNotFound();
    case 'hold-ended':
      return new HoldEnded(facts);
    case 'more-than-held':
      return new MoreThanHeld(facts);
    default:
      return new Error(`the ledger says ${said}`);
  }
}
