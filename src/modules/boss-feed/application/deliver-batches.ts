import { createHash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { errorWithoutData } from '../../../platform/errors/index.js';
import { postSigned } from '../../../platform/events/index.js';
import { Outbound } from '../../../platform/http/index.js';
import { PersonalData } from '../../../platform/privacy/index.js';
import { OrganizationFacade } from '../../organization/index.js';
import { itemLine } from '../domain/feed-file.js';
import { accepted, claimBatches, endSubscription, failed, type Batch } from '../persistence/subscription-rows.js';
import { secretContext } from './feed-subscriptions.js';
import { ReadFeed } from './read-feed.js';

const ITEMS_OF_A_BATCH = 500;
const SUBSCRIBERS_AT_ONCE = 20;
/** Longer than a delivery may take: whoever has claimed it and died gives it back after that. */
const CLAIM_SECONDS = 60;
const FIRST_RETRY_SECONDS = 5;
const LAST_RETRY_SECONDS = 3600;

/**
 * Sends subscribers the items of their feeds, in batches and in order: the next one only when this one was accepted. At least
 * once; a batch that is sent again holds the same items. Nothing is ever skipped: a subscriber that was away for a month goes on
 * where it stopped.
 */
@Injectable()
export class DeliverBatches {
  private readonly logger = new Logger(DeliverBatches.name);

  constructor(
    private readonly transaction: Transaction,
    private readonly read: ReadFeed,
    private readonly outbound: Outbound,
    private readonly personalData: PersonalData,
    private readonly organization: OrganizationFacade,
    private readonly clock: Clock,
  ) {}

  /** One batch of each subscriber that is due. Returns how many were tried. */
  async execute(): Promise<number> {
    const now = this.clock.now();
    const until = secondsAfter(now, CLAIM_SECONDS);
    const batches = await this.transaction.run((tx) =>
      claimBatches(tx, { now, until, size: ITEMS_OF_A_BATCH, atMost: SUBSCRIBERS_AT_ONCE }),
    );
    await Promise.all(batches.map((batch) => this.deliver(batch)));
    return batches.length;
  }

  private async deliver(batch: Batch): Promise<void> {
    if (!(await this.mayStillHave(batch))) return this.end(batch);
    const error = await this.send(batch).then(
      (status) => (status >= 200 && status < 300 ? undefined : `HTTP ${status}`),
      (cause: unknown) => errorWithoutData(cause),
    );
    const now = this.clock.now();
    const pause = Math.min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** Math.min(batch.attempts - 1, 10));
    await this.transaction.run((tx) =>
      error === undefined ? accepted(tx, batch, now) : failed(tx, batch, error, secondsAfter(now, pause)),
    );
  }

  private async send(batch: Batch): Promise<number> {
    const { subscriptionId, feedId, kind, afterSequence, toSequence, callback, secretSealed } = batch;
    const items = await this.read.items(batch, toSequence - afterSequence);
    const lines = items.map((item) => itemLine(kind, item));
    const body = JSON.stringify({
      '@type': 'FeedBatch',
      feed: feedId,
      fromSequence: afterSequence + 1,
      toSequence,
      recordCount: lines.length,
      sha256: createHash('sha256').update(lines.join('')).digest('hex'),
      lines: lines.map((line) => line.trimEnd()),
    });
    const secret = this.personalData.open(secretSealed, secretContext(subscriptionId));
    const eventType = 'FeedBatchEvent';
    return postSigned(this.outbound, { subscriptionId, callback, eventType, body, secret, at: this.clock.now() });
  }

  /** What goes out names customers: not to whoever has lost the key or the job since. */
  private async mayStillHave({ ownerKind, ownerId, target }: Batch): Promise<boolean> {
    if (ownerKind === 'system') {
      const scope = await this.organization.scopeOfApiKey(ownerId);
      return scope !== undefined && (scope.provinces.length === 0 || scope.provinces.includes(target));
    }
    const member = await this.organization.staffById(ownerId).catch(() => undefined);
    return member?.status === 'active';
  }

  private async end({ subscriptionId }: Batch): Promise<void> {
    this.logger.warn(`Feed subscription ${subscriptionId} ends: its owner may not have the feed any more`);
    const why = 'the owner may not have the feed any more';
    await this.transaction.run((tx) => endSubscription(tx, subscriptionId, why, this.clock.now()));
  }
}

const secondsAfter = (instant: Date, seconds: number): Date => new Date(instant.getTime() + seconds * 1000);
