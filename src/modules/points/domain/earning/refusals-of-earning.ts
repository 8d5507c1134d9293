import { Refusal } from '../../../../platform/errors/index.js';

/** Before the first rule set there is nothing by which a bill could earn. */
export class NoEarnRulesThen extends Refusal {
  static readonly code = 'points.no-earn-rules';
  static readonly kind = 'rejected';
  constructor(facts: { readonly month: string }) {
    super(NoEarnRulesThen.code, NoEarnRulesThen.kind, 'No rules for earning points were in force in that month', facts);
  }
}
