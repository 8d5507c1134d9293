import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock/index.js';
import { Recurring } from '../clock/recurring.js';
import { Transaction } from '../database/index.js';
import { errorWithoutData } from '../errors/index.js';
import { Outbound } from '../http/index.js';
import { PersonalData } from '../privacy/index.js';
import { secretContext } from './hub.js';
import { postSigned } from './signed-callback.js';

interface Delivery {
  readonly delivery_id: string;
  readonly subscription_id: string;
  readonly event_type: string;
  readonly body: string;
  readonly attempts: number;
  readonly callback: string;
  readonly secret_sealed: Buffer;
}

const POLL_MS = 1000;
/** Of one subscriber at once; a slow one takes no more of our time than that. */
const AT_ONCE = 5;
/** Longer than a delivery may take: whoever has claimed it and died gives it back after that. */
const CLAIM_SECONDS = 60;
const FIRST_RETRY_SECONDS = 5;
const LAST_RETRY_SECONDS = 3600;
/** The last attempt comes about a day after the first. */
const MAX_ATTEMPTS = 32;
/** In a row; then nobody is there. */
const MAX_FAILURES = 200;

/**
 * Tells subscribers what happened, at least once, each message signed as systems sign their requests to us
 * (src/platform/identity/signature.ts) with the secret of the subscription.
 */
@Injectable()
export class DeliverNotifications extends Recurring {
  private readonly logger = new Logger(DeliverNotifications.name);

  constructor(
    private readonly transaction: Transaction,
    private readonly outbound: Outbound,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {
    super(POLL_MS);
  }

  protected onFailure(error: unknown): void {
    this.logger.error(`Notifications were interrupted: ${errorWithoutData(error)}`);
  }

  protected async takeTurn(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted && (await this.deliverDue()) > 0);
  }

  /** Delivers what is due, a few of each subscriber. Returns how many were tried. */
  async deliverDue(): Promise<number> {
    const now = this.clock.now();
    const claimed = await this.transaction.run((tx) =>
      tx.query<Delivery>(
        `WITH due AS (
           SELECT d.delivery_id, s.callback, s.secret_sealed
           FROM platform.hub_subscription s CROSS JOIN LATERAL (
             SELECT delivery_id FROM platform.hub_delivery
             WHERE subscription_id = s.subscription_id AND next_attempt_at <= $1
             ORDER BY next_attempt_at, delivery_id LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED) d
           WHERE s.disabled_at IS NULL
         )
         UPDATE platform.hub_delivery d SET attempts = attempts + 1, next_attempt_at = $2
         FROM due WHERE d.delivery_id = due.delivery_id
         RETURNING d.delivery_id, d.subscription_id, d.event_type, d.body, d.attempts, due.callback, due.secret_sealed`,
        [now, new Date(now.getTime() + CLAIM_SECONDS * 1000)],
      ),
    );
    await Promise.all(claimed.map((delivery) => this.deliver(delivery)));
    return claimed.length;
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const error = await this.send(delivery).then(
      (status) => (status >= 200 && status < 300 ? undefined : `HTTP ${status}`),
      (cause: unknown) => errorWithoutData(cause),
    );
    await (error === undefined ? this.delivered(delivery) : this.failed(delivery, error));
  }

  private async send({
    subscription_id: subscriptionId,
    callback,
    secret_sealed: sealed,
    ...delivery
  }: Delivery): Promise<number> {
    const secret = this.personalData.open(sealed, secretContext(subscriptionId));
    const { event_type: eventType, body } = delivery;
    return postSigned(this.outbound, { subscriptionId, callback, eventType, body, secret, at: this.clock.now() });
  }

  // The subscription before its deliveries, here and below: two of them must not wait for each other.
  private async delivered({ delivery_id: deliveryId, subscription_id: subscriptionId }: Delivery): Promise<void> {
    await this.transaction.run(async (tx) => {
      const sql = 'UPDATE platform.hub_subscription SET failures = 0 WHERE subscription_id = $1 AND failures > 0';
      await tx.execute(sql, [subscriptionId]);
      await tx.execute('DELETE FROM platform.hub_delivery WHERE delivery_id = $1', [deliveryId]);
    });
  }

  private async failed(
    { delivery_id: deliveryId, subscription_id: subscriptionId, attempts }: Delivery,
    error: string,
  ): Promise<void> {
    const now = this.clock.now();
    const seconds = Math.min(LAST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** (attempts - 1));
    await this.transaction.run(async (tx) => {
      const [subscription] = await tx.query<{ disabled_at: Date | null }>(
        `UPDATE platform.hub_subscription SET failures = failures + 1,
           disabled_at = CASE WHEN failures + 1 >= ${MAX_FAILURES} THEN $2::timestamptz END
         WHERE subscription_id = $1 AND disabled_at IS NULL RETURNING disabled_at`,
        [subscriptionId, now],
      );
      if (subscription?.disabled_at) {
        this.logger.warn(`Nobody answers for subscription ${subscriptionId}: it is told nothing any more`);
        await tx.execute('DELETE FROM platform.hub_delivery WHERE subscription_id = $1', [subscriptionId]);
      } else if (attempts >= MAX_ATTEMPTS) {
        this.logger.warn(`A notification of subscription ${subscriptionId} was given up: ${error}`);
        await tx.execute('DELETE FROM platform.hub_delivery WHERE delivery_id = $1', [deliveryId]);
      } else {
        await tx.execute(
          'UPDATE platform.hub_delivery SET next_attempt_at = $2, last_error = $3 WHERE delivery_id = $1',
          [deliveryId, new Date(now.getTime() + seconds * 1000), error],
        );
      }
    });
  }
}
