export {
  defineJob,
  ProcessesJob,
  type JobDelivery,
  type JobOptions,
  type JobProcessor,
  type JobType,
  type Lane,
  type Timetable,
} from './job.js';
export { Jobs, type AddOptions } from './jobs.js';
export { QueuesModule } from './queues.module.js';
export { WorkersModule } from './workers.module.js';
export * from './runs/index.js';
