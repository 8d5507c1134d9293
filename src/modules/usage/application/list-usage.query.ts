import { Injectable, type StreamableFile } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import {
  answerList, filterValues, InvalidListQuery, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import { isAllowed, type Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { OnlyForIntake, UsageListTooWide } from '../domain/usage-refusals.js';
import type { FilesSeen } from './find-files.query.js';
import {
  receivedUsage, refusedUsage, storedUsage, type ReceivedRow, type RefusedRow, type UsageRow,
} from './find-usage.query.js'; // prettier-ignore
import { receivedUsages, refusedUsages } from './usage.resource.js';

/** So long a page is looked for among the records of everybody. */
const WITHIN_MS = 3_000;

export interface ShownAs<View extends object> {
  readonly stored: (row: UsageRow) => View;
  readonly ofIntake: (row: ReceivedRow | RefusedRow) => View;
}

/** Lists of usage: somebody's, which an index carries; everybody's, as far as that is quickly found; or what is nobody's. */
@Injectable()
export class ListUsage {
  constructor(
    private readonly database: Database,
    private readonly register: AccessRegister,
  ) {}

  /** @throws OnlyForIntake, UsageListTooWide, InvalidListQuery */
  async list<View extends object>(
    list: ListRequest,
    actor: Actor,
    filesSeen: () => Promise<FilesSeen>,
    show: ShownAs<View>,
  ): Promise<Page<View> | StreamableFile> {
    const isOfSomebody = actor.kind === 'customer' || filterValues(list, 'relatedParty.id') !== undefined;
    const listed = listedUsage(list, isOfSomebody);
    if (listed === 'stored') return this.stored(list, actor, isOfSomebody, show.stored);
    if (!isAllowed(actor, 'usage.intake')) throw new OnlyForIntake();
    const resource = listed === 'received' ? receivedUsages : refusedUsages;
    const source = (listed === 'received' ? receivedUsage : refusedUsage)(await filesSeen());
    return answerList<ReceivedRow | RefusedRow, View>(this.database, narrowed(list, resource), source, {
      view: show.ofIntake,
    });
  }

  private async stored<View extends object>(
    list: ListRequest,
    actor: Actor,
    isOfSomebody: boolean,
    view: (row: UsageRow) => View,
  ): Promise<Page<View> | StreamableFile> {
    const isIndexed = isOfSomebody || filterValues(list, 'usageCharacteristic.recordId') !== undefined;
    const source = { ...storedUsage(list), ...(!isIndexed && { withinMs: WITHIN_MS }) };
    const beforeShown = (rows: readonly UsageRow[]): Promise<void> =>
      this.register.record({
        actor,
        action: 'usage.list',
        customerIds: [...new Set(rows.map((row) => row.customer_id))],
        fieldGroups: ['usage'],
      });
    return answerList<UsageRow, View>(this.database, list, source, { view, beforeShown }).catch((error: unknown) => {
      throw isEnded(error) && !isIndexed ? new UsageListTooWide() : error;
    });
  }
}

/**
 * Records that wait and those that the intake refused are nobody's: they are listed by themselves. A list of somebody's that asks for
 * `rejected` is of what was taken back.
 * @throws InvalidListQuery when both kinds are asked for at once
 */
export function listedUsage(list: ListRequest, isOfSomebody: boolean): 'stored' | 'received' | 'refused' {
  const statuses = filterValues(list, 'status') ?? [];
  const nobodys = statuses.filter((status) => status === 'received' || status === 'rejected');
  if (isOfSomebody || nobodys.length === 0) return 'stored';
  if (statuses.length === 1) return nobodys[0] === 'received' ? 'received' : 'refused';
  throw new InvalidListQuery('status', 'Records of nobody are listed by themselves', [
    'status=received',
    'status=rejected',
    'relatedParty.id',
  ]);
}

/** The same request to a list that knows fewer attributes. @throws InvalidListQuery */
function narrowed(list: ListRequest, resource: ListRequest['resource']): ListRequest {
  const filters = list.filters.filter(({ attribute }) => attribute !== 'status');
  const known = Object.keys(resource.attributes);
  for (const { attribute } of [...filters, ...list.sort]) {
    if (!known.includes(attribute))
      throw new InvalidListQuery(attribute, `Records of nobody are known by ${known.join(', ')}`, known);
  }
  return { ...list, resource, filters };
}

/** PostgreSQL ended the statement. */
const isEnded = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '57014';
