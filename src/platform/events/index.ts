export {
  defineEvent,
  ListensTo,
  type Delivered,
  type EventType,
  type Listener,
  type SetWiseListener,
} from './event.js';
export { Outbox, type About } from './outbox.js';
export { EventsModule } from './events.module.js';
export { OutboxGauges } from './outbox-gauges.js';
export { Relay, type Backlog } from './relay.js';
export { ListenerRegistry } from './listener-registry.js';
export * from './hub.js';
export * from './hub-view.js';
export { DeliverNotifications } from './deliver-notifications.js';
export { postSigned } from './signed-callback.js';
