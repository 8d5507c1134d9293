import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import {
  Approvals,
  CarriesOut,
  defineApproval,
  type Approval,
  type Approved,
  type CarriesOutApproval,
} from '../../organization/index.js';
import { EffectiveInThePast, NotYourProvince, ServiceLevelsTaken } from '../domain/refusals.js';
import { requireWithin, type ServiceLevels } from '../domain/service-level.js';
import { appendServiceLevels, serviceLevelsAt } from '../persistence/service-levels.js';

export type ProposedLevels = Omit<ServiceLevels, 'version'>;

/** As JSON keeps it: the instant is text. */
interface FrozenLevels {
  readonly region: string | null;
  readonly effectiveFrom: string;
  readonly targets: ServiceLevels['targets'];
  readonly severityPercent: ServiceLevels['severityPercent'];
}

const PublishServiceLevels = defineApproval<FrozenLevels>('tickets.service-levels', {
  title: { en: 'Publish service levels', zh: '发布服务时限' },
  ask: 'tickets.promise',
  decide: 'tickets.approve',
});

@Injectable()
export class ProposeServiceLevels {
  constructor(
    private readonly transaction: Transaction,
    private readonly approvals: Approvals,
    private readonly clock: Clock,
  ) {}

  /** @throws NotYourProvince, EffectiveInThePast, LevelMissing, LongerThanPromised */
  async execute(levels: ProposedLevels, reason: string, actor: Actor): Promise<Approval> {
    const { region, effectiveFrom } = levels;
    requireProvince(actor, region);
    if (effectiveFrom <= this.clock.now()) throw new EffectiveInThePast();
    return this.transaction.run(async (tx) => {
      requireWithin(region === undefined ? levels : await serviceLevelsAt(tx, effectiveFrom), levels);
      const payload = { ...levels, region: region ?? null, effectiveFrom: effectiveFrom.toISOString() };
      return this.approvals.ask(
        tx,
        PublishServiceLevels,
        { subject: `service-levels:${region ?? 'operator'}`, payload, reason },
        actor,
      );
    });
  }
}

@CarriesOut(PublishServiceLevels)
@Injectable()
export class PublishApprovedServiceLevels implements CarriesOutApproval<FrozenLevels> {
  constructor(private readonly clock: Clock) {}

  /** What held when it was asked may have passed, or the operator may promise more by now: it is looked at again. */
  async carryOut(tx: Tx, { payload, askedBy, approver }: Approved<FrozenLevels>): Promise<{ version: number }> {
    const levels = {
      ...payload,
      region: payload.region ?? undefined,
      effectiveFrom: new Date(payload.effectiveFrom),
    };
    requireProvince(approver, levels.region);
    const at = this.clock.now();
    if (levels.effectiveFrom <= at) throw new EffectiveInThePast();
    if (levels.region !== undefined) requireWithin(await serviceLevelsAt(tx, levels.effectiveFrom), levels);
    const version = await appendServiceLevels(tx, levels, { author: askedBy, approvedBy: approver.id, at });
    if (version === undefined) throw new ServiceLevelsTaken();
    return { version };
  }
}

function requireProvince({ scope }: Actor, region: string | undefined): void {
  if (!scope.everybody && (region === undefined || !scope.provinces.includes(region))) throw new NotYourProvince();
}
