import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { ResolvesCustomer, type CustomerResolver } from '../../../platform/http/index.js';

@ResolvesCustomer('contact')
@Injectable()
export class CustomerOfContact implements CustomerResolver {
  constructor(private readonly database: Database) {}

  async customerOf(contactId: string): Promise<string | undefined> {
    if (!isId(contactId)) return undefined;
    const [row] = await this.database.query<{ customer_id: string | null }>(
      'SELECT customer_id FROM routing.contact WHERE contact_id = $1',
      [contactId],
    );
    return row?.customer_id ?? undefined;
  }
}
