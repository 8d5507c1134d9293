import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { newId, Transaction } from '../../../platform/database/index.js';
import { OrganizationFacade } from '../../organization/index.js';
import type { AgentKind } from '../domain/agent.js';
import { EndpointTaken, UnknownPool } from '../domain/refusals.js';
import { insertAgent, knownPools, poolById, type AgentRow } from '../persistence/routing-rows.js';

export interface NewAgent {
  readonly kind: AgentKind;
  readonly pool: string;
  /** What the platform dials, `PJSIP/1001`. */
  readonly endpoint: string;
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  readonly staffId?: string | undefined;
}

@Injectable()
export class CreateAgent {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly organization: OrganizationFacade,
  ) {}

  /** @throws UnknownPool, StaffNotFound, EndpointTaken */
  execute({ kind, pool, endpoint, skills, languages, staffId }: NewAgent): Promise<AgentRow> {
    return this.transaction.run(async (tx) => {
      const known = await poolById(tx, pool);
      if (!known) throw new UnknownPool(await knownPools(tx));
      if (staffId !== undefined) await this.organization.staffById(staffId, tx);
      const now = this.clock.now();
      const agent: AgentRow = {
        agent_id: newId(),
        staff_id: staffId ?? null,
        kind,
        pool_id: known.pool_id,
        domain: known.domain,
        endpoint,
        skills,
        languages,
        state: 'offline',
        state_reason: null,
        state_since: now,
        state_until: null,
        available_since: null,
        no_answers: 0,
        created_at: now,
        version: 1,
      };
      if (!(await insertAgent(tx, agent))) throw new EndpointTaken();
      return agent;
    });
  }
}
