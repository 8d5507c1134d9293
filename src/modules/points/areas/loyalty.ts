import {
  CustomerOfLoyaltyBalance,
  CustomerOfLoyaltyBurn,
  CustomerOfLoyaltyEarn,
  FindLoyalty,
} from '../application/loyalty/loyalty.query.js';
import { LoyaltyController } from '../http/loyalty/loyalty.controller.js';

/** How others see points: TMF658. */
export const loyalty = {
  controllers: [LoyaltyController],
  providers: [FindLoyalty, CustomerOfLoyaltyBalance, CustomerOfLoyaltyEarn, CustomerOfLoyaltyBurn],
};
