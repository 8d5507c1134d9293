import { defineEvent } from '../../../platform/events/event.js';

export interface RaisedRisk {
  readonly customerId: string;
  /** 0–100. */
  readonly risk: number;
}

/** A customer's risk of leaving has become high (流失预警). Once per rise, not once per assessment. */
export const ChurnRiskRaised = defineEvent<RaisedRisk>('analytics.ChurnRiskRaised');
