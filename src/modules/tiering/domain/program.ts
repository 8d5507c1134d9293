import type { Label } from '../../../platform/rules/index.js';
import { InvalidCode } from './refusals-of-rule-sets.js';
import type { RuleSetKind } from './rule-set.js';

/** A scale of levels that customers stand on by rule sets of one kind: card levels, a value model (价值模型), … */
export interface Program {
  readonly program: string;
  readonly kind: RuleSetKind;
  readonly label: Label;
  /** Highest first. It never changes: levels that were given stand on it. */
  readonly scale: readonly string[];
  readonly createdAt: Date;
}

/**
 * Whom a programme rates; undefined: everybody. Levels of persons are none of groups (集团客户), and the other way round, whatever their
 * rules say.
 */
export function ratedKind(kind: RuleSetKind): 'individual' | 'group' | undefined {
  switch (kind) {
    case 'group-level':
      return 'group';
    case 'tier':
    case 'star-level':
    case 'potential-high-value':
      return 'individual';
    case 'credit-grade':
    case 'customer-class':
    case 'value-model':
      return undefined;
  }
}

/** @throws InvalidCode */
export function requireScale(scale: readonly string[]): void {
  if (!scale.every((code) => /^[A-Z][A-Z0-9_]{0,39}$/.test(code))) {
    throw new InvalidCode('scale', 'up to 40 capitals, digits and underscores');
  }
}

/** @throws InvalidCode */
export function requireProvinces(regions: readonly string[]): void {
  if (!regions.every((code) => /^[0-9A-Z]{2,6}$/.test(code))) {
    throw new InvalidCode('regions', 'a province code of 2 to 6 digits or capitals');
  }
}
