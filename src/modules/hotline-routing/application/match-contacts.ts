import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { choose, effectiveRank, type Match } from '../domain/choose.js';
import { ContactOffered } from '../domain/events.js';
import { TOP_RANK, type RoutingPolicy } from '../domain/policy.js';
import {
  idleAgents,
  lockDomain,
  policyInEffect,
  poolsOf,
  reserve,
  waitingContacts,
  type Pairing,
} from '../persistence/routing-rows.js';

const PAGE = 100;

/** Brings waiting contacts and idle agents of one lock domain together. */
@Injectable()
export class MatchContacts {
  constructor(
    private readonly transaction: Transaction,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  /**
   * Matches until nobody who waits can be served by anybody idle. Returns the number of reservations made.
   *
   * It must run after the commit that let somebody wait or be idle, never inside it: of two that come together the later
   * one then sees both. One match per domain at a time, so that turns are kept across processes and nobody works on what
   * another is giving away. Skipping locked rows instead would miss: 889 of 3,000 forced meetings in a trial.
   */
  async execute(domain: string): Promise<number> {
    let made = 0;
    for (;;) {
      const { reserved, mayBeMore } = await this.transaction.run((tx) => this.matchPage(tx, domain));
      made += reserved;
      if (!mayBeMore) return made;
    }
  }

  private async matchPage(tx: Tx, domain: string): Promise<{ readonly reserved: number; readonly mayBeMore: boolean }> {
    await lockDomain(tx, domain);
    const agents = await idleAgents(tx, domain);
    if (agents.length === 0) return { reserved: 0, mayBeMore: false };
    const [policy, pools] = [await policyInEffect(tx), await poolsOf(tx, domain)];
    const now = this.clock.now();
    // Those at the front may need what nobody idle has: then the turn is that of the ones behind them.
    for (let offset = 0; ; offset += PAGE) {
      const contacts = await waitingContacts(tx, { domain, now, limit: PAGE, offset });
      const { matches } = choose({ contacts, agents, pools, policy }, now);
      const hasMore = contacts.length === PAGE;
      if (matches.length === 0) {
        if (hasMore) continue;
        return { reserved: 0, mayBeMore: false };
      }
      const rankOf = new Map(contacts.map((contact) => [contact.contactId, effectiveRank(contact, now)]));
      const reserved = await this.store(tx, matches, rankOf, policy, now);
      const lostARace = reserved < matches.length;
      return { reserved, mayBeMore: lostARace || (hasMore && agents.length > reserved) };
    }
  }

  private async store(
    tx: Tx,
    matches: readonly Match[],
    rankOf: ReadonlyMap<string, number>,
    policy: RoutingPolicy,
    now: Date,
  ): Promise<number> {
    const expiresAt = new Date(now.getTime() + policy.offerSeconds * 1000);
    const pairings = matches.map((match): Pairing => ({
      ...match,
      reservationId: newId(),
      rank: rankOf.get(match.contactId) ?? TOP_RANK,
    }));
    const made = await reserve(tx, pairings, { now, expiresAt, policyVersion: policy.version });
    await this.outbox.publishMany(
      tx,
      ContactOffered,
      made.map(({ contactId, reservationId, agentId, customerId }) => ({
        customerId,
        occurredAt: now,
        payload: { contactId, reservationId, agentId, expiresAt: expiresAt.toISOString() },
      })),
    );
    return made.length;
  }
}
