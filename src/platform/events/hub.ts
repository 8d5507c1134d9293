import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.js';
import { newId, Transaction, type Tx } from '../database/index.js';
import { Refusal } from '../errors/index.js';
import { Outbound } from '../http/index.js';
import type { Actor } from '../identity/index.js';
import { PersonalData } from '../privacy/index.js';

/** What subscribers are told: that something happened to a resource, and where to read it. Never what it holds. */
export interface Notification {
  /** The same when it comes twice. */
  readonly eventId: string;
  /** TM Forum's name: `TroubleTicketStatusChangeEvent`. */
  readonly eventType: string;
  readonly occurredAt: Date;
  /** Under TM Forum's name: `{ troubleTicket: { id, href } }`. */
  readonly event: Readonly<Record<string, { readonly id: string; readonly href: string }>>;
}

/** One of our TM Forum APIs that announces: its name and the events that it knows. */
export interface HubApi {
  readonly name: string;
  readonly eventTypes: readonly string[];
}

export interface Subscription {
  readonly id: string;
  readonly callback: string;
  readonly query: string | undefined;
  /** Key of the signatures; told once. */
  readonly secret: string;
}

export class InvalidHubQuery extends Refusal {
  static readonly code = 'hub.invalid-query';
  static readonly kind = 'malformed';
  constructor(expected: readonly string[]) {
    super(InvalidHubQuery.code, InvalidHubQuery.kind, 'query chooses events: eventType=A,B', {
      field: 'query',
      expected,
    });
  }
}

export class SubscriberSeesTooLittle extends Refusal {
  static readonly code = 'hub.scope';
  static readonly kind = 'forbidden';
  constructor() {
    super(
      SubscriberSeesTooLittle.code,
      SubscriberSeesTooLittle.kind,
      'Events of everybody are for those who may see everybody',
    );
  }
}

export class TooManySubscriptions extends Refusal {
  static readonly code = 'hub.too-many-subscriptions';
  static readonly kind = 'conflict';
  constructor() {
    super(TooManySubscriptions.code, TooManySubscriptions.kind, 'Delete a subscription first', {
      expected: `up to ${MOST}`,
    });
  }
}

export class SubscriptionNotFound extends Refusal {
  static readonly code = 'hub.subscription-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(SubscriptionNotFound.code, SubscriptionNotFound.kind, 'You have no such subscription');
  }
}

const MOST = 20;

export const secretContext = (subscriptionId: string): string => `hub.secret:${subscriptionId}`;

/** The subscriptions to events of our TM Forum APIs (TMF630 hub), and what they are to be told. */
@Injectable()
export class Hub {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbound: Outbound,
    private readonly personalData: PersonalData,
    private readonly clock: Clock,
  ) {}

  /** @throws CallbackRefused, InvalidHubQuery, SubscriberSeesTooLittle, TooManySubscriptions */
  async subscribe(
    api: HubApi,
    { callback, query }: { readonly callback: string; readonly query?: string | undefined },
    actor: Pick<Actor, 'id' | 'scope'>,
  ): Promise<Subscription> {
    if (!actor.scope.everybody) throw new SubscriberSeesTooLittle();
    this.outbound.checked(callback);
    const eventTypes = query === undefined ? undefined : eventTypesOf(query, api);
    const [id, secret] = [newId(), `gbh_${randomBytes(32).toString('base64url')}`];
    await this.transaction.run(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtext('platform.hub'), hashtext($1))`, [actor.id]);
      const [row] = await tx.query<{ count: number }>(
        'SELECT count(*) AS count FROM platform.hub_subscription WHERE owner_id = $1',
        [actor.id],
      );
      if ((row?.count ?? 0) >= MOST) throw new TooManySubscriptions();
      await tx.execute(
        `INSERT INTO platform.hub_subscription
           (subscription_id, api, callback, query, event_types, owner_id, secret_sealed, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          id,
          api.name,
          callback,
          query ?? null,
          eventTypes ?? null,
          actor.id,
          this.personalData.seal(secret, secretContext(id)),
          this.clock.now(),
        ],
      );
    });
    return { id, callback, query, secret };
  }

  /** What is still on its way is not delivered any more. @throws SubscriptionNotFound also for one of somebody else */
  async unsubscribe(api: HubApi, subscriptionId: string, actor: Pick<Actor, 'id'>): Promise<void> {
    const deleted = await this.transaction.run((tx) =>
      tx.execute('DELETE FROM platform.hub_subscription WHERE subscription_id = $1 AND api = $2 AND owner_id = $3', [
        subscriptionId,
        api.name,
        actor.id,
      ]),
    );
    if (deleted === 0) throw new SubscriptionNotFound();
  }

  /** In the transaction of the listener that was told of it: what is rolled back is not announced. */
  async announce(tx: Tx, api: HubApi, notifications: readonly Notification[]): Promise<void> {
    const subscriptions = await tx.query<{ subscription_id: string; event_types: string[] | null }>(
      'SELECT subscription_id, event_types FROM platform.hub_subscription WHERE api = $1 AND disabled_at IS NULL',
      [api.name],
    );
    const deliveries = subscriptions.flatMap(({ subscription_id: subscriptionId, event_types: wanted }) =>
      notifications
        .filter(({ eventType }) => wanted?.includes(eventType) ?? true)
        .map((notification) => ({ subscriptionId, ...notification })),
    );
    if (deliveries.length === 0) return;
    await tx.execute(
      `INSERT INTO platform.hub_delivery (delivery_id, subscription_id, event_type, body, next_attempt_at)
       SELECT delivery_id, subscription_id, event_type, body, $5
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS d (delivery_id, subscription_id, event_type, body)`,
      [
        deliveries.map(() => newId()),
        deliveries.map(({ subscriptionId }) => subscriptionId),
        deliveries.map(({ eventType }) => eventType),
        deliveries.map(({ eventId, eventType, occurredAt, event }) =>
          JSON.stringify({ eventId, eventTime: occurredAt.toISOString(), eventType, domain: api.name, event }),
        ),
        this.clock.now(),
      ],
    );
  }
}

function eventTypesOf(query: string, { eventTypes }: HubApi): readonly string[] {
  const [name, value = '', ...rest] = query.split('=');
  const wanted = value.split(',');
  if (name !== 'eventType' || rest.length > 0 || !wanted.every((type) => eventTypes.includes(type))) {
    throw new InvalidHubQuery(eventTypes);
  }
  return wanted;
}
