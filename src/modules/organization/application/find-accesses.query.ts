import { Injectable } from '@nestjs/common';
import { asSystem, Database, isId } from '../../../platform/database/index.js';
import {
  filterValues,
  readPage,
  type FilterValue,
  type ListRequest,
  type ListSource,
  type Page,
} from '../../../platform/http/index.js';
import { headsBetween, type HeadLine } from '../persistence/register-rows.js';

/** A line of the access register. */
export interface Access {
  readonly entryId: string;
  readonly occurredAt: Date;
  readonly actorKind: string;
  readonly actorId: string;
  readonly actorRole: string;
  readonly unitId: string | null;
  readonly unitName: string | null;
  readonly sessionId: string | null;
  readonly clientAddress: string | null;
  readonly requestId: string;
  readonly action: string;
  readonly objectType: string | null;
  readonly objectId: string | null;
  readonly customerIds: readonly string[];
  readonly customerCount: number;
  readonly fieldGroups: readonly string[];
  readonly purpose: string;
  readonly ticketRef: string | null;
  readonly result: string;
  readonly refusal: string | null;
  /** `null` in lines of releases that had no chains. */
  readonly chain: number | null;
  readonly seq: number | null;
}

/** The register has millions of lines; nobody turns that many pages. */
export const COUNTED_UP_TO = 10_000;

const COLUMNS = `a.entry_id AS "entryId", a.occurred_at AS "occurredAt", a.actor_kind AS "actorKind", a.actor_id AS "actorId",
  a.actor_role AS "actorRole", a.unit_id AS "unitId", u.name AS "unitName", a.session_id AS "sessionId",
  a.client_address AS "clientAddress", a.request_id AS "requestId", a.action, a.object_type AS "objectType",
  a.object_id AS "objectId", a.customer_ids AS "customerIds", a.customer_count AS "customerCount",
  a.field_groups AS "fieldGroups", a.purpose, a.ticket_ref AS "ticketRef", a.result, a.refusal, a.chain, a.seq`;

@Injectable()
export class FindAccesses {
  constructor(private readonly database: Database) {}

  page<V extends object>(list: ListRequest, view: (access: Access) => V): Promise<Page<V>> {
    return readPage(
      this.database,
      list,
      sourceOf(filterValues(list, 'customerId'), filterValues(list, 'actorId')),
      view,
    );
  }

  /** Every look at one customer, and every refused one, by whomever: whoever asks has been let in to this customer (PIPL 45). */
  ofCustomer<V extends object>(customerId: string, list: ListRequest, view: (access: Access) => V): Promise<Page<V>> {
    return asSystem(() => readPage(this.database, list, sourceOf([customerId]), view));
  }

  /** Where the chains of the register stood at the end of a time. */
  heads(from: Date, until: Date): Promise<readonly HeadLine[]> {
    return headsBetween(this.database, from, until);
  }
}

/**
 * Left to itself the planner believes that any customer is in every 200th line, and walks back through time until it has found a
 * page of them. So the lines of customers are found by their index first (`OFFSET 0` keeps that apart), those of one actor by the
 * index that has them in order.
 */
function sourceOf(customerIds?: readonly FilterValue[], actorIds?: readonly FilterValue[]): ListSource {
  const params: unknown[] = [];
  const next = (value: unknown): string => `$${params.push(value)}`;
  const register = 'organization.access_register';
  const lines = customerIds
    ? `(SELECT * FROM ${register} WHERE customer_ids && ${next(customerIds.filter((id) => isId(String(id))))}::uuid[] OFFSET 0)`
    : register;
  const where =
    actorIds === undefined
      ? 'TRUE'
      : actorIds.length === 1
        ? `a.actor_id = ${next(actorIds[0])}`
        : `a.actor_id = ANY(${next(actorIds)}::text[])`;
  return {
    select: COLUMNS,
    from: `${lines} a LEFT JOIN organization.unit u ON u.unit_id = a.unit_id`,
    where,
    params,
    countSql: `SELECT count(*) AS total FROM (SELECT FROM ${lines} a WHERE {where} LIMIT ${COUNTED_UP_TO}) counted`,
  };
}
