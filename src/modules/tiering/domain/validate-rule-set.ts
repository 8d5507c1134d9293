import { validateCondition, validateExpression, type RuleError } from '../../../platform/rules/index.js';
import { Refusal } from '../../../platform/errors/index.js';
import { maskFreeText } from '../../../platform/privacy/masking.js';
import { tierMetrics } from './metrics.js';
import type { RuleSetBody } from './rule-set.js';
import { serviceRank, tiers, type Tier } from './tier.js';

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
export function ruleSetBodyFrom(json: unknown): RuleSetBody {
  const errors = errorsOf(json);
  if (errors.length > 0) throw new InvalidRuleSet(errors);
  return json as RuleSetBody;
}

export function errorsOf(json: unknown): readonly RuleError[] {
  const check = new RuleSetCheck();
  check.body(json);
  return check.errors;
}

const limits = { parts: 20, nameLength: 100, threshold: 1_000_000_000_000 } as const;
const units = ['fen', 'points', 'months', 'days', 'seconds', 'KB', 'times', 'none'];

class RuleSetCheck {
  readonly errors: RuleError[] = [];

  body(json: unknown): void {
    const body = this.object(json, '', ['levels', 'inputs', 'requirements', 'exclusions', 'routes', 'review']);
    if (body === undefined) return;
    const levels = this.levels(body['levels']);
    this.figures(body['inputs']);
    this.gates(body['requirements'], '/requirements');
    this.gates(body['exclusions'], '/exclusions');
    this.routes(body['routes'], levels);
    this.review(body['review']);
  }

  private levels(json: unknown): readonly Tier[] {
    const found = this.list(json, '/levels').flatMap((each, i) => {
      const at = `/levels/${i}`;
      const level = this.object(each, at, ['tier', 'label']);
      if (level === undefined) return [];
      this.label(level['label'], `${at}/label`);
      return this.tier(level['tier'], `${at}/tier`, tiers);
    });
    this.falling(found, '/levels');
    if (found.at(-1) !== 'ORDINARY') this.refuse('/levels', 'must end in ORDINARY');
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

  private routes(json: unknown, levels: readonly Tier[]): void {
    if (this.list(json, '/routes').length === 0) this.refuse('/routes', 'must have at least one route');
    this.named(json, '/routes', ['code', 'label', 'unit', 'measure', 'thresholds'], (route, at) => {
      this.unit(route['unit'], `${at}/unit`);
      this.expression(route['measure'], `${at}/measure`);
      this.thresholds(route['thresholds'], `${at}/thresholds`, levels);
    });
  }

  private thresholds(json: unknown, pointer: string, levels: readonly Tier[]): void {
    let above = Infinity;
    const found = this.list(json, pointer).flatMap((each, i) => {
      const at = `${pointer}/${i}`;
      const threshold = this.object(each, at, ['tier', 'atLeast']);
      if (threshold === undefined) return [];
      const amount = threshold['atLeast'];
      if (typeof amount !== 'number' || !Number.isInteger(amount) || Math.abs(amount) > limits.threshold) {
        this.refuse(`${at}/atLeast`, `must be a whole number of at most ±${limits.threshold}`);
      } else {
        if (amount >= above) this.refuse(`${at}/atLeast`, 'must be below the threshold of the level above');
        above = amount;
      }
      return this.tier(
        threshold['tier'],
        `${at}/tier`,
        levels.filter((level) => level !== 'ORDINARY'),
      );
    });
    this.falling(found, pointer);
    if (found.length === 0) this.refuse(pointer, 'must give at least one level');
  }

  private review(json: unknown): void {
    const review = this.object(json, '/review', ['month', 'day']);
    if (review === undefined) return;
    // Days that every year has.
    for (const [key, most] of [
      ['month', 12],
      ['day', 28],
    ] as const) {
      const value = review[key];
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most) {
        this.refuse(`/review/${key}`, `must be a whole number from 1 to ${most}`);
      }
    }
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

  private tier(json: unknown, pointer: string, allowed: readonly Tier[]): readonly Tier[] {
    const tier = allowed.find((each) => each === json);
    if (tier === undefined) this.refuse(pointer, `must be one of ${allowed.join(', ')}`);
    return tier === undefined ? [] : [tier];
  }

  private falling(found: readonly Tier[], pointer: string): void {
    found.forEach((tier, i) => {
      const above = found[i - 1];
      if (above !== undefined && serviceRank(above) <= serviceRank(tier)) {
        this.refuse(`${pointer}/${i}/tier`, `${tier} cannot stand below ${above}`);
      }
    });
  }

  private list(json: unknown, pointer: string): readonly unknown[] {
    if (Array.isArray(json) && json.length <= limits.parts) return json;
    this.refuseOnce(pointer, `must be a list of at most ${limits.parts}`);
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
