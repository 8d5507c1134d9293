import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  AnyObjectField, BooleanField, CurrentActor, DateField, EnumField, headOf, IdField, InstantField, IntegerField, ListQuery,
  Operation, ResourceIdPipe, ResourceNotFound, TextField, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { AcknowledgeAlarm } from '../application/acknowledge-alarm.js';
import { FindAlarms, type IntakeAlarm } from '../application/find-alarms.query.js';
import { ALARM_KINDS } from '../domain/alarm.js';
import { KINDS } from '../domain/codes.js';
import { IntakeScope } from './intake-scope.js';
import { intakeAlarms } from './resources.js';

class AlarmView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'IntakeAlarm' }) '@type'!: string;
  @EnumField({ values: ALARM_KINDS }) kind!: string;
  @TextField({ example: 'BOSS' }) source!: string;
  @EnumField({ values: KINDS, optional: true }) recordKind?: string | undefined;
  @DateField({ optional: true }) businessDate?: string | undefined;
  @AnyObjectField({ description: 'Of a gap: from and to; of a deadline: when it was', example: { from: 12, to: 12 } })
  detail!: object;
  @IntegerField({ example: 1, description: 'How often it was raised while it stood' }) occurrences!: number;
  @InstantField() raisedAt!: Date;
  @InstantField() lastRaisedAt!: Date;
  @InstantField({ optional: true }) acknowledgedAt?: Date | undefined;
  @TextField({ optional: true, example: 'Wang Li' }) acknowledgedBy?: string | undefined;
  @InstantField({ optional: true, description: 'When its cause was gone; absent: it stands' }) clearedAt?:
    Date | undefined;
}

class PatchAlarmBody {
  @BooleanField({ example: true, description: 'true: you look after it' }) isAcknowledged!: true;
}

@ApiTags('Intake (数据接入)')
@Controller(intakeAlarms.path)
export class AlarmsController {
  constructor(
    private readonly find: FindAlarms,
    private readonly acknowledge: AcknowledgeAlarm,
    private readonly scope: IntakeScope,
  ) {}

  @Get()
  @Operation({
    summary: 'List alarms of the intake (接入告警)',
    description:
      'They stand until their cause is gone: the file came, the gap was filled. isStanding=true shows those.',
    permission: 'usage.intake',
    returns: AlarmView,
  })
  async list(@ListQuery(intakeAlarms) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<AlarmView>> {
    const { source } = await this.scope.filesSeenBy(actor);
    return this.find.page(list, source, viewOf);
  }

  @Patch(':id')
  @Operation({
    summary: 'Acknowledge an alarm (确认告警)',
    permission: 'usage.manage',
    wholeOperator: true,
    returns: AlarmView,
    refusals: [ResourceNotFound],
  })
  async patch(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { isAcknowledged }: PatchAlarmBody,
    @CurrentActor() actor: Actor,
  ): Promise<AlarmView> {
    return viewOf(isAcknowledged ? await this.acknowledge.execute(id, actor) : await this.find.byId(id));
  }
}

const viewOf = (alarm: IntakeAlarm): AlarmView => ({
  ...headOf(intakeAlarms, alarm.alarmId),
  kind: alarm.kind,
  source: alarm.source,
  recordKind: alarm.recordKind ?? undefined,
  businessDate: alarm.businessDate ?? undefined,
  detail: alarm.detail,
  occurrences: alarm.occurrences,
  raisedAt: alarm.raisedAt,
  lastRaisedAt: alarm.lastRaisedAt,
  acknowledgedAt: alarm.acknowledgedAt ?? undefined,
  acknowledgedBy: alarm.acknowledgedBy ?? undefined,
  clearedAt: alarm.clearedAt ?? undefined,
});
