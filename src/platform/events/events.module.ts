import { Global, Module } from '@nestjs/common';
import { Settings } from '../config/index.js';
import { Outbound } from '../http/index.js';
import { Hub } from './hub.js';
import { Outbox } from './outbox.js';

/** Announcing, in every role. Delivering is the workers' part. */
@Global()
@Module({
  providers: [
    Outbox,
    Hub,
    {
      provide: Outbound,
      inject: [Settings],
      useFactory: ({ callbackHosts }: Settings) => new Outbound({ ownHosts: callbackHosts }),
    },
  ],
  exports: [Outbox, Hub, Outbound],
})
export class EventsModule {}
