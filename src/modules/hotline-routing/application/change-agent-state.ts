import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { requestState, type RequestableState } from '../domain/agent.js';
import { AgentChanged, AgentNotFound } from '../domain/refusals.js';
import {
  liveReservationOfAgent,
  lockAgent,
  lockContact,
  updateAgent,
  updateContact,
  updateReservation,
  type AgentRow,
} from '../persistence/routing-rows.js';
import { Kicks } from './kicks.js';

export interface AskedState {
  readonly state: RequestableState;
  readonly reason?: string | undefined;
  readonly expectedVersion?: number | undefined;
}

@Injectable()
export class ChangeAgentState {
  constructor(
    private readonly transaction: Transaction,
    private readonly kicks: Kicks,
    private readonly clock: Clock,
  ) {}

  /**
   * The agent comes, goes, or takes a break. An offer that rings meanwhile is withdrawn, and the caller goes to somebody else.
   * @throws AgentNotFound, AgentChanged, IllegalAgentState
   */
  async execute(agentId: string, asked: AskedState): Promise<void> {
    let domain: string | undefined;
    while ((domain = await this.transaction.run((tx) => this.change(tx, agentId, asked))) === undefined);
    await this.kicks.kick(domain);
  }

  /** Returns the domain to be matched; `undefined` when the agent was offered a call just now and it has to begin anew. */
  private async change(
    tx: Tx,
    agentId: string,
    { state, reason, expectedVersion }: AskedState,
  ): Promise<string | undefined> {
    // Contact before agent, as everywhere: so the offer has to be known before the agent is locked.
    const offer = await liveReservationOfAgent(tx, agentId);
    if (offer?.state === 'pending') await lockContact(tx, offer.contact_id);
    const agent = await lockAgent(tx, agentId);
    if (!agent) throw new AgentNotFound();
    const live = await liveReservationOfAgent(tx, agentId);
    if (live?.state === 'pending' && live.reservation_id !== offer?.reservation_id) return undefined;
    if (expectedVersion !== undefined && expectedVersion !== agent.version) {
      throw new AgentChanged(expectedVersion, agent.version);
    }
    const next = requestState(agent.state, state);
    if (next === agent.state && (reason ?? null) === agent.state_reason) return agent.domain;

    const now = this.clock.now();
    if (live?.state === 'pending') {
      await updateReservation(tx, { reservationId: live.reservation_id, state: 'rescinded', now, cause: 'agent-left' });
      await updateContact(tx, { contact_id: live.contact_id, state: 'queued' });
    }
    if (live?.state === 'wrapping' && next !== 'wrapup') {
      await updateReservation(tx, { reservationId: live.reservation_id, state: 'completed', now });
    }
    await updateAgent(tx, {
      agentId,
      state: next,
      now,
      reason,
      keepsPlace: next === agent.state,
      ...keptTimer(agent, next),
    });
    return agent.domain;
  }
}

/** Saying again that one is writing up does not make the time for it longer. */
const keptTimer = (agent: AgentRow, next: AgentRow['state']): { readonly until?: Date } =>
  next === 'wrapup' && agent.state_until ? { until: agent.state_until } : {};
