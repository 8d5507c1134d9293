import { Injectable, Optional } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { Outbox } from '../../../platform/events/index.js';
import { RefusalRegister, type RefusedRequest } from '../../../platform/http/index.js';
import { RevokedKeyUsed } from '../domain/events.js';
import { AccessRegister } from './access-register.js';

/** Keeps who was turned away (AUD-02), and announces that a revoked key is still in somebody's hands. */
@Injectable()
export class RegisterRefusals extends RefusalRegister {
  constructor(
    private readonly register: AccessRegister,
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    @Optional() private readonly outbox?: Outbox,
  ) {
    super();
  }

  async refused(refusal: RefusedRequest): Promise<void> {
    await this.register.refused(refusal);
    const { ownerOfRevokedKey: apiKeyId } = refusal;
    if (apiKeyId !== undefined) await this.announce(apiKeyId);
  }

  private announce(apiKeyId: string): Promise<void> {
    return this.transaction.run(async (tx) => {
      const [system] = await tx.query<{ name: string; source: string | null }>(
        'SELECT name, source FROM organization.api_key WHERE api_key_id = $1',
        [apiKeyId],
      );
      if (!system) return;
      const payload = { apiKeyId, name: system.name, ...(system.source !== null && { source: system.source }) };
      await this.outbox?.publish(tx, RevokedKeyUsed, payload, { occurredAt: this.clock.now() });
    });
  }
}
