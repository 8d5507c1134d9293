export { HotlineRoutingModule } from './hotline-routing.module.js';
export { HotlineRoutingWorkersModule } from './hotline-routing.workers.module.js';
export { HotlineRoutingFacade } from './hotline-routing.facade.js';
export { ContactConnected, ContactEnded, ContactOffered, ReservationExpired } from './domain/events.js';
export { choose, type Choice, type RoutingState } from './domain/choose.js';
export { tables as routingTables } from './persistence/tables.js';
