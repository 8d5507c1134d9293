import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Database, isId, newId, Transaction } from '../../../platform/database/index.js';
import {
  Outbound,
  PermissionMissing,
  readPage,
  ResourceNotFound,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { isAllowed, type Actor } from '../../../platform/identity/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { BeyondTheFeed, TooManyFeedSubscriptions } from '../domain/refusals.js';
import {
  endSubscription, insertSubscription, subscriptionOf, type FeedSubscription, type SubscriptionRow,
} from '../persistence/subscription-rows.js'; // prettier-ignore
import { FindFeeds } from './find-feeds.query.js';

export type { FeedSubscription };

export interface NewSubscription {
  readonly feedId: string;
  readonly callback: string;
  /** The first item is the one after this; default: those from now on. */
  readonly afterSequence?: number | undefined;
}

const MOST = 20;

export const secretContext = (subscriptionId: string): string => `feed.secret:${subscriptionId}`;

/** Who is sent the items of a feed as they come. Everybody sees the own subscriptions, `feed.manage` those of all. */
@Injectable()
export class FeedSubscriptions {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly feeds: FindFeeds,
    private readonly outbound: Outbound,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {}

  /**
   * Systems for themselves. A person who may read a feed must not thereby be able to have it sent to an address of his own.
   * @throws PermissionMissing, ResourceNotFound, CallbackRefused, BeyondTheFeed, TooManyFeedSubscriptions
   */
  async subscribe(
    { feedId, callback, afterSequence }: NewSubscription,
    actor: Actor,
  ): Promise<FeedSubscription & { readonly secret: string }> {
    if (actor.kind !== 'system' && !isAllowed(actor, 'feed.manage')) throw new PermissionMissing('feed.manage');
    const { lastSequence } = await this.feeds.one(feedId, actor);
    this.outbound.checked(callback);
    if ((afterSequence ?? 0) > lastSequence) throw new BeyondTheFeed(lastSequence);
    const subscriptionId = newId();
    const secret = `gbf_${randomBytes(32).toString('base64url')}`;
    const subscription = {
      subscriptionId,
      feedId,
      callback,
      ownerKind: actor.kind === 'system' ? ('system' as const) : ('staff' as const),
      ownerId: actor.id,
      createdAt: this.clock.now(),
      acceptedSequence: afterSequence ?? lastSequence,
    };
    await this.transaction.run(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('boss_feed.subscription'), hashtext($1))`, [actor.id]);
      const [row] = await tx.query<{ count: number }>(
        'SELECT count(*) AS count FROM boss_feed.subscription WHERE owner_id = $1 AND ended_at IS NULL',
        [actor.id],
      );
      if ((row?.count ?? 0) >= MOST) throw new TooManyFeedSubscriptions(MOST);
      const secretSealed = this.personalData.seal(secret, secretContext(subscriptionId));
      await insertSubscription(tx, { ...subscription, secretSealed });
    });
    return { ...subscription, attempts: 0, lastError: undefined, endedAt: undefined, secret };
  }

  page<V extends object>(list: ListRequest, actor: Actor, viewOf: (each: FeedSubscription) => V): Promise<Page<V>> {
    const source = { select: 's.*', from: 'boss_feed.subscription s', ...ownedBy(actor) };
    return readPage<SubscriptionRow, V>(this.database, list, source, (row) => viewOf(subscriptionOf(row)));
  }

  /** @throws ResourceNotFound */
  async one(subscriptionId: string, actor: Actor): Promise<FeedSubscription> {
    const { where, params } = ownedBy(actor);
    const [row] = isId(subscriptionId)
      ? await this.database.query<SubscriptionRow>(
          `SELECT s.* FROM boss_feed.subscription s WHERE s.subscription_id = $2 AND (${where})`,
          [...params, subscriptionId],
        )
      : [];
    if (!row) throw new ResourceNotFound('subscription');
    return subscriptionOf(row);
  }

  /** Nothing is sent any more; where it stopped stays known. @throws ResourceNotFound */
  async end(subscriptionId: string, actor: Actor): Promise<void> {
    const { endedAt } = await this.one(subscriptionId, actor);
    if (endedAt) return;
    await this.transaction.run((tx) => endSubscription(tx, subscriptionId, 'ended by request', this.clock.now()));
  }
}

function ownedBy(actor: Actor): { readonly where: string; readonly params: readonly unknown[] } {
  return { where: '$1::text IS NULL OR s.owner_id = $1', params: [isAllowed(actor, 'feed.manage') ? null : actor.id] };
}
