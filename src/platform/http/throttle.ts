import { Injectable, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Settings } from '../config/index.js';
import { Refusal } from '../errors/index.js';
import { addressGroup, type Actor } from '../identity/index.js';
import { RequestCounters, WINDOW_SECONDS, type Count } from './request-counters.js';
import { operationOf } from './request-operation.js';

const LIMIT = Symbol('limit');

export interface RequestLimit {
  /** Of one actor, or of one address on a route that is open to everybody. */
  readonly perMinute: number;
}

export const Limited = (limit: RequestLimit): MethodDecorator => SetMetadata<symbol, RequestLimit>(LIMIT, limit);

export class TooManyRequests extends Refusal {
  static readonly code = 'request.too-many';
  static readonly kind = 'too-many';
  constructor(perMinute: number, retryAfterSeconds: number) {
    super(TooManyRequests.code, TooManyRequests.kind, `Up to ${perMinute} of these requests are answered in a minute`, {
      perMinute,
      retryAfterSeconds,
    });
  }
}

interface Quota {
  /** As the headers call it. */
  readonly policy: 'actor' | 'address' | 'route';
  readonly key: string;
  readonly perMinute: number;
}

/** Holds up whoever asks more often than is good for the others, and tells everybody how much is left. */
@Injectable()
export class Throttle {
  constructor(
    private readonly settings: Settings,
    private readonly reflector: Reflector,
    private readonly counters: RequestCounters,
  ) {}

  /**
   * Counts a request of the actor, or of the address where nobody has to say who he is.
   * @throws TooManyRequests
   */
  async admit(context: ExecutionContext, actor?: Actor): Promise<void> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const quotas: Quota[] = [actor ? this.quotaOfActor(actor) : this.quotaOfAddress(request)];
    const limit = this.reflector.get<RequestLimit | undefined>(LIMIT, context.getHandler());
    if (limit) {
      quotas.push({ policy: 'route', key: `${quotas[0]?.key} ${operationOf(request)}`, perMinute: limit.perMinute });
    }
    await this.count(quotas, http.getResponse<FastifyReply>());
  }

  /**
   * Counts a request with bad credentials against its address, so that guessing ends soon and does not fill the register. Good
   * requests from the same address are not held up by it.
   * @throws TooManyRequests
   */
  async admitStranger(context: ExecutionContext): Promise<void> {
    const http = context.switchToHttp();
    const { key, ...quota } = this.quotaOfAddress(http.getRequest<FastifyRequest>());
    await this.count([{ ...quota, key: `${key} stranger` }], http.getResponse<FastifyReply>());
  }

  private quotaOfActor({ kind, id, requestsPerMinute }: Actor): Quota {
    return { policy: 'actor', key: `${kind} ${id}`, perMinute: requestsPerMinute ?? this.settings.requestsPerMinute };
  }

  private quotaOfAddress({ ip }: FastifyRequest): Quota {
    return { policy: 'address', key: `address ${addressGroup(ip)}`, perMinute: this.settings.anonymousPerMinute };
  }

  private async count(quotas: readonly Quota[], reply: FastifyReply): Promise<void> {
    if (this.settings.requestsPerMinute === 0) return;
    const counts = await Promise.all(
      quotas.map(async (quota) => ({ ...quota, ...(await this.counters.count(quota.key, quota.perMinute)) })),
    );
    reply.header('RateLimit-Policy', counts.map(policyText).join(', '));
    reply.header('RateLimit', counts.map(stateText).join(', '));
    const exceeded = counts.filter(({ isExceeded }) => isExceeded).sort((a, b) => b.resetSeconds - a.resetSeconds)[0];
    if (exceeded) throw new TooManyRequests(exceeded.perMinute, exceeded.resetSeconds);
  }
}

// draft-ietf-httpapi-ratelimit-headers-11
const policyText = ({ policy, perMinute }: Quota): string => `"${policy}";q=${perMinute};w=${WINDOW_SECONDS}`;
const stateText = ({ policy, remaining, resetSeconds }: Quota & Count): string =>
  `"${policy}";r=${remaining};t=${resetSeconds}`;
