import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import { Page } from './page.js';
import { parseFields, selectFields } from './select-fields.js';

/** Pages become arrays with their counts, new resources get a `Location`, and `fields=` works on single resources. */
@Injectable()
export class ShapeAnswer implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next.handle().pipe(map((answer: unknown) => shape(answer, http.getRequest(), http.getResponse())));
  }
}

function shape(answer: unknown, request: FastifyRequest, reply: FastifyReply): unknown {
  if (answer instanceof Page) {
    reply.header('X-Total-Count', String(answer.total)).header('X-Result-Count', String(answer.items.length));
    return answer.items;
  }
  if (!isResource(answer)) return answer;
  if (reply.statusCode === 201) reply.header('Location', answer.href);
  if (request.method !== 'GET' && request.method !== 'HEAD') return answer;
  const { fields } = request.query as { readonly fields?: string | readonly string[] };
  return selectFields(answer, parseFields(typeof fields === 'object' ? fields.join(',') : fields));
}

const isResource = (answer: unknown): answer is { readonly href: string } =>
  typeof answer === 'object' && answer !== null && 'href' in answer && typeof answer.href === 'string';
