import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { ResourceNotFound } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { IntakeAlarms, type IntakeAlarm } from '../persistence/intake-alarms.js';

/** Somebody looks after it. The alarm stands until its cause is gone. */
@Injectable()
export class AcknowledgeAlarm {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
    private readonly alarms: IntakeAlarms,
  ) {}

  /** Who came first stays. @throws ResourceNotFound */
  execute(alarmId: string, actor: Actor): Promise<IntakeAlarm> {
    return this.transaction.run(async (tx) => {
      const alarm = await this.alarms.acknowledge(tx, alarmId, actor.name, this.clock.now());
      if (!alarm) throw new ResourceNotFound('alarm');
      tx.audit({ action: 'usage.acknowledge-alarm', objectType: 'IntakeAlarm', objectId: alarmId });
      return alarm;
    });
  }
}
