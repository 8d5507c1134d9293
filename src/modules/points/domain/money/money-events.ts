import { defineEvent } from '../../../../platform/events/event.js';
import type { Guard } from './guards.js';

/** A guard has reached a limit, or is expected to pass the hard one before the points year ends. Once per level and year. */
export const GuardReached = defineEvent<{
  readonly guard: Guard;
  readonly pointsYear: number;
  readonly level: 'SOFT' | 'HARD' | 'FORECAST';
}>('points.GuardReached');

/** A budget is used up to its soft or its hard limit. Once per limit. */
export const BudgetReached = defineEvent<{
  readonly budgetId: string;
  readonly pointsYear: number;
  readonly level: 'SOFT' | 'HARD';
}>('points.BudgetReached');
