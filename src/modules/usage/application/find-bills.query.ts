import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { BILL_CATEGORY_TEXTS, type BillCategoryColumn } from '../domain/bill-categories.js';

/** A bill in its current version, as it was issued. */
export type BillRow = {
  readonly customer_id: string;
  readonly source: string;
  readonly bill_no: string;
  readonly version: number;
  readonly cycle: string;
  readonly payable_fen: number;
  readonly due_on: string;
  readonly issued_at: Date;
  readonly recorded_at: Date;
} & Readonly<Record<BillCategoryColumn, number>>;

/** `sent` until something is paid of it; `onHold` while it is disputed (争议). TMF678's `new` and `validated` lie before billing sends it. */
export const BILL_STATES = ['sent', 'partiallyPaid', 'onHold', 'settled'] as const;
export type BillState = (typeof BILL_STATES)[number];

export interface BillStanding {
  readonly remainingFen: number;
  readonly state: BillState;
  readonly settledAt: Date | null;
}

export const BILL_COLUMNS = `b.customer_id, b.source, b.bill_no, b.version, b.cycle, b.payable_fen, b.due_on, b.issued_at,
  b.recorded_at, ${BILL_CATEGORY_TEXTS.map(({ column }) => `b.${column}`).join(', ')}`;

type BillKey = Pick<BillRow, 'customer_id' | 'source' | 'bill_no'>;

/** The id of a bill is its key, so that it is found without a directory of its own. */
export const billIdOf = ({ customer_id: customerId, source, bill_no: billNo }: BillKey): string =>
  [customerId, source, billNo].join('~');

const BILL_ID = /^([0-9a-f-]{36})~([A-Z0-9]{2,12})~([\w.-]{1,64})$/;

@Injectable()
export class FindBills {
  constructor(private readonly database: Database) {}

  async byId(id: string): Promise<BillRow | undefined> {
    const [, customerId = '', source, billNo] = BILL_ID.exec(id) ?? [];
    if (!isId(customerId)) return undefined;
    const [row] = await this.database.query<BillRow>(
      `SELECT ${BILL_COLUMNS} FROM usage.customer_bill b
       WHERE b.customer_id = $1 AND b.source = $2 AND b.bill_no = $3 AND b.is_current`,
      [customerId, source, billNo],
    );
    return row;
  }

  /** How each bill of these customers stands now, by the id of the bill. */
  async standingsOf(customerIds: readonly string[]): Promise<ReadonlyMap<string, BillStanding>> {
    const rows = await this.database.query<BillKey & BillStanding>(
      `SELECT c.customer_id, b.source, b.bill_no, b.remaining_fen AS "remainingFen", b.state, b.settled_at AS "settledAt"
       FROM unnest($1::uuid[]) c (customer_id) CROSS JOIN LATERAL usage.bills_of(c.customer_id, 'infinity') b WHERE b.has_bill`,
      [[...new Set(customerIds)]],
    );
    return new Map(rows.map((row) => [billIdOf(row), row]));
  }
}
