import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import { ALARM, type IntakeAlarm } from '../persistence/intake-alarms.js';

export type { IntakeAlarm };

@Injectable()
export class FindAlarms {
  constructor(private readonly database: Database) {}

  /** Of one source only, for those who send for it. */
  page<View extends object>(
    list: ListRequest,
    source: string | undefined,
    viewOf: (alarm: IntakeAlarm) => View,
  ): Promise<Page<View>> {
    const from = {
      select: ALARM,
      from: 'usage.intake_alarm a',
      where: '$1::text IS NULL OR a.source = $1',
      params: [source ?? null],
    };
    return readPage<IntakeAlarm, View>(this.database, list, from, viewOf);
  }

  /** @throws ResourceNotFound */
  async byId(alarmId: string): Promise<IntakeAlarm> {
    const [alarm] = await this.database.query<IntakeAlarm>(
      `SELECT ${ALARM} FROM usage.intake_alarm a WHERE a.alarm_id = $1`,
      [alarmId],
    );
    if (!alarm) throw new ResourceNotFound('alarm');
    return alarm;
  }
}
