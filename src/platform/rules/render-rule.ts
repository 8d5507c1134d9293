import { metricOf, type MetricCatalogue, type Unit } from './metric-catalogue.js';
import { isList } from './references.js';
import type { Aggregate, Comparison, Condition, Expression, MetricReference, Operator, Value, Window } from './rule.js';

export type Language = 'en' | 'zh';

/** The condition in words, for the author, the approver and the customer who asks why. */
export function render(condition: Condition, catalogue: MetricCatalogue, language: Language): string {
  return conditionText(condition, { catalogue, language }, false);
}

export function renderExpression(expression: Expression, catalogue: MetricCatalogue, language: Language): string {
  return expressionText(expression, { unit: unitOf(expression, catalogue), place: 'alone' }, { catalogue, language });
}

/** The left side of a comparison in words. */
export function renderLeft(comparison: Comparison, catalogue: MetricCatalogue, language: Language): string {
  if (!('expr' in comparison)) return referenceText(comparison, { catalogue, language });
  const { expr } = comparison;
  return expressionText(expr, { unit: unitOf(expr, catalogue), place: 'side' }, { catalogue, language });
}

/** 12050 fen → '120.50 yuan' / '120.50元'. */
export function renderAmount(value: number, unit: Unit, language: Language): string {
  const number = unit === 'fen' ? yuanText(value) : groupedText(Math.abs(value), value < 0);
  const word = unitWords[unit][language];
  if (language === 'zh' || word === '') return number + word;
  return `${number} ${Math.abs(value) === 1 && word.endsWith('s') ? word.slice(0, -1) : word}`;
}

/** The unit that all metrics of the expression share; 'none' when they differ or there is none. */
export function unitOf(expression: Expression, catalogue: MetricCatalogue): Unit {
  const units = new Set(unitsIn(expression, catalogue));
  const [unit = 'none'] = units;
  return units.size === 1 ? unit : 'none';
}

/** Where an expression stands: by itself, at a side of a comparison or in a list, or as an operand. */
type Place = 'alone' | 'side' | 'summand' | 'subtrahend' | 'factor';

interface Reading {
  readonly catalogue: MetricCatalogue;
  readonly language: Language;
}

const unitWords: Readonly<Record<Unit, Record<Language, string>>> = {
  fen: { en: 'yuan', zh: '元' },
  points: { en: 'points', zh: '分' },
  months: { en: 'months', zh: '个月' },
  days: { en: 'days', zh: '天' },
  seconds: { en: 'seconds', zh: '秒' },
  KB: { en: 'KB', zh: 'KB' },
  times: { en: 'times', zh: '次' },
  none: { en: '', zh: '' },
};

/** Between texts, and with yes and no. */
const identityWords: Readonly<Record<Language, Partial<Record<Operator, string>>>> = {
  en: {},
  zh: { '==': '为', '!=': '不为' },
};

const operatorWords: Readonly<Record<Language, Record<Operator, string>>> = {
  en: {
    '==': 'is',
    '!=': 'is not',
    '<': 'is below',
    '<=': 'is at most',
    '>': 'is above',
    '>=': 'is at least',
    in: 'is one of',
  },
  zh: { '==': '等于', '!=': '不等于', '<': '低于', '<=': '不高于', '>': '高于', '>=': '不低于', in: '属于' },
};

const aggregateWords: Readonly<Record<Language, Record<Aggregate, (label: string) => string>>> = {
  en: {
    sum: (label) => `total ${label}`,
    avg: (label) => `average monthly ${label}`,
    avgFloor: (label) => `average monthly ${label} (rounded down)`,
    min: (label) => `lowest monthly ${label}`,
    max: (label) => `highest monthly ${label}`,
    last: (label) => `latest monthly ${label}`,
    count: (label) => `number of months with ${label}`,
  },
  zh: {
    sum: (label) => `${label}合计`,
    avg: (label) => `月均${label}`,
    avgFloor: (label) => `月均${label}（取整）`,
    min: (label) => `最低月${label}`,
    max: (label) => `最高月${label}`,
    last: (label) => `最近一月${label}`,
    count: (label) => `有${label}的月数`,
  },
};

function conditionText(condition: Condition, reading: Reading, nested: boolean): string {
  const { language } = reading;
  const joined = (parts: readonly Condition[], word: string) => {
    const text = parts.map((each) => conditionText(each, reading, parts.length > 1)).join(word);
    return nested && parts.length > 1 ? bracketed(text, language) : text;
  };
  if ('all' in condition) return joined(condition.all, language === 'en' ? ' and ' : '且');
  if ('any' in condition) return joined(condition.any, language === 'en' ? ' or ' : '或');
  if ('not' in condition) {
    const inner = bracketed(conditionText(condition.not, reading, false), language);
    return language === 'en' ? `not ${inner}` : `并非${inner}`;
  }
  const left = renderLeft(condition, reading.catalogue, language);
  const unit = unitOf('expr' in condition ? condition.expr : condition, reading.catalogue);
  const isIdentity = typeof condition.value === 'string' || typeof condition.value === 'boolean';
  const word =
    (isIdentity ? identityWords : operatorWords)[language][condition.op] ?? operatorWords[language][condition.op];
  const parts = [left, word, valueText(condition.value, unit, reading)];
  return parts.join(language === 'en' ? ' ' : '');
}

function valueText(value: Value, unit: Unit, reading: Reading): string {
  const { language } = reading;
  const english = language === 'en';
  if (typeof value === 'number') return renderAmount(value, unit, language);
  if (typeof value === 'string') return english ? `“${value}”` : `「${value}」`;
  if (typeof value === 'boolean') return english ? (value ? 'yes' : 'no') : value ? '是' : '否';
  if (!isList(value)) return expressionText(value, { unit, place: 'side' }, reading);
  return value.map((each: number | string) => valueText(each, unit, reading)).join(english ? ', ' : '、');
}

function referenceText(reference: MetricReference, { catalogue, language }: Reading): string {
  const label = metricOf(catalogue, reference).label[language];
  const { agg, window } = reference;
  if (agg === undefined || window === undefined) return label;
  if (agg !== 'count' && window.kind === 'rolling-months' && window.months === 1 && !window.skip) {
    return language === 'en' ? `${label} of the last full month` : `上一整月${label}`;
  }
  const what = aggregateWords[language][agg](label);
  return language === 'en' ? `${what} ${windowText(window, 'en')}` : windowText(window, 'zh') + what;
}

function windowText(window: Window, language: Language): string {
  const english = language === 'en';
  switch (window.kind) {
    case 'rolling-months': {
      const { months, skip = 0 } = window;
      if (skip === 0) return english ? `over the last ${fullMonths(months)}` : `最近${months}个整月`;
      return english
        ? `over the ${fullMonths(months)} before the last ${fullMonths(skip)}`
        : `最近${skip}个整月之前的${months}个整月`;
    }
    case 'calendar-year':
      if (window.offset === -1) return english ? 'over the last calendar year' : '上一自然年';
      return english ? 'over this calendar year so far' : '本自然年至今';
    case 'points-year':
      if (window.offset === -1) return english ? 'over the last points year (Dec–Nov)' : '上一积分年度';
      return english ? 'over this points year (Dec–Nov) so far' : '本积分年度至今';
    case 'anniversary-year':
      if (window.offset === -1) return english ? 'over the last anniversary year' : '上一入网周年';
      return english ? 'over this anniversary year so far' : '本入网周年至今';
  }
}

function fullMonths(months: number): string {
  return months === 1 ? 'full month' : `${months} full months`;
}

function expressionText(
  expression: Expression,
  { unit, place }: { readonly unit: Unit; readonly place: Place },
  reading: Reading,
): string {
  const { language } = reading;
  const english = language === 'en';
  const at = (operandPlace: Place) => (each: Expression) =>
    expressionText(each, { unit, place: operandPlace }, reading);
  const clear = (text: string): string =>
    place === 'factor' || place === 'subtrahend' ? bracketed(text, language) : text;
  const among = (words: string, parts: readonly Expression[]): string => {
    const [only, ...more] = parts;
    if (only !== undefined && more.length === 0) return at(place)(only);
    return words + bracketed(parts.map(at('side')).join(english ? ', ' : '、'), language);
  };
  if ('const' in expression) return renderAmount(expression.const, unit, language);
  if ('add' in expression) {
    const [only, ...more] = expression.add;
    if (only !== undefined && more.length === 0) return at(place)(only);
    return clear(expression.add.map(at('summand')).join(' + '));
  }
  if ('sub' in expression) {
    return clear(`${at('summand')(expression.sub[0])} − ${at('subtrahend')(expression.sub[1])}`);
  }
  if ('mul' in expression) {
    return `${at('factor')(expression.mul[0])} × ${renderAmount(expression.mul[1], 'none', language)}`;
  }
  if ('divFloor' in expression) {
    const [operand, divisor] = expression.divFloor;
    if (isYuan(expression.divFloor, reading.catalogue)) {
      const text = expressionText(operand, { unit: 'fen', place: 'factor' }, reading);
      return english ? `${text} in whole yuan` : `${text}（元，取整）`;
    }
    return `⌊${at('factor')(operand)} ÷ ${renderAmount(divisor, 'none', language)}⌋`;
  }
  if ('min' in expression) return among(english ? 'the lowest of ' : '最小值', expression.min);
  if ('max' in expression) return among(english ? 'the highest of ' : '最大值', expression.max);
  if ('case' in expression) {
    const branches = expression.case.map(({ when, then }) => {
      const [condition, value] = [conditionText(when, reading, false), at('side')(then)];
      return english ? `${value} if ${condition}` : `若${condition}则为${value}`;
    });
    const otherwise = (english ? 'otherwise ' : '否则为') + at('side')(expression.else);
    const text = [...branches, otherwise].join(english ? '; ' : '；');
    return place === 'alone' ? text : bracketed(text, language);
  }
  return referenceText(expression, reading);
}

/** Fen by a hundred are whole yuan, and constants beside them are not fen. */
function isYuan([operand, divisor]: readonly [Expression, number], catalogue: MetricCatalogue): boolean {
  return divisor === 100 && unitOf(operand, catalogue) === 'fen';
}

function unitsIn(expression: Expression, catalogue: MetricCatalogue): readonly Unit[] {
  const all = (parts: readonly Expression[]) => parts.flatMap((each) => unitsIn(each, catalogue));
  if ('const' in expression) return [];
  if ('add' in expression) return all(expression.add);
  if ('sub' in expression) return all(expression.sub);
  if ('mul' in expression) return all([expression.mul[0]]);
  if ('divFloor' in expression) {
    return isYuan(expression.divFloor, catalogue) ? ['none'] : all([expression.divFloor[0]]);
  }
  if ('min' in expression) return all(expression.min);
  if ('max' in expression) return all(expression.max);
  if ('case' in expression) return all([...expression.case.map(({ then }) => then), expression.else]);
  return [expression.agg === 'count' ? 'months' : metricOf(catalogue, expression).unit];
}

function yuanText(fen: number): string {
  const cents = Math.abs(fen) % 100;
  const yuan = groupedText((Math.abs(fen) - cents) / 100, fen < 0);
  return cents === 0 ? yuan : `${yuan}.${String(cents).padStart(2, '0')}`;
}

function groupedText(whole: number, negative: boolean): string {
  return (negative ? '−' : '') + String(whole).replace(/\B(?=(\d{3})+$)/g, ',');
}

function bracketed(text: string, language: Language): string {
  return language === 'en' ? `(${text})` : `（${text}）`;
}
