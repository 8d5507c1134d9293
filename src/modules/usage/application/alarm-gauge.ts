import { Injectable, Optional } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Database } from '../../../platform/database/index.js';
import { Metrics } from '../../../platform/telemetry/index.js';
import { ALARM_KINDS } from '../domain/alarm.js';
import { IntakeAlarms } from '../persistence/intake-alarms.js';

/** How many alarms stand, by kind. */
@Injectable()
export class AlarmGauge {
  constructor(database: Database, alarms: IntakeAlarms, @Optional() metrics?: Metrics) {
    if (!metrics) return;
    new Gauge({
      name: 'guibin_intake_alarms',
      help: 'Alarms of the intake that stand',
      labelNames: ['kind'],
      registers: [metrics.registry],
      async collect() {
        const standing = new Map((await alarms.standing(database)).map((row) => [row.kind, row.standing]));
        for (const kind of ALARM_KINDS) this.set({ kind }, standing.get(kind) ?? 0);
      },
    });
  }
}
