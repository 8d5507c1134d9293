export { BenefitsModule } from './benefits.module.js';
export { BenefitsWorkersModule } from './benefits.workers.module.js';
export { tables as benefitsTables } from './persistence/tables.js';
