import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Settings } from '../config/index.js';
import { Jobs } from './jobs.js';
import { PostgresQueueBackend, QueueBackend, RedisQueueBackend } from './queue-backend.js';
import { RunRegistry } from './runs/run-registry.js';
import { Runs } from './runs/runs.js';

/** Asking for work, in every role. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: QueueBackend,
      inject: [Settings],
      useFactory: ({ redisUrl, databaseUrl }: Settings): QueueBackend => {
        if (redisUrl !== undefined) return new RedisQueueBackend(redisUrl);
        if (databaseUrl !== undefined) return new PostgresQueueBackend(databaseUrl);
        throw new Error('The address of the database is decided before Nest starts');
      },
    },
    Jobs,
    RunRegistry,
    Runs,
  ],
  exports: [QueueBackend, Jobs, Runs, RunRegistry],
})
export class QueuesModule {}
