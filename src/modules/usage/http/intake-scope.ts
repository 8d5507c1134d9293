import { Injectable } from '@nestjs/common';
import type { Actor } from '../../../platform/identity/index.js';
import { OrganizationFacade } from '../../organization/index.js';
import type { FilesSeen } from '../application/find-files.query.js';
import { NotYourRecords } from '../domain/refusals.js';

/** Holds a system to the source, kinds and provinces that its key was made for (USG-01). Staff with the permission may send for all. */
@Injectable()
export class IntakeScope {
  constructor(private readonly organization: OrganizationFacade) {}

  /** A system sees what it sent itself, people what their provinces sent. */
  async filesSeenBy(actor: Actor): Promise<FilesSeen> {
    if (actor.kind === 'system') return { source: (await this.organization.scopeOfApiKey(actor.id))?.source ?? '' };
    return actor.scope.everybody ? {} : { provinces: actor.scope.provinces };
  }

  /** @throws NotYourRecords */
  async check(
    actor: Actor,
    records: { readonly source: string; readonly kind: string; readonly province?: string },
  ): Promise<void> {
    if (actor.kind === 'staff') return;
    const scope = await this.organization.scopeOfApiKey(actor.id);
    if (scope?.source !== records.source) throw new NotYourRecords('source');
    if (scope.kinds.length > 0 && !scope.kinds.includes(records.kind)) throw new NotYourRecords('kind');
    const { province } = records;
    if (province !== undefined && scope.provinces.length > 0 && !scope.provinces.includes(province)) {
      throw new NotYourRecords('province');
    }
  }
}
