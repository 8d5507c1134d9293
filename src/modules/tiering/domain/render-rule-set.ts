import { render, renderAmount, renderExpression, type Label, type Language } from '../../../platform/rules/index.js';
import { tierMetrics } from './metrics.js';
import {
  freeMovement,
  type Gate,
  type Level,
  type Movement,
  type Route,
  type RuleSetBody,
  type Rules,
  type Threshold,
} from './rule-set.js';

/** A part of a rule set in words: a heading and what stands below it, a line each. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The whole rule set in words, for whoever writes, approves or is asked about it. Every figure that decides is in it. */
export function renderRuleSet({ scale, body }: Rules, language: Language): readonly Section[] {
  const words = WORDS[language];
  const nameOf = (tier: string): string => nameOfLevel(body, tier, language);
  const sections: Section[] = [
    {
      title: words.levels,
      lines: [
        ...body.levels.map((level) => levelText(level, language)),
        ...scale.filter((tier) => !body.levels.some((level) => level.tier === tier)).map(words.isNotGiven),
      ],
    },
    { title: words.requirements, lines: body.requirements.map((gate) => gateText(gate, language)) },
    { title: words.exclusions, lines: body.exclusions.map((gate) => gateText(gate, language)) },
    ...body.routes.map((route) => ({
      title: words.route(route.label[language]),
      lines: [
        words.is(route.label[language], renderExpression(route.measure, tierMetrics, language)),
        ...route.thresholds.map((each) => thresholdText(nameOf(each.tier), each, route, language)),
      ],
    })),
    { title: words.movement, lines: movementText(body.movement ?? freeMovement, language) },
    {
      title: words.provinces,
      lines: (body.provinces ?? []).flatMap(({ region, routes }) =>
        routes.flatMap(({ code, thresholds }) => {
          const route = body.routes.find((each) => each.code === code);
          if (!route) return [];
          return thresholds.map((each) =>
            words.inProvince(region, route.label[language], thresholdText(nameOf(each.tier), each, route, language)),
          );
        }),
      ),
    },
    {
      title: words.figures,
      lines: body.inputs.map(({ label, value }) =>
        words.is(label[language], renderExpression(value, tierMetrics, language)),
      ),
    },
    { title: words.review, lines: [renderReviewDay(body.review, language)] },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

export function nameOfLevel({ levels }: Pick<RuleSetBody, 'levels'>, tier: string, language: Language): string {
  return levels.find((level) => level.tier === tier)?.label[language] ?? tier;
}

const gateText = ({ label, condition }: Gate, language: Language): string =>
  WORDS[language].is(label[language], render(condition, tierMetrics, language));

function thresholdText(
  name: string,
  { atLeast, retainAtLeast = atLeast }: Threshold,
  { unit }: Pick<Route, 'unit'>,
  language: Language,
): string {
  const words = WORDS[language];
  const text = words.is(name, words.atLeast(renderAmount(atLeast, unit, language)));
  return retainAtLeast === atLeast ? text : text + words.toKeep(renderAmount(retainAtLeast, unit, language));
}

function levelText({ label, yearlyCostFen, grants = [] }: Level, language: Language): string {
  const words = WORDS[language];
  const granted = grants.map((each) => `${each.label[language]} ${renderAmount(each.value, each.unit, language)}`);
  const parts = [
    ...(granted.length > 0 ? [words.grants(granted)] : []),
    ...(yearlyCostFen === undefined ? [] : [words.costs(renderAmount(yearlyCostFen, 'fen', language))]),
  ];
  return parts.length > 0 ? words.is(label[language], parts.join(words.and)) : label[language];
}

export const renderReviewDay = (day: RuleSetBody['review'], language: Language): string =>
  WORDS[language].reviewDay(day);

function movementText(movement: Movement, language: Language): readonly string[] {
  return Object.values(movementLines(movement)).flatMap((line) => (line ? [line[language]] : []));
}

/** What each part of the movement policy says; undefined: nothing. */
export function movementLines(movement: Movement): Readonly<Record<keyof Movement, Label | undefined>> {
  const { upgrade, downgrade, graceMonths, stepwise, coolDownMonths, announceRetained, guard } = movement;
  return {
    upgrade:
      upgrade === 'any-run'
        ? { en: 'A higher level is given by every run', zh: '升级：每次评定即时生效' }
        : { en: 'A higher level is given by the yearly review only', zh: '升级：仅在年度复核时生效' },
    downgrade:
      downgrade === 'any-run'
        ? { en: 'A lower level is given by every run', zh: '降级：每次评定即时生效' }
        : { en: 'A lower level is given by the yearly review only', zh: '降级：仅在年度复核时生效' },
    graceMonths:
      graceMonths === 0
        ? { en: 'A downgrade comes at once', zh: '降级不设缓冲期' }
        : {
            en: `A downgrade is announced and comes ${months(graceMonths)} later, unless the level is earned again until then`,
            zh: `降级先行预告，缓冲${graceMonths}个月后生效，期间重新达标则不降级`,
          },
    stepwise: stepwise
      ? { en: 'At most one level down at a time', zh: '每次最多降一级' }
      : { en: 'Down to the level that is earned, however many levels that is', zh: '直接降至达标级别' },
    coolDownMonths:
      coolDownMonths === 0
        ? undefined
        : {
            en: `No run lowers a level for ${months(coolDownMonths)} after it was given by hand`,
            zh: `人工定级后${coolDownMonths}个月内不自动降级`,
          },
    announceRetained: announceRetained
      ? { en: 'The review tells those who keep their level', zh: '复核后通知保级客户' }
      : undefined,
    guard: {
      en: `A run that would lower more than ${guard.percent} % of the levels held, ${guard.from} of them or more, lowers none until it is released`,
      zh: `一次评定拟降级超过在册级别的${guard.percent}%且不少于${guard.from}户时，全部暂缓，待放行`,
    },
  };
}

const months = (count: number): string => (count === 1 ? 'one month' : `${count} months`);
const MONTHS = 'January February March April May June July August September October November December'.split(' ');

interface Words {
  readonly levels: string;
  readonly requirements: string;
  readonly exclusions: string;
  readonly movement: string;
  readonly provinces: string;
  readonly figures: string;
  readonly review: string;
  readonly and: string;
  readonly route: (label: string) => string;
  readonly is: (left: string, right: string) => string;
  readonly atLeast: (amount: string) => string;
  readonly toKeep: (amount: string) => string;
  readonly grants: (granted: readonly string[]) => string;
  readonly costs: (amount: string) => string;
  readonly isNotGiven: (tier: string) => string;
  readonly inProvince: (region: string, route: string, threshold: string) => string;
  readonly reviewDay: (day: RuleSetBody['review']) => string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    levels: 'Levels, highest first',
    requirements: 'Whoever gets more than the lowest level fulfils all of these',
    exclusions: 'Whoever one of these holds for gets the lowest level',
    movement: 'When a level is given',
    provinces: 'Provinces with thresholds of their own',
    figures: 'Figures that are shown with every decision',
    review: 'Review',
    and: '; ',
    route: (label) => `Route: ${label} (the highest level of all routes wins)`,
    is: (left, right) => `${left}: ${right}`,
    atLeast: (amount) => `at least ${amount}`,
    toKeep: (amount) => `, to keep it ${amount}`,
    grants: (granted) => `grants ${granted.join(', ')}`,
    costs: (amount) => `costs ${amount} a year`,
    isNotGiven: (tier) => `${tier}: not given by these rules`,
    inProvince: (region, route, threshold) => `${region}, ${route}, ${threshold}`,
    reviewDay: ({ month, day }) => `The yearly review holds from ${day} ${MONTHS[month - 1] ?? month}`,
  },
  zh: {
    levels: '级别（由高到低）',
    requirements: '参评条件（须全部满足）',
    exclusions: '不参评情形（符合其一即为最低级别）',
    movement: '升降级规则',
    provinces: '分省标准',
    figures: '随评定结果展示的数据',
    review: '复核',
    and: '；',
    route: (label) => `评定途径：${label}（各途径取最高级别）`,
    is: (left, right) => `${left}：${right}`,
    atLeast: (amount) => `不低于${amount}`,
    toKeep: (amount) => `，保级不低于${amount}`,
    grants: (granted) => `享有${granted.join('、')}`,
    costs: (amount) => `每年权益成本${amount}`,
    isNotGiven: (tier) => `${tier}：本规则不授予`,
    inProvince: (region, route, threshold) => `${region}，${route}，${threshold}`,
    reviewDay: ({ month, day }) => `年度复核自${month}月${day}日起生效`,
  },
};
