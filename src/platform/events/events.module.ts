import { Global, Module } from '@nestjs/common';
import { Outbox } from './outbox.js';

/** Announcing, in every role. Delivering is the workers' part. */
@Global()
@Module({ providers: [Outbox], exports: [Outbox] })
export class EventsModule {}
