import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { ResolvesCustomer, type CustomerResolver } from '../../../platform/http/index.js';

/** Of requests about a customer; others concern nobody. */
@Injectable()
@ResolvesCustomer('approval')
export class CustomerOfApproval implements CustomerResolver {
  constructor(private readonly database: Database) {}

  async customerOf(approvalId: string): Promise<string | undefined> {
    if (!isId(approvalId)) return undefined;
    const [row] = await this.database.query<{ customer_id: string | null }>(
      'SELECT customer_id FROM organization.approval WHERE approval_id = $1',
      [approvalId],
    );
    return row?.customer_id ?? undefined;
  }
}
