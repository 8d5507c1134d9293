import type { Label } from '../../../platform/rules/index.js';
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
