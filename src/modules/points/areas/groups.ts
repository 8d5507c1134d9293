import { GroupsInCopy } from '../application/groups/groups-in-copy.js';
import { KeyPersonRegister } from '../application/groups/key-person-register.js';
import { RedeemForGroupUseCase } from '../application/groups/redeem-for-group.js';
import { GroupAccountsController } from '../http/groups/group-accounts.controller.js';

/** Accounts of group customers, redeemed by their key persons (关键人物). */
export const groups = {
  controllers: [GroupAccountsController],
  providers: [GroupsInCopy, KeyPersonRegister, RedeemForGroupUseCase],
};
