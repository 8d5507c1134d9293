import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { Settings } from '../config/index.js';

export const WINDOW_SECONDS = 60;

export interface Count {
  readonly isExceeded: boolean;
  readonly remaining: number;
  /** Until the count begins anew. */
  readonly resetSeconds: number;
}

/**
 * Counts by key and minute: together with all other processes where there is Redis, otherwise each process by itself. While Redis
 * is away each process counts for itself; nobody waits for it.
 */
@Injectable()
export class RequestCounters implements OnModuleDestroy {
  private readonly redis: Redis | undefined;
  private readonly limiters = new Map<number, RateLimiterAbstract>();

  constructor({ redisUrl }: Settings) {
    if (redisUrl === undefined) return;
    this.redis = new Redis(redisUrl, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      commandTimeout: 500,
      disconnectTimeout: 100,
    });
    this.redis.on('error', () => undefined); // Each count that fails is made in memory.
  }

  async count(key: string, perMinute: number): Promise<Count> {
    const limiter = this.limiters.get(perMinute) ?? this.limiterOf(perMinute);
    // What is beyond the limit it throws, too.
    const result = await limiter.consume(key).catch((over: unknown) => {
      if (over instanceof RateLimiterRes) return over;
      throw over;
    });
    return {
      isExceeded: result.consumedPoints > perMinute,
      remaining: result.remainingPoints,
      resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
    };
  }

  onModuleDestroy(): void {
    this.redis?.disconnect();
  }

  private limiterOf(perMinute: number): RateLimiterAbstract {
    const options = { points: perMinute, duration: WINDOW_SECONDS, keyPrefix: `guibin:requests:${perMinute}` };
    const inMemory = new RateLimiterMemory(options);
    const limiter = this.redis
      ? new RateLimiterRedis({
          ...options,
          storeClient: this.redis,
          rejectIfRedisNotReady: true,
          insuranceLimiter: inMemory,
        })
      : inMemory;
    this.limiters.set(perMinute, limiter);
    return limiter;
  }
}
