import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, Hub, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { hrefOf } from '../../../platform/http/index.js';
import { tellsOfProgram, tieringHub } from '../application/tiering-hub.js';
import {
  TierChanged,
  TierRetained,
  TierWillDowngrade,
  type ComingDowngrade,
  type RetainedTier,
  type TierChange,
} from '../domain/events.js';
import { serviceRank } from '../domain/tier.js';
import { customerTiers } from '../http/tiering.resources.js';

type AboutTier = TierChange | ComingDowngrade | RetainedTier;

@Injectable()
@ListensTo<AboutTier>(TierChanged, TierWillDowngrade, TierRetained)
export class TellSubscribersOfTiers implements SetWiseListener<AboutTier> {
  constructor(private readonly hub: Hub) {}

  handleAll(tx: Tx, events: readonly Delivered<AboutTier>[]): Promise<void> {
    return this.hub.announce(
      tx,
      tieringHub,
      events
        .filter(({ payload }) => !('program' in payload) || tellsOfProgram(payload.program))
        .map(({ eventId, occurredAt, payload }) => ({
          eventId,
          occurredAt,
          eventType: eventTypeOf(payload),
          event: { customerTier: { id: payload.customerId, href: hrefOf(customerTiers, payload.customerId) } },
        })),
    );
  }
}

function eventTypeOf(payload: AboutTier): (typeof tieringHub.eventTypes)[number] {
  if ('notice' in payload) return 'TierWillDowngradeEvent';
  if ('tier' in payload) return 'TierRetainedEvent';
  const { from, to, outcome = serviceRank(to) < serviceRank(from) ? 'downgraded' : 'upgraded' } = payload;
  return outcome === 'downgraded' ? 'TierDowngradedEvent' : 'TierUpgradedEvent';
}
