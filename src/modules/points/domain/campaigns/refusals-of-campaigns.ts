import { Refusal } from '../../../../platform/errors/index.js';

export class CampaignNotFound extends Refusal {
  static readonly code = 'points.campaign-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(CampaignNotFound.code, CampaignNotFound.kind, 'There is no such campaign');
  }
}

export class CampaignCodeTaken extends Refusal {
  static readonly code = 'points.campaign-code-taken';
  static readonly kind = 'conflict';
  constructor(actual: string) {
    super(CampaignCodeTaken.code, CampaignCodeTaken.kind, 'There is a campaign of this code', {
      field: 'code',
      actual,
    });
  }
}

export class CampaignUnsound extends Refusal {
  static readonly code = 'points.campaign-unsound';
  static readonly kind = 'rejected';
  constructor(facts: {
    readonly field: string;
    readonly actual?: string | number | undefined;
    readonly expected: string;
  }) {
    super(CampaignUnsound.code, CampaignUnsound.kind, `The ${facts.field} of the campaign cannot be so`, facts);
  }
}

/** Only an approved campaign gives anything, within its days. */
export class CampaignGivesNothing extends Refusal {
  static readonly code = 'points.campaign-gives-nothing';
  static readonly kind = 'rejected';
  constructor(facts: { readonly status: string; readonly validFrom: string; readonly validUntil: string }) {
    super(CampaignGivesNothing.code, CampaignGivesNothing.kind, 'The campaign gives nothing now', facts);
  }
}

export class CampaignOfAnotherTrigger extends Refusal {
  static readonly code = 'points.campaign-of-another-trigger';
  static readonly kind = 'rejected';
  constructor(trigger: string) {
    super(
      CampaignOfAnotherTrigger.code,
      CampaignOfAnotherTrigger.kind,
      'The campaign gives by what customers pay, not by request',
      { field: 'trigger', actual: trigger, expected: 'EVENT' },
    );
  }
}

export class CampaignNotForCustomer extends Refusal {
  static readonly code = 'points.campaign-not-for-customer';
  static readonly kind = 'rejected';
  constructor(condition: string) {
    super(CampaignNotForCustomer.code, CampaignNotForCustomer.kind, 'The campaign is not for this customer', {
      expected: condition,
    });
  }
}

export class CampaignCapReached extends Refusal {
  static readonly code = 'points.campaign-cap-reached';
  static readonly kind = 'rejected';
  constructor(facts: { readonly granted: number; readonly cap: number; readonly per: 'customer' | 'points-year' }) {
    super(
      CampaignCapReached.code,
      CampaignCapReached.kind,
      'The customer has had as much as the campaign gives',
      facts,
    );
  }
}

export class CampaignBudgetUsedUp extends Refusal {
  static readonly code = 'points.campaign-budget-used-up';
  static readonly kind = 'rejected';
  constructor(facts: { readonly left: number; readonly requested: number }) {
    super(CampaignBudgetUsedUp.code, CampaignBudgetUsedUp.kind, 'The budget of the campaign is used up', facts);
  }
}

export class CampaignNotInStatus extends Refusal {
  static readonly code = 'points.campaign-status';
  static readonly kind = 'conflict';
  constructor(status: string, expected: string) {
    super(CampaignNotInStatus.code, CampaignNotInStatus.kind, `The campaign is ${status}`, {
      actual: status,
      expected,
    });
  }
}
