import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, isId } from '../../../platform/database/index.js';
import {
  readPage,
  ResolvesCustomer,
  type CustomerResolver,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { stateOf, type ExceptionState, type LevelException } from '../domain/level-exception.js';
import { LevelExceptionNotFound } from '../domain/refusals-of-exceptions.js';
import { EXCEPTION_COLUMNS, exceptionOf } from '../persistence/tier-overrides.js';

export type ListedException = LevelException & { readonly state: ExceptionState };

@Injectable()
export class FindLevelExceptions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The resource may compare with `t.today`, the business day. */
  list<V extends object>(list: ListRequest, view: (found: ListedException) => V): Promise<Page<V>> {
    const today = this.today();
    return readPage<LevelException, V>(
      this.database,
      list,
      {
        select: EXCEPTION_COLUMNS,
        from: 'tiering.tier_override o CROSS JOIN (SELECT $1::date AS today) t',
        params: [today],
      },
      (found) => view({ ...found, state: stateOf(found, today) }),
    );
  }

  /** @throws LevelExceptionNotFound */
  async one(exceptionId: string): Promise<ListedException> {
    const found = isId(exceptionId) ? await exceptionOf(this.database, exceptionId) : undefined;
    if (!found) throw new LevelExceptionNotFound();
    return this.withState(found);
  }

  withState(exception: LevelException): ListedException {
    return { ...exception, state: stateOf(exception, this.today()) };
  }

  private today(): string {
    return businessDate(this.clock.now());
  }
}

@ResolvesCustomer('levelException')
@Injectable()
export class CustomerOfLevelException implements CustomerResolver {
  constructor(private readonly database: Database) {}

  async customerOf(exceptionId: string): Promise<string | undefined> {
    return isId(exceptionId) ? (await exceptionOf(this.database, exceptionId))?.customerId : undefined;
  }
}
