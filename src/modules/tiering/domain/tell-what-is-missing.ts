import { renderAmount, type Label, type Language } from '../../../platform/rules/index.js';
import type { Route, RuleSetBody } from './rule-set.js';
import type { Goal } from './standing.js';

/** Ready for a message to the customer: 还差120元保级（金卡）. A route whose measure has no unit of its own is named instead of it. */
export function tellWhatIsMissing(
  body: RuleSetBody,
  { route, goal, toKeep }: { readonly route: Route; readonly goal: Goal; readonly toKeep: boolean },
): Label {
  const amount = (language: Language): string => {
    const number = renderAmount(goal.gap, route.unit, language);
    if (route.unit !== 'none') return number;
    return language === 'en' ? `${number} of ${route.label.en}` : number + route.label.zh;
  };
  const level = body.levels.find(({ tier }) => tier === goal.tier)?.label ?? { en: goal.tier, zh: goal.tier };
  if (goal.gap === 0) {
    return toKeep
      ? { en: `Enough to keep ${level.en}`, zh: `已满足${level.zh}保级条件` }
      : { en: `Enough for ${level.en}`, zh: `已满足${level.zh}升级条件` };
  }
  return toKeep
    ? { en: `${amount('en')} short of keeping ${level.en}`, zh: `还差${amount('zh')}保级（${level.zh}）` }
    : { en: `${amount('en')} short of ${level.en}`, zh: `还差${amount('zh')}升级为${level.zh}` };
}
