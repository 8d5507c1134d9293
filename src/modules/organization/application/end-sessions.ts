import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { endSessions } from '../persistence/session-rows.js';
import { StaffEntity } from '../persistence/staff.entity.js';
import { AccessRegister } from './access-register.js';

/** Signs somebody out: here, or wherever the person is signed in. */
@Injectable()
export class EndSessions {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly register: AccessRegister,
  ) {}

  async signOut(actor: Actor): Promise<void> {
    await this.transaction.run((tx) =>
      endSessions(tx, { staffId: actor.id, only: actor.sessionId, reason: 'signed-out', at: this.clock.now() }),
    );
    await this.register.record({ actor, action: 'session.close', customerIds: [], fieldGroups: [] });
  }

  async signOutEverywhere(actor: Actor): Promise<void> {
    await this.transaction.run(async (tx) => {
      await tx.manager.increment(StaffEntity, { staffId: actor.id }, 'tokenVersion', 1);
      await endSessions(tx, { staffId: actor.id, reason: 'signed-out-everywhere', at: this.clock.now() });
    });
    await this.register.record({ actor, action: 'session.close-all', customerIds: [], fieldGroups: [] });
  }
}
