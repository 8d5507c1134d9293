import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../platform/http/index.js';
import { tellOf, type DecidedFrom, type Decision } from '../domain/decide.js';
import type { Program } from '../domain/program.js';
import { ProgramNotFound } from '../domain/refusals-of-rule-sets.js';
import type { RuleSet } from '../domain/rule-set.js';
import { programOf } from '../persistence/programs.js';
import { ruleSetOfVersion } from '../persistence/rule-sets.js';
import { CustomerTierQuery } from './customer-tier.query.js';

/** Where a customer stands on the scale of a programme, and every factor of it. */
export interface CustomerGrade extends Pick<Decision, 'inputs' | 'reasons'> {
  readonly customerId: string;
  readonly program: Program;
  readonly level: string;
  /** undefined for a customer who was never above the lowest. */
  readonly validFrom: string | undefined;
  /** As of which day the level was decided; undefined when it was not: then the factors are those of today. */
  readonly decidedAsOf: string | undefined;
  /** What the level was, or would be today, decided by. */
  readonly ruleSet: RuleSet;
}

export interface GradedCustomer {
  readonly customerId: string;
  readonly program: string;
  readonly level: string;
  readonly region: string | null;
  readonly validFrom: string;
}

/** Class, credit, stars or value of customers, and why (客户分类、信誉度查询; CUS-19, CUS-22). */
@Injectable()
export class CustomerGrades {
  constructor(
    private readonly database: Database,
    private readonly tiers: CustomerTierQuery,
    private readonly clock: Clock,
  ) {}

  /** Whoever stands on a level because a run has given it. */
  list<View extends object>(list: ListRequest, view: (graded: GradedCustomer) => View): Promise<Page<View>> {
    const source = {
      select: `t.customer_id AS "customerId", t.program, t.tier AS level, p.region, t.valid_from AS "validFrom"`,
      from: 'tiering.current_level t JOIN customers.profile p ON p.customer_id = t.customer_id',
    };
    return readPage<GradedCustomer, View>(this.database, list, source, view);
  }

  /** @throws ProgramNotFound, CustomerNotFound, NoRuleSetInEffect */
  async of(customerId: string, name: string): Promise<CustomerGrade> {
    const program = await programOf(this.database, name);
    if (!program) throw new ProgramNotFound();
    const [held] = await this.database.query<Held>(
      `SELECT t.tier AS level, t.valid_from AS "validFrom", d.as_of AS "decidedAsOf", d.rule_set_version AS version, d.facts, d.standing, d.told
       FROM tiering.current_level t
       LEFT JOIN tiering.tier_decision d ON d.customer_id = t.customer_id AND d.decision_id = t.decision_id
       WHERE t.customer_id = $1 AND t.program = $2`,
      [customerId, name],
    );
    const level = held?.level ?? program.scale[program.scale.length - 1] ?? '';
    const common = { customerId, program, level, validFrom: held?.validFrom };
    if (held?.decidedAsOf) {
      const { decidedAsOf, version } = held;
      const ruleSet = await ruleSetOfVersion(this.database, version);
      return { ...common, decidedAsOf, ruleSet, ...tellOf(ruleSet, held, decidedAsOf) };
    }
    const { inputs, reasons, ruleSet } = await this.tiers.explain(customerId, businessDate(this.clock.now()), name);
    return { ...common, decidedAsOf: undefined, ruleSet, inputs, reasons };
  }
}

type Held = { readonly level: string; readonly validFrom: string } & (
  ({ readonly decidedAsOf: string; readonly version: string } & DecidedFrom) | { readonly decidedAsOf: null }
);
