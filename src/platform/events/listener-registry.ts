import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Tx } from '../database/index.js';
import { type Delivered, type Listener, ListeningMetadata, type SetWiseListener } from './event.js';

export interface RegisteredListener {
  readonly name: string;
  readonly handle: (tx: Tx, events: readonly Delivered<object>[]) => Promise<void>;
}

/** Thrown at boot: an event handled by one of them would count as handled by the other. */
export class ListenerNamedTwice extends Error {
  constructor(name: string) {
    super(`Two listeners are called ${name}`);
    this.name = 'ListenerNamedTwice';
  }
}

/** Who listens to what. */
@Injectable()
export class ListenerRegistry implements OnModuleInit {
  private readonly byEvent = new Map<string, RegisteredListener[]>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const instances = new Map<string, unknown>();
    for (const provider of this.discovery.getProviders({ metadataKey: ListeningMetadata.KEY })) {
      const listening = this.discovery.getMetadataByDecorator(ListeningMetadata, provider);
      const instance: unknown = provider.instance;
      if (!listening || !instance || instances.get(provider.name) === instance) continue;
      if (instances.has(provider.name)) throw new ListenerNamedTwice(provider.name);
      instances.set(provider.name, instance);
      const listener = {
        name: provider.name,
        handle: handlerOf(instance as Listener<object> | SetWiseListener<object>),
      };
      for (const { name } of listening.events) this.byEvent.set(name, [...this.to(name), listener]);
    }
  }

  to(event: string): readonly RegisteredListener[] {
    return this.byEvent.get(event) ?? [];
  }
}

function handlerOf(listener: Listener<object> | SetWiseListener<object>): RegisteredListener['handle'] {
  if ('handleAll' in listener) return (tx, events) => listener.handleAll(tx, events);
  return async (tx, events) => {
    for (const event of events) await listener.handle(tx, event);
  };
}
