import { createParamDecorator, Injectable } from '@nestjs/common';
import type { ExecutionContext, PipeTransform, Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { documentFile, documentJsonOrFile, documentList } from './operation-docs.js';
import { resourceId, UnsupportedMediaType } from './http-refusals.js';
import { parseListRequest } from './list-request.js';
import type { ListRequest, RawQuery } from './list-request.js';
import type { Resource } from './resource.js';
import { NDJSON } from './stream-rows.js';

const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest<FastifyRequest>();

const listQuery = createParamDecorator((resource: Resource, context: ExecutionContext): ListRequest => {
  const { query, headers } = requestOf(context);
  const list = parseListRequest(resource, query as RawQuery);
  if (!headers.accept?.includes(NDJSON)) return list;
  return { ...list, streamed: { limit: (query as RawQuery)['limit'] === undefined ? undefined : list.limit } };
});

/** `@ListQuery(tickets) list: ListRequest`: the checked list query, documented from the declaration. */
export const ListQuery =
  (resource: Resource): ParameterDecorator =>
  (target, key, index) => {
    listQuery(resource)(target, key, index);
    if (key !== undefined) documentList(target, key, resource);
  };

const fileBody = createParamDecorator((_: unknown, context: ExecutionContext): Readable => {
  const { body } = requestOf(context);
  if (!(body instanceof Readable)) throw new UnsupportedMediaType(FILE_TYPES.join(', '));
  return body;
});

/** Media types whose body is handed over as a stream. */
export const FILE_TYPES = ['application/gzip', 'text/csv', 'application/octet-stream'] as const;

/** `@FileBody() file: Readable`: the body as it arrives. Read it to its end or destroy it. */
export const FileBody = (): ParameterDecorator => (target, key, index) => {
  fileBody()(target, key, index);
  if (key !== undefined) documentFile(target, key, FILE_TYPES);
};

const rawBody = createParamDecorator((_: unknown, context: ExecutionContext): unknown => requestOf(context).body);

/**
 * `@JsonOrFile(BillBatchBody, UsageBatchBody) body: unknown`: what JSON says, not checked; or a file: as a stream, of a request with an
 * `Idempotency-Key` its bytes. `json` is for the documentation.
 */
export const JsonOrFile =
  (...json: readonly Type[]): ParameterDecorator =>
  (target, key, index) => {
    rawBody()(target, key, index);
    if (key !== undefined) documentJsonOrFile(target, key, json, FILE_TYPES);
  };

/** `@Param('id', ResourceIdPipe) id: string`: an id of any wrong shape is 404. */
@Injectable()
export class ResourceIdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    return resourceId(value);
  }
}
