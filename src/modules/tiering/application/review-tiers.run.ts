import { Injectable } from '@nestjs/common';
import { DefinesRun } from '../../../platform/queues/index.js';
import { monthlyOnceBilled, type WaitsForBills } from '../../usage/index.js';
import { PROGRAM } from '../persistence/rule-sets.js';
import { GivesLevels } from './gives-levels.js';

/**
 * The review of all levels (定期评级; TIER-10, TIER-11): upgrades and downgrades hold from the as-of day. Held again under
 * another key, for instance after late bills, it changes what the new facts change and nothing else.
 */
@DefinesRun()
@Injectable()
export class ReviewTiers extends GivesLevels<WaitsForBills> {
  readonly kind = 'tiering.review';
  readonly describe = 'Decides the level of every customer as of a day and records whose level changes.';
  // The bills of a month are in by the 5th; the package route follows them monthly. In January the year that counts would
  // change a month before its review.
  readonly schedule = monthlyOnceBilled('30 2 6 2-12 *');
  protected programOf = (): string => PROGRAM;
}
