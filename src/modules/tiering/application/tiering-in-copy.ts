import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../customers/index.js';
import { tellOf, type DecidedFrom } from '../domain/decide.js';
import type { Rules } from '../domain/rule-set.js';

/** Levels, and why: a decision made by a program is explained (PIPL 24). */
@Injectable()
@ContributesToSubjectCopy('tiering')
export class TieringInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

/** What a decision was made from, and what follows from it. */
function explained({ body, scale, told, ...row }: Readonly<Record<string, unknown>>): object {
  const stored = { ...row, told } as unknown as DecidedFrom;
  return { ...row, ...tellOf({ body, scale } as Rules, stored, String(row['asOf'])) };
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'tiering.assignment',
    title: 'Your levels (客户级别)',
    sql: `SELECT program, tier, valid_from AS "validFrom", valid_until AS "validUntil", end_reason AS "endReason"
          FROM tiering.tier_assignment WHERE customer_id = $1 ORDER BY valid_from, decision_id`,
  },
  {
    name: 'tiering.decision',
    title: 'How your level was decided (定级依据)',
    sql: `SELECT d.program, d.as_of AS "asOf", d.from_tier AS "fromTier", d.to_tier AS "toTier", d.outcome, d.facts, d.standing, d.told,
            d.would_be AS "wouldBe", d.kept_until AS "keptUntil", d.cause, d.rule_set_version AS "ruleSetVersion",
            d.decided_at AS "decidedAt", r.body, p.scale
          FROM tiering.tier_decision d JOIN tiering.rule_set r ON r.version = d.rule_set_version
          JOIN tiering.program p ON p.program = d.program
          WHERE d.customer_id = $1 ORDER BY d.decided_at, d.decision_id`,
    show: explained,
  },
  {
    name: 'tiering.tier-override',
    title: 'Levels given to you by hand (特批级别)',
    sql: `SELECT program, tier, mode, category, reason, valid_from AS "validFrom", valid_until AS "validUntil",
            recorded_at AS "recordedAt", ended_at AS "endedAt"
          FROM tiering.tier_override WHERE customer_id = $1 ORDER BY valid_from, override_id`,
  },
  {
    name: 'tiering.tier-grace',
    title: 'Downgrades that are announced to you (降级缓冲)',
    sql: `SELECT program, would_be AS "wouldBe", begun_on AS "begunOn", ends_on AS "endsOn"
          FROM tiering.tier_grace WHERE customer_id = $1 ORDER BY program`,
  },
  {
    name: 'tiering.card',
    title: 'Your cards (贵宾卡)',
    sql: `SELECT '************' || last_four AS "maskedNumber", tier, status, issued_on AS "issuedOn", valid_until AS "validUntil",
            activated_at AS "activatedAt", lost_at AS "lostAt", ended_at AS "endedAt", end_reason AS "endReason"
          FROM tiering.card WHERE customer_id = $1 ORDER BY issued_at, card_id`,
  },
  {
    name: 'tiering.points-member',
    title: 'Your points membership (积分卡客户)',
    sql: `SELECT since, until FROM tiering.points_member WHERE customer_id = $1 ORDER BY enrolled_at`,
  },
  {
    name: 'tiering.membership-transfer',
    title: 'Transfers of your membership (会员身份转移)',
    sql: `SELECT CASE WHEN customer_id = $1 THEN 'given' ELSE 'received' END AS direction, tier, status, asked_at AS "askedAt",
            carries_out_on AS "carriesOutOn", closed_at AS "closedAt"
          FROM tiering.membership_transfer WHERE customer_id = $1 OR to_customer_id = $1 ORDER BY asked_at, transfer_id`,
  },
  {
    name: 'tiering.potential-customer',
    title: 'Whether you may become a valued customer (潜在高价值客户)',
    sql: `SELECT level, found_on AS "foundOn", last_found_on AS "lastFoundOn", lapses_on AS "lapsesOn", inputs, reasons,
            rule_set_version AS "ruleSetVersion", status, decided_at AS "decidedAt", reason, end_reason AS "endReason"
          FROM tiering.potential_customer WHERE customer_id = $1 ORDER BY found_on, candidate_id`,
  },
  {
    name: 'tiering.trial-entitlement',
    title: 'What you were given on trial (体验权益)',
    sql: `SELECT code, label, unit, value, valid_from AS "validFrom", valid_until AS "validUntil", end_reason AS "endReason"
          FROM tiering.trial_entitlement WHERE customer_id = $1 ORDER BY valid_from, candidate_id, code`,
  },
  {
    name: 'tiering.preview',
    title: 'Rules that were tried and would have lowered your level (规则试算)',
    sql: `SELECT v.as_of AS "asOf", v.version AS "ruleSetVersion", d.from_tier AS "fromTier", d.to_tier AS "toTier", d.outcome,
            d.net_spend_fen AS "netSpendFen", d.decided_by AS "decidedBy"
          FROM tiering.preview_drop d JOIN tiering.preview v ON v.run_id = d.run_id
          WHERE d.customer_id = $1 AND d.place IS NOT NULL ORDER BY v.started_at, v.run_id`,
  },
];
