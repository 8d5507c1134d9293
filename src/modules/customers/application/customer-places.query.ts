import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { CustomerPlaces } from '../../../platform/http/index.js';
import type { CustomerPlace } from '../../../platform/identity/index.js';

/** Asked by the access guard before anything else is done with a customer. */
@Injectable()
export class PlacesOfCustomers extends CustomerPlaces {
  constructor(private readonly database: Database) {
    super();
  }

  async placesOf(customerIds: readonly string[]): Promise<readonly CustomerPlace[]> {
    const ids = customerIds.filter(isId);
    if (ids.length === 0) return [];
    const rows = await this.database.query<PlaceRow>(
      `SELECT customer_id AS "customerId", region, branch_code AS "branchCode", manager_id AS "managerId",
         restricted_at IS NOT NULL AS "isRestricted"
       FROM customers.customer WHERE customer_id = ANY($1::uuid[])`,
      [ids],
    );
    return rows.map((row) => ({
      customerId: row.customerId,
      region: row.region ?? undefined,
      branchCode: row.branchCode ?? undefined,
      managerId: row.managerId ?? undefined,
      isRestricted: row.isRestricted,
    }));
  }
}

interface PlaceRow {
  readonly customerId: string;
  readonly region: string | null;
  readonly branchCode: string | null;
  readonly managerId: string | null;
  readonly isRestricted: boolean;
}
