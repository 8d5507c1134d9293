import { applyDecorators, Injectable, Optional, UseInterceptors } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { Refusal } from '../errors/index.js';
import { CustomerDirectory } from '../identity/index.js';
import { actorOf } from './access.js';

const HEADER = 'One-Time-Code';

export class FreshCodeNeeded extends Refusal {
  static readonly code = 'access.fresh-code-needed';
  static readonly kind = 'forbidden';
  constructor() {
    super(
      FreshCodeNeeded.code,
      FreshCodeNeeded.kind,
      `The sign-in is older than 10 minutes: ask for a code of purpose REDEEM and send it in the header ${HEADER}`,
      { field: HEADER },
    );
  }
}

/**
 * Lets a customer through who showed minutes ago to have the number in hand. It stands behind the stored answers of repeated
 * requests, so that a repetition needs no second code.
 */
@Injectable()
class RequireFreshCode implements NestInterceptor {
  constructor(@Optional() private readonly customers?: CustomerDirectory) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const actor = actorOf(request);
    if (actor?.kind !== 'customer') return next.handle();
    const code = request.headers[HEADER.toLowerCase()];
    const isFresh = await this.customers?.isFresh(actor, typeof code === 'string' ? code : undefined);
    if (!isFresh) throw new FreshCodeNeeded();
    return next.handle();
  }
}

/** A customer who calls the route has signed in within 10 minutes, or sends a one-time code. Nothing is asked of others. */
export const FreshCode = (): MethodDecorator =>
  applyDecorators(
    UseInterceptors(RequireFreshCode),
    ApiHeader({
      name: HEADER,
      required: false,
      description: 'Of a customer whose sign-in is older than 10 minutes: a one-time code of purpose REDEEM',
      schema: { type: 'string', pattern: '^\\d{6}$' },
    }),
  );
