export { CareModule } from './care.module.js';
export { CareWorkersModule } from './care.workers.module.js';
export { tables as careTables } from './persistence/tables.js';
