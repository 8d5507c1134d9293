import { readsMoney, renderAmount, type Label } from '../../../platform/rules/index.js';
import { churnMetrics } from './churn-metrics.js';
import type { ChurnRuleSetBody } from './churn-rule-set.js';
import type { ChurnReason } from './score-churn.js';

export interface ReasonInWords extends ChurnReason {
  readonly text: Label;
}

/** The reason without the figures that are made of money. */
export function withoutAmounts(body: ChurnRuleSetBody, reason: ChurnReason): ChurnReason {
  const known = body.flags.find(({ code }) => code === reason.code)?.evidence ?? [];
  const isMoney = (code: string): boolean => {
    const figure = known.find((each) => each.code === code);
    return figure === undefined || readsMoney(figure.value, churnMetrics);
  };
  const evidence = Object.entries(reason.evidence).map(
    ([code, value]) => [code, isMoney(code) ? null : value] as const,
  );
  return { ...reason, evidence: Object.fromEntries(evidence) };
}

/** `spend has fallen: net spend of last month 50 yuan, …`, for the account manager. */
export function inWords(body: ChurnRuleSetBody, reason: ChurnReason): ReasonInWords {
  const flag = body.flags.find(({ code }) => code === reason.code);
  const said = (language: 'en' | 'zh'): string => {
    const [colon, comma] = language === 'en' ? [': ', ', '] : ['：', '，'];
    const figures = (flag?.evidence ?? []).flatMap(({ code, label, unit }) => {
      const value = reason.evidence[code];
      if (value === undefined || value === null) return [];
      // An English label says itself what it counts: not "calls of last month 5 times", nor "days overdue 346 days".
      const isSaid = language === 'en' && (unit === 'times' || unit === 'days');
      return [`${label[language]} ${renderAmount(value, isSaid ? 'none' : unit, language)}`];
    });
    return [flag?.label[language] ?? reason.code, figures.join(comma)].filter((part) => part !== '').join(colon);
  };
  return { ...reason, text: { en: said('en'), zh: said('zh') } };
}
