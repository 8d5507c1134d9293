import { DiscoveryService } from '@nestjs/core';
import type { Tx } from '../database/index.js';

/** A kind of event: something that has happened, named `module.PastTense`. Made by {@link defineEvent}. */
export interface EventType<Payload extends object> {
  readonly name: string;
  /** Only for the compiler: carries the payload's type, never a value. */
  readonly payload?: Payload;
}

/** Declares an event in its module's `domain/events.ts`. Payloads hold ids and figures, never personal data. */
export function defineEvent<Payload extends object>(name: `${string}.${string}`): EventType<Payload> {
  return { name };
}

/** An event as its listeners get it. */
export interface Delivered<Payload extends object> {
  readonly eventId: string;
  readonly name: string;
  readonly customerId: string | undefined;
  readonly payload: Payload;
  /** When it happened in the business. */
  readonly occurredAt: Date;
  /** When the system wrote it down. */
  readonly recordedAt: Date;
}

/**
 * A reaction to an event. `handle` runs in the transaction that also marks the event as handled by this listener, so its
 * effect happens once however often the event is delivered. Events of one customer arrive in the order of publication.
 * It must not talk to anything outside the database: add a job for that.
 */
export interface Listener<Payload extends object> {
  handle(tx: Tx, event: Delivered<Payload>): Promise<void>;
}

/** A reaction to many events at once: for those that a run publishes by the hundred thousand. */
export interface SetWiseListener<Payload extends object> {
  handleAll(tx: Tx, events: readonly Delivered<Payload>[]): Promise<void>;
}

export interface Listening {
  readonly events: readonly EventType<object>[];
}

export const ListeningMetadata = DiscoveryService.createDecorator<Listening>();

type ListenerClass<Payload extends object> = abstract new (
  ...args: never[]
) => Listener<Payload> | SetWiseListener<Payload>;

/**
 * Makes a provider the listener of one or more events. Its class name is its name in `platform.handled_event`: unique in
 * the application, and a renamed listener counts as a new one for the events that are still on their way.
 */
export function ListensTo<Payload extends object>(
  ...events: readonly [EventType<Payload>, ...EventType<Payload>[]]
): (listener: ListenerClass<Payload>) => void {
  return (listener) => ListeningMetadata({ events })(listener);
}
