import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { isId, Transaction } from '../../../platform/database/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import { AgentNotFound } from '../domain/refusals.js';
import { readAgent, storeManager } from '../persistence/routing-rows.js';

@Injectable()
export class AssignManager {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /**
   * From now on the customer's calls go to this agent first, when idle, and the customer is in the portfolio of the member of the
   * staff who this agent is. @throws AgentNotFound, CustomerNotFound
   */
  execute({ customerId, agentId }: { readonly customerId: string; readonly agentId: string }): Promise<void> {
    return this.transaction.run(async (tx) => {
      if (!isId(customerId) || !(await this.customers.exists(customerId, tx))) throw new CustomerNotFound();
      const agent = await readAgent(tx, agentId);
      if (!agent) throw new AgentNotFound();
      tx.audit({
        action: 'routing.assign-manager',
        objectType: 'CustomerManager',
        objectId: customerId,
        customerId,
        after: { agentId, staffId: agent.staff_id },
      });
      await storeManager(tx, customerId, agentId, this.clock.now());
      await this.customers.assignManager(tx, customerId, agent.staff_id ?? undefined);
    });
  }
}
