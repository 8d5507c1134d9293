import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, Hub, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { hrefOf } from '../../../platform/http/index.js';
import { usageHub } from '../application/usage-hub.js';
import { usageSpecifications } from '../application/usage-specification.resource.js';
import { UsageSpecificationChanged, UsageSpecificationCreated, UsageSpecificationDeleted } from '../domain/usage-events.js'; // prettier-ignore

interface AboutSpecification {
  readonly specificationId: string;
}

const EVENT_TYPE: Readonly<Record<string, string>> = {
  [UsageSpecificationCreated.name]: 'UsageSpecificationCreateEvent',
  [UsageSpecificationChanged.name]: 'UsageSpecificationAttributeValueChangeEvent',
  [UsageSpecificationDeleted.name]: 'UsageSpecificationDeleteEvent',
};

@Injectable()
@ListensTo<AboutSpecification>(UsageSpecificationCreated, UsageSpecificationChanged, UsageSpecificationDeleted)
export class TellSubscribersOfUsageSpecifications implements SetWiseListener<AboutSpecification> {
  constructor(private readonly hub: Hub) {}

  handleAll(tx: Tx, events: readonly Delivered<AboutSpecification>[]): Promise<void> {
    return this.hub.announce(
      tx,
      usageHub,
      events.map(({ eventId, name, occurredAt, payload: { specificationId: id } }) => ({
        eventId,
        occurredAt,
        eventType: EVENT_TYPE[name] ?? name,
        event: { usageSpecification: { id, href: hrefOf(usageSpecifications, id) } },
      })),
    );
  }
}
