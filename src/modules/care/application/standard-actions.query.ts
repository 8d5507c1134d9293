import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { StandardActionNotFound } from '../domain/refusals.js';
import type { StandardAction } from '../domain/standard-action.js';
import { actionOf, STANDARD_ACTIONS } from '../persistence/standard-actions.js';

@Injectable()
export class FindStandardActions {
  constructor(private readonly database: Database) {}

  list<V extends object>(list: ListRequest, view: (action: StandardAction) => V): Promise<Page<V>> {
    return readPage<StandardAction, V>(this.database, list, STANDARD_ACTIONS, view);
  }

  /** @throws StandardActionNotFound */
  async one(actionId: string): Promise<StandardAction> {
    const found = isId(actionId) ? await actionOf(this.database, actionId) : undefined;
    if (!found) throw new StandardActionNotFound();
    return found;
  }
}
