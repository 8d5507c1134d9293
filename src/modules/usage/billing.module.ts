import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { OrganizationModule } from '../organization/index.js';
import { SnapshotArrears } from './application/snapshot-arrears.run.js';

/** Bills, what is paid of them and what is owed: the part of usage that reads what the intake has stored. */
@Module({
  imports: [OrganizationModule, CustomersModule],
  controllers: [],
  providers: [SnapshotArrears],
})
export class BillingModule {}
