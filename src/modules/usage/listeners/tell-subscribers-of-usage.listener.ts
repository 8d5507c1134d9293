import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, Hub, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { hrefOf } from '../../../platform/http/index.js';
import { usageHub } from '../application/usage-hub.js';
import { usages } from '../application/usage.resource.js';
import { UsageCancelled, UsageCorrected, UsageCreated, UsageSuperseded } from '../domain/usage-events.js';

interface AboutUsage {
  readonly usageId: string;
}

const EVENT_TYPE: Readonly<Record<string, string>> = {
  [UsageCreated.name]: 'UsageCreateEvent',
  [UsageCorrected.name]: 'UsageAttributeValueChangeEvent',
  [UsageSuperseded.name]: 'UsageStateChangeEvent',
  [UsageCancelled.name]: 'UsageDeleteEvent',
};

@Injectable()
@ListensTo<AboutUsage>(UsageCreated, UsageCorrected, UsageSuperseded, UsageCancelled)
export class TellSubscribersOfUsage implements SetWiseListener<AboutUsage> {
  constructor(private readonly hub: Hub) {}

  handleAll(tx: Tx, events: readonly Delivered<AboutUsage>[]): Promise<void> {
    return this.hub.announce(
      tx,
      usageHub,
      events.map(({ eventId, name, occurredAt, payload: { usageId: id } }) => ({
        eventId,
        occurredAt,
        eventType: EVENT_TYPE[name] ?? name,
        event: { usage: { id, href: hrefOf(usages, id) } },
      })),
    );
  }
}
