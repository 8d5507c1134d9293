export {
  DefinesRun,
  isInSlice,
  type Outcome,
  type Population,
  type RunDefinition,
  type Slice,
} from './run-definition.js';
export { onceADay } from './once-a-day.js';
export * from './run.js';
export { Runs, type StartRun } from './runs.js';
export { RunsApiModule } from './run.controller.js';
