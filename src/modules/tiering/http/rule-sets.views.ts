import { headOf } from '../../../platform/http/index.js';
import type { Run } from '../../../platform/queues/index.js';
import type { Language } from '../../../platform/rules/index.js';
import type { Difference } from '../domain/difference-of-rule-sets.js';
import type { Program } from '../domain/program.js';
import type { Section } from '../domain/render-rule-set.js';
import type { RuleSet } from '../domain/rule-set.js';
import type { PeriodOfRuleSet } from '../application/find-rule-sets.query.js';
import type {
  ProgramView,
  RuleSetDifferenceView,
  RuleSetPeriodView,
  RuleSetPreviewView,
  RuleSetTextView,
  RuleSetView,
} from './rule-sets.dto.js';
import { programs, ruleSets, RUNS } from './rule-sets.resources.js';

export function ruleSetView(ruleSet: RuleSet): RuleSetView {
  return {
    ...headOf(ruleSets, ruleSet.version),
    program: ruleSet.program,
    kind: ruleSet.kind,
    status: ruleSet.status,
    effectiveFrom: ruleSet.effectiveFrom,
    effectiveUntil: ruleSet.effectiveUntil,
    checksum: ruleSet.checksum,
    author: ruleSet.author,
    approver: ruleSet.approver,
    previewRunId: ruleSet.previewRunId,
    body: ruleSet.body,
  };
}

export const programView = ({ program, kind, label, scale, createdAt }: Program): ProgramView => ({
  ...headOf(programs, program),
  kind,
  label,
  scale,
  createdAt,
});

export const textView = (version: string, language: Language, sections: readonly Section[]): RuleSetTextView => ({
  ...partOf(version, `text?language=${language}`),
  '@type': 'TierRuleSetText',
  language,
  sections: sections.map(({ title, lines }) => ({ title, lines })),
});

export const differenceView = (
  version: string,
  from: string,
  differences: readonly Difference[],
): RuleSetDifferenceView => ({
  ...partOf(version, `difference?from=${from}`),
  '@type': 'TierRuleSetDifference',
  from,
  differences: differences.map(({ place, what, before = null, after = null }) => ({ place, what, before, after })),
});

export const previewView = (version: string, run: Run): RuleSetPreviewView => ({
  id: run.runId,
  href: `${RUNS}/${run.runId}`,
  '@type': 'Run',
  version,
  status: run.status,
});

export const periodView = (period: PeriodOfRuleSet): RuleSetPeriodView => ({
  id: period.periodId,
  version: period.version,
  regions: period.regions ?? undefined,
  effectiveFrom: period.from,
  effectiveUntil: period.until,
  begunBy: period.begunBy,
  begunAt: period.begunAt,
  endReason: period.endReason ?? undefined,
  endedBy: period.endedBy ?? undefined,
  endedAt: period.endedAt ?? undefined,
});

const partOf = (version: string, part: string): { readonly id: string; readonly href: string } => ({
  id: version,
  href: `${headOf(ruleSets, version).href}/${part}`,
});
