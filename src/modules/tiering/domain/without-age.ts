import { referencesOf, type Condition, type Expression } from '../../../platform/rules/index.js';
import type { Decision } from './decide.js';
import type { RuleSetBody } from './rule-set.js';

const tellsAge = (rule: Condition | Expression | undefined): boolean =>
  rule === undefined || referencesOf(rule).some(({ metric }) => metric === 'age');

/** What a level was decided from, without values that are made of the age: every view masks it (docs/personal-data.md). */
export function withoutAge<T extends Pick<Decision, 'inputs' | 'reasons'>>(body: RuleSetBody, found: T): T {
  const value = (code: string) => body.inputs.find((each) => each.code === code)?.value;
  const measure = (code: string) => body.routes.find((each) => each.code === code)?.measure;
  return {
    ...found,
    inputs: Object.fromEntries(
      Object.entries(found.inputs).map(([code, figure]) => [code, tellsAge(value(code)) ? null : figure]),
    ),
    reasons: found.reasons.map((each) =>
      each.kind === 'route' && tellsAge(measure(each.code)) ? { ...each, actual: null, gap: null } : each,
    ),
  };
}
