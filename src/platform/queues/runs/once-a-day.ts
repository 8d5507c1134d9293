import { businessDate } from '../../clock/index.js';
import type { RunDefinition } from './run-definition.js';

/** One run for each business day, as of that day. */
export const onceADay = (cron: string): NonNullable<RunDefinition['schedule']> => ({
  timetable: { cron },
  due: (now) => ({ key: businessDate(now), asOf: businessDate(now), parameters: {} }),
});
