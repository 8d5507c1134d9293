export { BossFeedModule } from './boss-feed.module.js';
export { BossFeedWorkersModule } from './boss-feed.workers.module.js';
export { tables as bossFeedTables } from './persistence/tables.js';
