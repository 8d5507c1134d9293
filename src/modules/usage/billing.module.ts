import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { OrganizationModule } from '../organization/index.js';
import { BillPreferences } from './application/bill-preferences.js';
import { CustomerOfBill } from './application/bill-customer.query.js';
import { FindBalance } from './application/find-balance.query.js';
import { FindBills } from './application/find-bills.query.js';
import { FindHugeBills } from './application/find-huge-bills.js';
import { SendHugeBillNotices } from './application/send-huge-bill-notices.js';
import { ForgetBillingWishes } from './application/forget-billing-wishes.js';
import { CustomerOfItemisedList, ForgetItemisedLists, ItemisedLists } from './application/itemised-lists.js';
import { RenderBill } from './application/render-bill.query.js';
import { SnapshotArrears } from './application/snapshot-arrears.run.js';
import { BillPreferencesController } from './http/bill-preferences.controller.js';
import { BillingController } from './http/billing.controller.js';
import { ItemisedListsController } from './http/itemised-lists.controller.js';
import { CustomerBillsController } from './http/customer-bills.controller.js';

/** Bills, what is paid of them and what is owed: the part of usage that reads what the intake has stored. */
@Module({
  imports: [OrganizationModule, CustomersModule],
  controllers: [CustomerBillsController, BillingController, BillPreferencesController, ItemisedListsController],
  providers: [
    BillPreferences,
    CustomerOfBill,
    CustomerOfItemisedList,
    FindBalance,
    FindBills,
    FindHugeBills,
    ForgetBillingWishes,
    ForgetItemisedLists,
    ItemisedLists,
    RenderBill,
    SendHugeBillNotices,
    SnapshotArrears,
  ],
  exports: [FindHugeBills, ForgetBillingWishes, SendHugeBillNotices],
})
export class BillingModule {}
