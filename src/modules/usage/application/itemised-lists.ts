import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database, isId, newId, Transaction, type Tx } from '../../../platform/database/index.js';
import { ResolvesCustomer, type CustomerResolver } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { EndsRetention, type RetentionRule } from '../../../platform/privacy/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { COUNTERPARTY_CLASSES, EVENT_TYPES, OPERATION } from '../domain/codes.js';
import {
  CSV_HEAD,
  csvLine,
  LIST_IS_KEPT_DAYS,
  ndjsonLine,
  requireFetchableList,
  requireListedMonth,
  type ItemisedList,
  type ListedItem,
  type ListFormat,
} from '../domain/itemised-list.js';
import { ItemisedListNotFound } from '../domain/refusals-of-billing.js';

const DAY_MS = 86_400_000;
const ITEMS_AT_ONCE = 1000;

const LIST_COLUMNS = `l.customer_id AS "customerId", l.list_id AS "listId", l.month, l.format, l.fee_fen AS "feeFen",
  l.asked_by AS "askedBy", l.asked_at AS "askedAt", l.expires_at AS "expiresAt", l.downloads`;

/** Itemised lists of a month (收费清单; Telecommunications Regulations art. 33): asked for, fetched, and free. */
@Injectable()
export class ItemisedLists {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly register: AccessRegister,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, AnotherMonthNeeded */
  async ask(
    { customerId, month, format }: { readonly customerId: string; readonly month: string; readonly format: ListFormat },
    actor: Actor,
  ): Promise<ItemisedList> {
    const now = this.clock.now();
    requireListedMonth(month, businessDate(now));
    const listId = newId();
    await this.transaction.run(async (tx) => {
      if (!(await this.customers.exists(customerId, tx))) throw new CustomerNotFound();
      const expiresAt = new Date(now.getTime() + LIST_IS_KEPT_DAYS * DAY_MS);
      await tx.execute(
        `INSERT INTO usage.itemised_list (customer_id, list_id, month, format, asked_by, asked_by_kind, asked_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [customerId, listId, `${month}-01`, format, actor.id, actor.kind, now, expiresAt],
      );
      tx.audit({
        action: 'billing.ask-itemised-list', objectType: 'ItemisedList', objectId: listId, customerId,
        after: { month, format, feeFen: 0 },
      }); // prettier-ignore
    });
    return this.one(listId);
  }

  /** @throws ItemisedListNotFound */
  async one(listId: string): Promise<ItemisedList> {
    const list = isId(listId) ? await readList(this.database, listId) : undefined;
    if (!list) throw new ItemisedListNotFound();
    return list;
  }

  /**
   * The list, piece by piece, for whoever asked for it. Each time counts, and is in the register before the first piece.
   * @throws ItemisedListNotFound, NotYourList, ListExpired, ListFetchedOften
   */
  async fetch(
    listId: string,
    actor: Actor,
  ): Promise<{ readonly list: ItemisedList; readonly pieces: AsyncIterable<string> }> {
    const list = await this.transaction.run(async (tx) => {
      const found = isId(listId) ? await readList(tx, listId, 'FOR UPDATE') : undefined;
      if (!found) throw new ItemisedListNotFound();
      requireFetchableList(found, actor.id, this.clock.now());
      await tx.execute(
        'UPDATE usage.itemised_list SET downloads = downloads + 1 WHERE customer_id = $1 AND list_id = $2',
        [found.customerId, listId],
      );
      tx.audit({
        action: 'billing.fetch-itemised-list', objectType: 'ItemisedList', objectId: listId, customerId: found.customerId,
        before: { downloads: found.downloads }, after: { downloads: found.downloads + 1 },
      }); // prettier-ignore
      return found;
    });
    await this.register.record({
      actor, action: 'billing.itemised-list', customerIds: [list.customerId], fieldGroups: ['usage', 'billing'],
    }); // prettier-ignore
    return { list, pieces: this.pieces(list) };
  }

  private async *pieces({ customerId, month, format }: ItemisedList): AsyncGenerator<string> {
    if (format === 'CSV') yield CSV_HEAD;
    const line = format === 'CSV' ? csvLine : ndjsonLine;
    for (let last: ItemRow | undefined; ;) {
      const rows = await this.database.query<ItemRow>(
        `SELECT event_time, source, record_id, event_type, counterparty_class, duration_sec, volume_kb, event_count, fee_fen,
           region_visited, tariff_code
         FROM usage.usage_record
         WHERE customer_id = $1 AND month = $2 AND is_current AND operation <> ${OPERATION.CANCEL}
           AND ($3::timestamptz IS NULL OR (event_time, source, record_id) > ($3, $4, $5))
         ORDER BY event_time, source, record_id LIMIT ${ITEMS_AT_ONCE}`,
        [customerId, month, last?.event_time ?? null, last?.source ?? null, last?.record_id ?? null],
      );
      if (rows.length > 0) yield rows.map((row) => line(itemOf(row))).join('');
      last = rows.at(-1);
      if (!last || rows.length < ITEMS_AT_ONCE) return;
    }
  }
}

interface ItemRow {
  readonly event_time: Date;
  readonly source: string;
  readonly record_id: string;
  readonly event_type: number;
  readonly counterparty_class: number;
  readonly duration_sec: number;
  readonly volume_kb: number;
  readonly event_count: number;
  readonly fee_fen: number;
  readonly region_visited: string | null;
  readonly tariff_code: string | null;
}

const itemOf = (row: ItemRow): ListedItem => ({
  at: row.event_time,
  type: EVENT_TYPES[row.event_type - 1] ?? '',
  counterparty: COUNTERPARTY_CLASSES[row.counterparty_class - 1] ?? '',
  seconds: row.duration_sec,
  kb: row.volume_kb,
  count: row.event_count,
  feeFen: row.fee_fen,
  visited: row.region_visited,
  tariff: row.tariff_code,
});

async function readList(reader: Pick<Tx, 'query'>, listId: string, lock = ''): Promise<ItemisedList | undefined> {
  const [row] = await reader.query<ItemisedList>(
    `SELECT ${LIST_COLUMNS} FROM usage.itemised_list l WHERE l.list_id = $1 ${lock}`,
    [listId],
  );
  return row;
}

@ResolvesCustomer('itemisedList')
@Injectable()
export class CustomerOfItemisedList implements CustomerResolver {
  constructor(private readonly database: Database) {}

  async customerOf(listId: string): Promise<string | undefined> {
    return isId(listId) ? (await readList(this.database, listId))?.customerId : undefined;
  }
}

/** That a list was given is proof for a while, not for ever. */
@EndsRetention()
@Injectable()
export class ForgetItemisedLists implements RetentionRule {
  readonly retentionClass = 'usage.itemised-list';

  async count(tx: Tx, before: Date): Promise<number> {
    const [row] = await tx.query<{ n: number }>('SELECT count(*) AS n FROM usage.itemised_list WHERE asked_at < $1', [
      before,
    ]);
    return row?.n ?? 0;
  }

  end(tx: Tx, before: Date): Promise<number> {
    return tx.execute('DELETE FROM usage.itemised_list WHERE asked_at < $1', [before]);
  }
}
