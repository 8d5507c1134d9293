import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { actingFor } from '../database/index.js';
import { EVERYBODY } from '../identity/index.js';
import { actorOf } from './access.js';
import { reasonOf } from './reason.js';
import { operationOf } from './request-operation.js';
import { takesLong } from './takes-long.js';

/**
 * What a route does with the database, it does in the scope of its actor and in its name. Public routes know nobody yet: they are
 * bound by what they do only, but what they write is written down like everything else.
 */
@Injectable()
export class ActForActor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const actor = actorOf(request);
    const { id: objectId } = request.params as { readonly id?: string };
    const reason = reasonOf(request);
    return actingFor(
      {
        scope: actor?.scope ?? EVERYBODY,
        ...(actor && { actor }),
        requestId: request.id,
        clientAddress: request.ip,
        operation: operationOf(request),
        takesLong: takesLong(context.getHandler()),
        ...(objectId && { objectId }),
        ...(reason && { reason }),
      },
      () => next.handle(),
    );
  }
}
