import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { actingFor } from '../database/index.js';
import { actorOf } from './access.js';
import { operationOf } from './routes.js';

/** What a route does with the database, it does in the scope of its actor. Public routes have none: they know nobody yet. */
@Injectable()
export class ActForActor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const actor = actorOf(request);
    if (!actor) return next.handle();
    const { id: objectId } = request.params as { readonly id?: string };
    return actingFor(
      { scope: actor.scope, actor, operation: operationOf(request), ...(objectId && { objectId }) },
      () => next.handle(),
    );
  }
}
