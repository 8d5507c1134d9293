export { MerchantsModule } from './merchants.module.js';
export { tables as merchantsTables } from './persistence/tables.js';
