import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { defer, from, lastValueFrom } from 'rxjs';
import type { Observable } from 'rxjs';
import { errorWithoutData, Refusal } from '../errors/index.js';
import { sha256 } from '../identity/index.js';
import { actorOf } from './access.js';
import { hashOfRequest, IdempotencyKeys, LEASE_MS, RequestInProgress } from './idempotency-keys.js';
import type { IdempotentRequest, StoredAnswer } from './idempotency-keys.js';
import { idempotencyKeyOf, isIdempotent } from './idempotent.js';
import { takesFiles } from './operation-docs.js';
import { wholeSmallFile } from './request-body.js';
import { problemOfJson } from './validate-input.pipe.js';

const WAIT_FOR_TWIN_MS = 5_000;
const LOOK_EVERY_MS = 50;

/**
 * `Idempotency-Key`: what a client that repeats a request may rely on, for 24 hours.
 *
 * - A request that was answered with success is not run again: the stored status, body and `Location` are answered, with
 *   `Idempotency-Replayed: true`.
 * - The same key with another path, query or body is refused (`idempotency.key-reused`).
 * - Of requests that race, one runs. The others wait up to five seconds for its answer, then are refused
 *   (`idempotency.in-progress`) and may be repeated.
 * - A refused request had no effect, so it leaves no trace: the same key may try again.
 *
 * The effect is stored by the use case's own transaction, the answer by another one after it. A process that dies between
 * the two leaves an effect without answer: once the lease ended (one minute) the repetition runs again. **Where a second
 * effect costs money or points, the use case therefore also writes the key into its ledger, unique, in its own
 * transaction** ({@link IdempotencyKey} hands it over).
 */
@Injectable()
export class AnswerOnce implements NestInterceptor {
  private readonly logger = new Logger('http');

  constructor(private readonly keys: IdempotencyKeys) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (!isIdempotent(context.getHandler())) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = idempotencyKeyOf(request);
    if (key === undefined) return next.handle();
    const reply = http.getResponse<FastifyReply>();
    const { body } = request;
    if (body instanceof Readable) {
      if (!takesFiles(context.getHandler())) return next.handle();
      // What a file says makes the request the same one, so it is read first.
      return defer(() => from(this.onceOfFile(request, body, key, reply, next)));
    }
    // What nests too deep to be hashed is refused when it is looked at.
    if (problemOfJson(body)) return next.handle();
    return defer(() => from(this.once(idempotentOf(request, key, body), reply, next)));
  }

  private async onceOfFile(
    request: FastifyRequest,
    file: Readable,
    key: string,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    const bytes = await wholeSmallFile(file);
    request.body = bytes;
    return this.once(idempotentOf(request, key, sha256(bytes)), reply, next);
  }

  private async once(request: IdempotentRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const giveUpAt = Date.now() + WAIT_FOR_TWIN_MS;
    for (;;) {
      const claim = await this.keys.claim(request);
      if (claim.state === 'ours') return this.run(claim.claimId, request, reply, next);
      if (claim.state === 'answered') return replay(claim.answer, reply);
      if (Date.now() >= giveUpAt) throw new RequestInProgress();
      await delay(LOOK_EVERY_MS);
    }
  }

  private async run(
    claimId: string,
    request: IdempotentRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    const renewal = setInterval(() => {
      this.keys.renew(claimId).catch(() => undefined); // The next renewal comes well before the lease ends.
    }, LEASE_MS / 4).unref();
    try {
      const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      const location = reply.getHeader('location');
      await this.store(claimId, request, {
        status: reply.statusCode,
        location: typeof location === 'string' ? location : undefined,
        body: JSON.stringify(body),
      });
      return body;
    } catch (error) {
      await this.keys.release(claimId).catch(() => undefined); // Then the lease lets it go.
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  /** The effect is done. Not being able to remember its answer must not turn it into an error. */
  private async store(claimId: string, request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
    await this.keys.answer(claimId, request, answer).catch((error: unknown) => {
      if (error instanceof Refusal) throw error;
      this.logger.error(`The answer to ${request.route} could not be kept: ${errorWithoutData(error)}`);
    });
  }
}

function idempotentOf(request: FastifyRequest, key: string, content: unknown): IdempotentRequest {
  const actor = actorOf(request);
  return {
    actor: actor ? `${actor.kind}:${actor.id}` : 'public',
    route: `${request.method} ${request.routeOptions.url ?? ''}`,
    key,
    requestHash: hashOfRequest(request.url, content),
  };
}

function replay({ status, location, body }: StoredAnswer, reply: FastifyReply): unknown {
  reply.status(status).header('Idempotency-Replayed', 'true');
  if (location !== undefined) reply.header('Location', location);
  return body === undefined ? undefined : JSON.parse(body);
}
