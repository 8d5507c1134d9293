import 'reflect-metadata';
import { startTrial } from './trial.js';

// A worker of its own: the tests end it with SIGKILL, which nothing in it can see coming.
await startTrial({ databaseUrl: process.env.TRIAL_DATABASE_URL ?? '', redisUrl: process.env.TRIAL_REDIS_URL });
process.send?.('ready');
