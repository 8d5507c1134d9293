import {
  render,
  renderAmount,
  renderExpression,
  type Label,
  type Language,
  type Unit,
} from '../../../platform/rules/index.js';
import { tierMetrics } from './metrics.js';
import { movementLines, nameOfLevel, renderReviewDay } from './render-rule-set.js';
import { canonical } from './rule-set-checksum.js';
import {
  freeMovement,
  type Figure,
  type Gate,
  type Level,
  type Movement,
  type Route,
  type RuleSetBody,
  type Threshold,
} from './rule-set.js';

/** One thing that two rule sets do not say alike. */
export interface Difference {
  /** JSON pointer into the later body; into the earlier one for what is gone. */
  readonly place: string;
  readonly what: Label;
  /** undefined: it is new. */
  readonly before: unknown;
  /** undefined: it is gone. */
  readonly after: unknown;
}

/**
 * What the later rules say that the earlier did not, part by part. Parts are the same by their code (levels and thresholds by their level,
 * provinces by theirs), wherever they stand. What is left out counts as what it means.
 */
export function differenceOf(before: RuleSetBody, after: RuleSetBody): readonly Difference[] {
  const level = (tier: string): Label => inBoth((language) => nameIn(after, before, tier, language));
  return [
    ...compared('/levels', before.levels, after.levels, {
      keyOf: ({ tier }) => tier,
      kind: { en: 'level', zh: '级别' },
      nameOf: ({ label }) => label,
      inside: differencesOfLevels,
    }),
    ...(['requirements', 'exclusions'] as const).flatMap((part) =>
      compared(`/${part}`, before[part], after[part], {
        keyOf: codeOf,
        kind: part === 'requirements' ? { en: 'requirement', zh: '参评条件' } : { en: 'exclusion', zh: '不参评情形' },
        nameOf: labelOf,
        inside: differencesOfGates,
      }),
    ),
    ...compared('/routes', before.routes, after.routes, {
      keyOf: codeOf,
      kind: { en: 'route', zh: '评定途径' },
      nameOf: labelOf,
      inside: (place, one, other) => differencesOfRoutes(place, one, other, level),
    }),
    ...differencesOfMovement(before.movement, after.movement),
    ...differencesOfProvinces(before, after, level),
    ...compared('/inputs', before.inputs, after.inputs, {
      keyOf: codeOf,
      kind: { en: 'figure', zh: '展示数据' },
      nameOf: labelOf,
      inside: differencesOfFigures,
    }),
    ...changed('/review', before.review, after.review, inBoth(
      (language) => fromTo(renderReviewDay(before.review, language), renderReviewDay(after.review, language), language),
    )), // prettier-ignore
  ];
}

function differencesOfLevels(place: string, one: Level, other: Level): readonly Difference[] {
  const name = other.label;
  const cost = ({ yearlyCostFen }: Level): number | undefined => yearlyCostFen;
  return [
    ...renamed(place, one, other),
    ...changed(`${place}/yearlyCostFen`, cost(one), cost(other), about(name, { en: 'cost in a year', zh: '年权益成本' }, [
      amountOrNone(cost(one), 'fen'),
      amountOrNone(cost(other), 'fen'),
    ])), // prettier-ignore
    ...compared(`${place}/grants`, one.grants ?? [], other.grants ?? [], {
      keyOf: codeOf,
      kind: under(name, { en: 'grant', zh: '权益' }),
      nameOf: labelOf,
      inside: (at, was, is) => [
        ...renamed(at, was, is),
        ...changed(at, { value: was.value, unit: was.unit }, { value: is.value, unit: is.unit }, about(name, is.label, [
          amountOrNone(was.value, was.unit),
          amountOrNone(is.value, is.unit),
        ])), // prettier-ignore
      ],
    }),
  ];
}

function differencesOfGates(place: string, one: Gate, other: Gate): readonly Difference[] {
  const text = ({ condition }: Gate): Label => inBoth((language) => render(condition, tierMetrics, language));
  return [
    ...renamed(place, one, other),
    ...changed(`${place}/condition`, one.condition, other.condition, said(other.label, text(one), text(other))),
  ];
}

function differencesOfFigures(place: string, one: Figure, other: Figure): readonly Difference[] {
  const text = ({ value }: Figure): Label => inBoth((language) => renderExpression(value, tierMetrics, language));
  return [
    ...renamed(place, one, other),
    ...changed(`${place}/unit`, one.unit, other.unit, said(other.label, plain(one.unit), plain(other.unit))),
    ...changed(`${place}/value`, one.value, other.value, said(other.label, text(one), text(other))),
  ];
}

function differencesOfRoutes(
  place: string,
  one: Route,
  other: Route,
  level: (tier: string) => Label,
): readonly Difference[] {
  const text = ({ measure }: Route): Label => inBoth((language) => renderExpression(measure, tierMetrics, language));
  return [
    ...renamed(place, one, other),
    ...changed(`${place}/unit`, one.unit, other.unit, said(other.label, plain(one.unit), plain(other.unit))),
    ...changed(`${place}/measure`, one.measure, other.measure, said(other.label, text(one), text(other))),
    ...differencesOfThresholds(`${place}/thresholds`, one.thresholds, other.thresholds, {
      route: other.label,
      unit: other.unit,
      level,
    }),
  ];
}

interface OfRoute {
  readonly route: Label;
  readonly unit: Unit;
  readonly level: (tier: string) => Label;
}

function differencesOfThresholds(
  place: string,
  one: readonly Threshold[],
  other: readonly Threshold[],
  { route, unit, level }: OfRoute,
): readonly Difference[] {
  const nameOf = ({ tier }: Threshold): Label => level(tier);
  const toKeep = ({ atLeast, retainAtLeast = atLeast }: Threshold): number => retainAtLeast;
  return compared(place, one, other, {
    keyOf: ({ tier }) => tier,
    kind: under(route, { en: 'threshold', zh: '标准' }),
    nameOf: (each) => inBoth((language) => `${nameOf(each)[language]} ${renderAmount(each.atLeast, unit, language)}`),
    inside: (at, was, is) => [
      ...changed(`${at}/atLeast`, was.atLeast, is.atLeast, about(route, nameOf(is), [
        amountOrNone(was.atLeast, unit),
        amountOrNone(is.atLeast, unit),
      ])), // prettier-ignore
      // What keeps the level follows what gives it, unless it is said.
      ...(was.retainAtLeast === undefined && is.retainAtLeast === undefined
        ? []
        : changed(`${at}/retainAtLeast`, toKeep(was), toKeep(is), about(
            route,
            inBoth((language) => nameOf(is)[language] + (language === 'en' ? ' (to keep it)' : '（保级）')),
            [amountOrNone(toKeep(was), unit), amountOrNone(toKeep(is), unit)],
          ))), // prettier-ignore
    ],
  });
}

function differencesOfMovement(one: Movement = freeMovement, other: Movement = freeMovement): readonly Difference[] {
  const [was, is] = [movementLines(one), movementLines(other)];
  return (Object.keys(is) as (keyof Movement)[]).flatMap((part) =>
    changed(
      `/movement/${part}`,
      one[part],
      other[part],
      said({ en: 'movement', zh: '升降级规则' }, was[part] ?? NOTHING, is[part] ?? NOTHING),
    ),
  );
}

function differencesOfProvinces(
  before: RuleSetBody,
  after: RuleSetBody,
  level: (tier: string) => Label,
): readonly Difference[] {
  const routeOf = (code: string): Pick<Route, 'label' | 'unit'> =>
    [...after.routes, ...before.routes].find((each) => each.code === code) ?? { label: plain(code), unit: 'none' };
  return compared('/provinces', before.provinces ?? [], after.provinces ?? [], {
    keyOf: ({ region }) => region,
    kind: { en: 'province', zh: '省份' },
    nameOf: ({ region }) => plain(region),
    inside: (place, was, is) =>
      compared(`${place}/routes`, was.routes, is.routes, {
        keyOf: codeOf,
        kind: under(plain(is.region), { en: 'route', zh: '评定途径' }),
        nameOf: ({ code }) => routeOf(code).label,
        inside: (at, one, other) => {
          const { label, unit } = routeOf(other.code);
          const route = inBoth((language) => `${is.region} ${label[language]}`);
          return differencesOfThresholds(`${at}/thresholds`, one.thresholds, other.thresholds, { route, unit, level });
        },
      }),
  });
}

interface Parts<Part> {
  /** What makes it the same part. */
  readonly keyOf: (part: Part) => string;
  readonly kind: Label;
  readonly nameOf: (part: Part) => Label;
  readonly inside: (place: string, one: Part, other: Part) => readonly Difference[];
}

function compared<Part>(
  place: string,
  before: readonly Part[],
  after: readonly Part[],
  { keyOf, kind, nameOf, inside }: Parts<Part>,
): readonly Difference[] {
  const find = (parts: readonly Part[], key: string): Part | undefined => parts.find((each) => keyOf(each) === key);
  const inOther = (parts: readonly Part[], others: readonly Part[]): readonly string[] =>
    parts.map(keyOf).filter((key) => find(others, key) !== undefined);
  const gone = before.flatMap((part, i) =>
    find(after, keyOf(part)) === undefined
      ? [{ place: `${place}/${i}`, what: sentence(kind, nameOf(part), GONE), before: part, after: undefined }]
      : [],
  );
  const here = after.flatMap((part, i) => {
    const was = find(before, keyOf(part));
    return was === undefined
      ? [{ place: `${place}/${i}`, what: sentence(kind, nameOf(part), NEW), before: undefined, after: part }]
      : inside(`${place}/${i}`, was, part);
  });
  const order = changed(
    place,
    inOther(before, after),
    inOther(after, before),
    sentence(plural(kind), plain(''), ORDER),
  );
  return [...gone, ...here, ...order];
}

function changed(place: string, before: unknown, after: unknown, what: Label): readonly Difference[] {
  return canonical(before) === canonical(after) ? [] : [{ place, what, before, after }];
}

const renamed = (place: string, one: { readonly label: Label }, other: { readonly label: Label }) =>
  changed(`${place}/label`, one.label, other.label, said({ en: 'name', zh: '名称' }, one.label, other.label));

const codeOf = ({ code }: { readonly code: string }): string => code;
const labelOf = ({ label }: { readonly label: Label }): Label => label;
const inBoth = (text: (language: Language) => string): Label => ({ en: text('en'), zh: text('zh') });
const plain = (text: string): Label => ({ en: text, zh: text });
const NOTHING: Label = { en: 'nothing', zh: '无' };
const NEW: Label = { en: 'is new', zh: '新增' };
const GONE: Label = { en: 'is gone', zh: '取消' };
const ORDER: Label = { en: 'stand in another order', zh: '顺序调整' };

const nameIn = (after: RuleSetBody, before: RuleSetBody, tier: string, language: Language): string =>
  nameOfLevel(after.levels.some((each) => each.tier === tier) ? after : before, tier, language);
const plural = ({ en, zh }: Label): Label => ({ en: `${en}s`, zh });
const amountOrNone = (value: number | undefined, unit: Unit): Label =>
  value === undefined ? NOTHING : inBoth((language) => renderAmount(value, unit, language));
const under = (whole: Label, part: Label): Label => ({ en: `${whole.en}, ${part.en}`, zh: `${whole.zh}${part.zh}` });
const fromTo = (one: string, other: string, language: Language): string =>
  language === 'en' ? `${one} → ${other}` : `由「${one}」改为「${other}」`;
const said = (name: Label, one: Label, other: Label): Label =>
  inBoth((language) => `${name[language]}${COLON[language]}${fromTo(one[language], other[language], language)}`);
const about = (whole: Label, part: Label, [one, other]: readonly [Label, Label]): Label =>
  said({ en: `${whole.en}, ${part.en}`, zh: `${whole.zh}，${part.zh}` }, one, other);
const sentence = (kind: Label, name: Label, verb: Label): Label => ({
  en: [kind.en, name.en && `“${name.en}”`, verb.en].filter(Boolean).join(' '),
  zh: `${kind.zh}${name.zh && `「${name.zh}」`}${verb.zh}`,
});
const COLON: Label = { en: ': ', zh: '：' };
