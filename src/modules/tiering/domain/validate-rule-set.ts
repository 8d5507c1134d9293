import { boundsOf, validateCondition, validateExpression, type RuleError } from '../../../platform/rules/index.js';
import { Refusal } from '../../../platform/errors/index.js';
import { maskFreeText } from '../../../platform/privacy/masking.js';
import { tierMetrics } from './metrics.js';
import { rankOn, type RuleSetBody, type Threshold } from './rule-set.js';

/** A rule set with mistakes; `facts.errors` names the place (JSON pointer) and the reason of every one. */
export class InvalidRuleSet extends Refusal {
  static readonly code = 'tiering.invalid-rule-set';
  static readonly kind = 'rejected';

  constructor(readonly errors: readonly RuleError[]) {
    super(InvalidRuleSet.code, InvalidRuleSet.kind, `The rule set has ${errors.length} error(s).`, {
      field: 'body',
      // Reasons quote what was sent; no refusal repeats a number of a person.
      errors: errors.map(({ pointer, reason }) => maskFreeText(`${pointer || '/'}: ${reason}`)),
    });
  }
}

/**
 * Checks a rule set that came from outside and names every mistake at once.
 * @throws InvalidRuleSet
 */
export function ruleSetBodyFrom(json: unknown, on: ScaleOfProgram): RuleSetBody {
  const errors = errorsOf(json, on);
  if (errors.length > 0) throw new InvalidRuleSet(errors);
  return json as RuleSetBody;
}

/** The levels that the programme has, highest first. */
export interface ScaleOfProgram {
  readonly scale: readonly string[];
}

export function errorsOf(json: unknown, { scale }: ScaleOfProgram): readonly RuleError[] {
  const check = new RuleSetCheck(scale);
  check.body(json);
  return check.errors;
}

const limits = {
  parts: 20,
  provinces: 40,
  nameLength: 100,
  threshold: 1_000_000_000_000,
  costFen: 100_000_000_00,
  graceMonths: 12,
  coolDownMonths: 36,
} as const;
const units = ['fen', 'points', 'months', 'days', 'seconds', 'KB', 'times', 'none'];

const BELOW_THE_LEVEL_ABOVE = 'must be below the threshold of the level above';

class RuleSetCheck {
  readonly errors: RuleError[] = [];

  constructor(private readonly scale: readonly string[]) {}

  body(json: unknown): void {
    const body = this.object(json, '', [
      'levels',
      'inputs',
      'requirements',
      'exclusions',
      'routes',
      'review',
      'movement',
      'provinces',
    ]);
    if (body === undefined) return;
    const levels = this.levels(body['levels']);
    this.figures(body['inputs']);
    this.gates(body['requirements'], '/requirements');
    this.gates(body['exclusions'], '/exclusions');
    this.routes(body['routes'], levels);
    this.review(body['review']);
    if (body['movement'] !== undefined) this.movement(body['movement']);
    if (body['provinces'] !== undefined) this.provinces(body['provinces'], body['routes'], levels);
    if (this.errors.length === 0) this.reachability(json as RuleSetBody);
  }

  private levels(json: unknown): readonly string[] {
    const found = this.list(json, '/levels').flatMap((each, i) => {
      const at = `/levels/${i}`;
      const level = this.object(each, at, ['tier', 'label', 'yearlyCostFen', 'grants']);
      if (level === undefined) return [];
      this.label(level['label'], `${at}/label`);
      if (level['yearlyCostFen'] !== undefined) {
        this.whole(level['yearlyCostFen'], `${at}/yearlyCostFen`, { from: 0, to: limits.costFen });
      }
      if (level['grants'] !== undefined) {
        this.named(level['grants'], `${at}/grants`, ['code', 'label', 'unit', 'value'], (grant, where) => {
          this.unit(grant['unit'], `${where}/unit`);
          this.whole(grant['value'], `${where}/value`, { from: 0, to: limits.threshold });
        });
      }
      return this.tier(level['tier'], `${at}/tier`, this.scale);
    });
    this.falling(found, '/levels');
    const lowest = this.scale[this.scale.length - 1] ?? '';
    if (found.at(-1) !== lowest) this.refuse('/levels', `must end in ${lowest}`);
    return found;
  }

  private figures(json: unknown): void {
    this.named(json, '/inputs', ['code', 'label', 'unit', 'value'], (figure, at) => {
      this.unit(figure['unit'], `${at}/unit`);
      this.expression(figure['value'], `${at}/value`);
    });
  }

  private gates(json: unknown, pointer: string): void {
    this.named(json, pointer, ['code', 'label', 'condition'], (gate, at) => {
      const checked = validateCondition(tierMetrics, gate['condition']);
      if (!checked.ok) this.adopt(checked.errors, `${at}/condition`);
    });
  }

  private routes(json: unknown, levels: readonly string[]): void {
    if (this.list(json, '/routes').length === 0) this.refuse('/routes', 'must have at least one route');
    this.named(json, '/routes', ['code', 'label', 'unit', 'measure', 'thresholds'], (route, at) => {
      this.unit(route['unit'], `${at}/unit`);
      this.expression(route['measure'], `${at}/measure`);
      this.thresholds(route['thresholds'], `${at}/thresholds`, levels);
    });
  }

  private thresholds(json: unknown, pointer: string, levels: readonly string[]): void {
    const above = { atLeast: Infinity, retainAtLeast: Infinity };
    const found = this.list(json, pointer).flatMap((each, i) => {
      const at = `${pointer}/${i}`;
      const threshold = this.object(each, at, ['tier', 'atLeast', 'retainAtLeast']);
      if (threshold === undefined) return [];
      const range = { from: -limits.threshold, to: limits.threshold };
      const amount = this.whole(threshold['atLeast'], `${at}/atLeast`, range);
      const given = threshold['retainAtLeast'];
      const retain = given === undefined ? amount : this.whole(given, `${at}/retainAtLeast`, range);
      if (amount !== undefined) {
        if (amount >= above.atLeast) this.refuse(`${at}/atLeast`, BELOW_THE_LEVEL_ABOVE);
        above.atLeast = amount;
      }
      if (amount !== undefined && retain !== undefined) {
        if (retain > amount) {
          this.refuse(
            `${at}/retainAtLeast`,
            `contradicts atLeast: keeping the level cannot ask for more than ${amount}`,
          );
        } else if (retain > above.retainAtLeast) {
          this.refuse(
            given === undefined ? `${at}/atLeast` : `${at}/retainAtLeast`,
            `contradicts the level above, which is kept with ${above.retainAtLeast}: a lower level cannot be harder to keep`,
          );
        }
        above.retainAtLeast = retain;
      }
      return this.tier(threshold['tier'], `${at}/tier`, levels.slice(0, -1));
    });
    this.falling(found, pointer);
    if (found.length === 0) this.refuse(pointer, 'must give at least one level');
  }

  private review(json: unknown): void {
    const review = this.object(json, '/review', ['month', 'day']);
    if (review === undefined) return;
    // Days that every year has.
    this.whole(review['month'], '/review/month', { from: 1, to: 12 });
    this.whole(review['day'], '/review/day', { from: 1, to: 28 });
  }

  private movement(json: unknown): void {
    const keys = [
      'upgrade',
      'downgrade',
      'graceMonths',
      'stepwise',
      'coolDownMonths',
      'announceRetained',
      'guard',
    ] as const;
    const movement = this.object(json, '/movement', keys);
    if (movement === undefined) return;
    for (const key of ['upgrade', 'downgrade'] as const) {
      if (!['any-run', 'review'].some((each) => each === movement[key])) {
        this.refuse(`/movement/${key}`, 'must be any-run or review');
      }
    }
    for (const key of ['graceMonths', 'coolDownMonths'] as const) {
      this.whole(movement[key], `/movement/${key}`, { from: 0, to: limits[key] });
    }
    for (const key of ['stepwise', 'announceRetained'] as const) {
      if (typeof movement[key] !== 'boolean') this.refuse(`/movement/${key}`, 'must be true or false');
    }
    const guard = this.object(movement['guard'], '/movement/guard', ['percent', 'from']);
    if (guard === undefined) return;
    this.whole(guard['percent'], '/movement/guard/percent', { from: 0, to: 100 });
    this.whole(guard['from'], '/movement/guard/from', { from: 1, to: limits.threshold });
  }

  private provinces(json: unknown, routes: unknown, levels: readonly string[]): void {
    const known = this.list(routes, '/routes').map((route) => (route as { code?: unknown } | null)?.code);
    const regions = new Set<unknown>();
    this.list(json, '/provinces', limits.provinces).forEach((each, i) => {
      const at = `/provinces/${i}`;
      const province = this.object(each, at, ['region', 'routes']);
      if (province === undefined) return;
      const region = province['region'];
      if (typeof region !== 'string' || !/^[0-9A-Z]{2,6}$/.test(region)) {
        this.refuse(`${at}/region`, 'must be a province code of 2 to 6 digits or capitals');
      } else if (regions.has(region)) this.refuse(`${at}/region`, `${region} is there twice`);
      regions.add(region);
      const own = new Set<unknown>();
      this.list(province['routes'], `${at}/routes`).forEach((item, n) => {
        const route = this.object(item, `${at}/routes/${n}`, ['code', 'thresholds']);
        if (route === undefined) return;
        const code = route['code'];
        if (!known.includes(code)) this.refuse(`${at}/routes/${n}/code`, 'must be the code of a route of the rule set');
        else if (own.has(code)) this.refuse(`${at}/routes/${n}/code`, `${String(code)} is there twice`);
        own.add(code);
        this.thresholds(route['thresholds'], `${at}/routes/${n}/thresholds`, levels);
      });
    });
  }

  /** Of a body that is right in itself: whether somebody can be given each level at all. */
  private reachability(body: RuleSetBody): void {
    body.levels.slice(0, -1).forEach(({ tier }, i) => {
      if (!body.routes.some(({ thresholds }) => thresholds.some((each) => each.tier === tier))) {
        this.refuse(`/levels/${i}/tier`, `nobody can reach ${tier}: no route gives it`);
      }
    });
    body.routes.forEach(({ code, measure, thresholds }, i) => {
      const { min, max } = boundsOf(measure, tierMetrics);
      this.withinReach(thresholds, `/routes/${i}/thresholds`, { min, max });
      body.provinces?.forEach(({ routes }, p) => {
        routes.forEach((own, n) => {
          if (own.code !== code) return;
          this.withinReach(own.thresholds, `/provinces/${p}/routes/${n}/thresholds`, { min, max });
        });
      });
    });
  }

  private withinReach(
    thresholds: readonly Threshold[],
    pointer: string,
    { min, max }: { readonly min: number; readonly max: number },
  ): void {
    thresholds.forEach(({ tier, atLeast, retainAtLeast = atLeast }, i) => {
      const at = `${pointer}/${i}/atLeast`;
      if (retainAtLeast > max) this.refuse(at, `nobody can reach ${tier} here: the measure is at most ${max}`);
      const above = thresholds[i - 1];
      if (above && above.atLeast <= min) {
        this.refuse(at, `nobody can be given ${tier} here: everybody who is measured reaches ${above.tier}`);
      }
    });
  }

  private named(
    json: unknown,
    pointer: string,
    keys: readonly string[],
    each: (part: Readonly<Record<string, unknown>>, at: string) => void,
  ): void {
    const codes = new Set<unknown>();
    this.list(json, pointer).forEach((item, i) => {
      const at = `${pointer}/${i}`;
      const part = this.object(item, at, keys);
      if (part === undefined) return;
      const code = part['code'];
      if (typeof code !== 'string' || !/^[A-Z][A-Z0-9_]{0,39}$/.test(code)) {
        this.refuse(`${at}/code`, 'must be capitals, digits and underscores, at most 40');
      } else if (codes.has(code)) {
        this.refuse(`${at}/code`, `${code} is there twice`);
      }
      codes.add(code);
      this.label(part['label'], `${at}/label`);
      each(part, at);
    });
  }

  private expression(json: unknown, pointer: string): void {
    const checked = validateExpression(tierMetrics, json);
    if (!checked.ok) this.adopt(checked.errors, pointer);
  }

  private label(json: unknown, pointer: string): void {
    const label = this.object(json, pointer, ['en', 'zh']);
    for (const language of ['en', 'zh']) {
      const text = label?.[language];
      if (label !== undefined && (typeof text !== 'string' || text.length < 1 || text.length > limits.nameLength)) {
        this.refuse(`${pointer}/${language}`, `must be a text of 1 to ${limits.nameLength} characters`);
      }
    }
  }

  private unit(json: unknown, pointer: string): void {
    if (!units.some((unit) => unit === json)) this.refuse(pointer, `must be one of ${units.join(', ')}`);
  }

  private tier(json: unknown, pointer: string, allowed: readonly string[]): readonly string[] {
    const tier = allowed.find((each) => each === json);
    if (tier === undefined) this.refuse(pointer, `must be one of ${allowed.join(', ')}`);
    return tier === undefined ? [] : [tier];
  }

  private falling(found: readonly string[], pointer: string): void {
    found.forEach((tier, i) => {
      const above = found[i - 1];
      if (above !== undefined && rankOn(this.scale, above) <= rankOn(this.scale, tier)) {
        this.refuse(`${pointer}/${i}/tier`, `${tier} cannot stand below ${above}`);
      }
    });
  }

  private whole(
    json: unknown,
    pointer: string,
    { from, to }: { readonly from: number; readonly to: number },
  ): number | undefined {
    if (typeof json === 'number' && Number.isInteger(json) && json >= from && json <= to) return json;
    this.refuse(pointer, `must be a whole number from ${from} to ${to}`);
    return undefined;
  }

  private list(json: unknown, pointer: string, most: number = limits.parts): readonly unknown[] {
    if (Array.isArray(json) && json.length <= most) return json;
    this.refuseOnce(pointer, `must be a list of at most ${most}`);
    return [];
  }

  private object(
    json: unknown,
    pointer: string,
    keys: readonly string[],
  ): Readonly<Record<string, unknown>> | undefined {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      this.refuse(pointer, 'must be an object');
      return undefined;
    }
    for (const key of Object.keys(json)) {
      if (!keys.includes(key)) this.refuse(`${pointer}/${escaped(key)}`, 'is not known here');
    }
    return json as Readonly<Record<string, unknown>>;
  }

  private adopt(errors: readonly RuleError[], pointer: string): void {
    this.errors.push(...errors.map((each) => ({ ...each, pointer: pointer + each.pointer })));
  }

  private refuse(pointer: string, reason: string): void {
    this.errors.push({ pointer, reason });
  }

  private refuseOnce(pointer: string, reason: string): void {
    if (!this.errors.some((each) => each.pointer === pointer)) this.refuse(pointer, reason);
  }
}

/** A key as a step of a JSON pointer (RFC 6901); it may have come from anywhere, so it is cut. */
function escaped(key: string): string {
  return key.slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1');
}
