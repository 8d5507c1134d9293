import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { OrganizationModule } from '../organization/index.js';
import { CustomerOfBill } from './application/bill-customer.query.js';
import { FindBalance } from './application/find-balance.query.js';
import { FindBills } from './application/find-bills.query.js';
import { SnapshotArrears } from './application/snapshot-arrears.run.js';
import { BillingController } from './http/billing.controller.js';
import { CustomerBillsController } from './http/customer-bills.controller.js';

/** Bills, what is paid of them and what is owed: the part of usage that reads what the intake has stored. */
@Module({
  imports: [OrganizationModule, CustomersModule],
  controllers: [CustomerBillsController, BillingController],
  providers: [CustomerOfBill, FindBalance, FindBills, SnapshotArrears],
})
export class BillingModule {}
