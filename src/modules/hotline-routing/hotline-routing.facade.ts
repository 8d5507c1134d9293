import { Injectable } from '@nestjs/common';
import { AssignManager } from './application/assign-manager.js';
import { FindRouting, type PoolLoad } from './application/find-routing.query.js';

/** What other modules may ask of the hotline. What happens there is announced by its events. */
@Injectable()
export class HotlineRoutingFacade {
  constructor(
    private readonly find: FindRouting,
    private readonly assigning: AssignManager,
  ) {}

  /** Who waits and who is idle now, by pool. */
  loads(): Promise<readonly PoolLoad[]> {
    return this.find.loads();
  }

  /** The customer's calls go to this agent first, when idle. @throws AgentNotFound, CustomerNotFound */
  assignManager(assignment: { readonly customerId: string; readonly agentId: string }): Promise<void> {
    return this.assigning.execute(assignment);
  }
}
