import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { pageOf, readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { impactOf, type Impact } from '../domain/preview.js';
import { PreviewNotCompleted, PreviewNotFound, PreviewsNotComparable } from '../domain/refusals-of-previews.js';
import {
  findPreview,
  previewOf,
  PREVIEWS,
  readCells,
  readMeasured,
  type Preview,
  type PreviewRow,
} from '../persistence/previews.js';

export type { ComparedRules, Preview } from '../persistence/previews.js';

export interface Told {
  readonly preview: Preview;
  /** undefined until it is completed. */
  readonly impact: Impact | undefined;
}

export interface NamedCustomer {
  readonly customer_id: string;
  readonly place: number;
  readonly region: string | null;
  readonly manager_id: string | null;
  readonly from_tier: string;
  readonly to_tier: string;
  readonly outcome: string;
  readonly ranks_lost: number;
  readonly net_spend_fen: number;
  readonly decided_by: string;
  readonly lowers_on: string;
}

export interface Portfolio {
  readonly manager_id: string;
  readonly customers: number;
  readonly rises: number;
  readonly falls: number;
  readonly warned: number;
  readonly kept: number;
  readonly at_risk_fen: number;
}

/** What previews have found (影响预览). */
@Injectable()
export class FindPreviews {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersFacade,
  ) {}

  list<View extends object>(list: ListRequest, view: (preview: Preview) => View): Promise<Page<View>> {
    return readPage<PreviewRow, View>(this.database, list, PREVIEWS, (row) => view(previewOf(row)));
  }

  /** @throws PreviewNotFound */
  async one(runId: string): Promise<Told> {
    const preview = await this.find(runId);
    if (!preview.finishedAt) return { preview, impact: undefined };
    return { preview, impact: await this.impactOf(preview) };
  }

  /** @throws PreviewNotFound, PreviewNotCompleted, PreviewsNotComparable */
  async compared(runIds: readonly string[]): Promise<readonly { preview: Preview; impact: Impact }[]> {
    const found = await Promise.all(runIds.map((runId) => this.find(runId)));
    const [one, other] = found;
    const isPair = one && other && found.length === 2 && one.runId !== other.runId;
    if (!isPair || one.program !== other.program || one.asOf !== other.asOf) throw new PreviewsNotComparable();
    for (const { runId, finishedAt } of found) if (!finishedAt) throw new PreviewNotCompleted(runId);
    return Promise.all(found.map(async (preview) => ({ preview, impact: await this.impactOf(preview) })));
  }

  /**
   * Those named who would fall, the most valuable first, as far as the actor sees them.
   * @throws PreviewNotFound
   */
  async customersOf<View extends object>(
    runId: string,
    list: ListRequest,
    view: (customer: NamedCustomer, maskedName: string | undefined) => View,
  ): Promise<Page<View>> {
    await this.find(runId);
    const source = {
      select: 'd.*, p.region, p.manager_id',
      from: 'tiering.preview_drop d JOIN customers.profile p ON p.customer_id = d.customer_id',
      where: 'd.run_id = $1 AND d.place IS NOT NULL',
      params: [runId],
    };
    const named: NamedCustomer[] = [];
    const whole = await readPage<NamedCustomer & Record<string, unknown>, NamedCustomer>(
      this.database,
      { ...list, fields: undefined },
      source,
      (row) => (named.push(row), row),
    );
    const names = await this.customers.maskedNamesOf(
      this.database,
      named.map(({ customer_id: customerId }) => customerId),
    );
    return pageOf(named, whole.total, list, (row) => view(row, names.get(row.customer_id)));
  }

  /** @throws PreviewNotFound */
  async portfoliosOf<View extends object>(
    runId: string,
    list: ListRequest,
    view: (portfolio: Portfolio) => View,
  ): Promise<Page<View>> {
    await this.find(runId);
    const source = {
      select: 'm.*',
      from: 'tiering.preview_portfolio m',
      where: 'm.run_id = $1 AND m.slice_no = 0',
      params: [runId],
    };
    return readPage<Portfolio & Record<string, unknown>, View>(this.database, list, source, view);
  }

  private async find(runId: string): Promise<Preview> {
    const preview = isId(runId) ? await findPreview(this.database, runId) : undefined;
    if (!preview) throw new PreviewNotFound();
    return preview;
  }

  private async impactOf({ runId, scale, draft, against }: Preview): Promise<Impact> {
    return impactOf({
      scale,
      body: draft.body,
      against: against?.body,
      cells: await readCells(this.database, runId),
      measured: await readMeasured(this.database, runId),
    });
  }
}
