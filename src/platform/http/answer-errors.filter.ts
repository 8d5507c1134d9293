import { Catch, HttpException, Logger, NotFoundException, Optional } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import { errorWithoutData, framesOf, Refusal } from '../errors/index.js';
import type { RefusalKind } from '../errors/index.js';
import { KeyRevoked } from '../identity/index.js';
import { actorOf, outOfScopeOf } from './access.js';
import { STATUS_OF } from './error-body.js';
import type { ErrorBody } from './error-body.js';
import { ProtocolRefusal, RequestTimedOut } from './http-refusals.js';
import { RefusalRegister } from './refusal-register.js';
import { operationOf } from './request-operation.js';
import { routesIn } from './routes.js';
import type { Route } from './routes.js';
import { InvalidInput } from './validate-input.pipe.js';

/** Whatever goes wrong is answered with TMF630's error; what nobody expected is also logged, once, here. */
@Catch()
export class AnswerErrors implements ExceptionFilter {
  private readonly logger = new Logger('http');
  private routes: readonly Route[] | undefined;

  constructor(
    private readonly modules: ModulesContainer,
    @Optional() private readonly register?: RefusalRegister,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const refusal = this.refusalFor(error, request);
    if (!refusal) this.log(error, request);
    else await this.registerRefusal(refusal, request);
    if (reply.sent || reply.raw.headersSent) return void reply.raw.destroy(); // Half an answer must not look whole.
    answerRefusal(reply, refusal ?? unexpected(request.id));
  }

  /** Who was turned away, from what, and why (AUD-02). That it cannot be kept must not let anybody in, nor hide the refusal. */
  private async registerRefusal(refusal: Refusal, request: FastifyRequest): Promise<void> {
    const { kind, code } = refusal;
    const outOfScope = outOfScopeOf(request);
    if (kind !== 'unauthenticated' && kind !== 'forbidden' && !outOfScope) return;
    await this.register
      ?.refused({
        actor: actorOf(request),
        requestId: request.id,
        clientAddress: request.ip,
        operation: operationOf(request),
        code,
        ownerOfRevokedKey: refusal instanceof KeyRevoked ? refusal.clientId : undefined,
        customerIds: outOfScope ?? [],
      })
      .catch((error: unknown) =>
        this.logger.error(`A refusal (${code}) was not registered: ${errorWithoutData(error)}`),
      );
  }

  private refusalFor(error: unknown, request: FastifyRequest): Refusal | undefined {
    if (error instanceof Refusal) return error;
    if (isEndedStatement(error)) return new RequestTimedOut();
    if (!(error instanceof HttpException)) return undefined;
    const status = error.getStatus();
    if (status >= 500) return undefined;
    if (error instanceof NotFoundException && error.message.startsWith('Cannot ')) return this.noRoute(request);
    return protocolRefusal(status, codeOf(error.cause));
  }

  private noRoute(request: FastifyRequest): ProtocolRefusal {
    this.routes ??= routesIn(this.modules);
    const allowed = methodsAt(this.routes, request.url.split('?')[0] ?? '');
    if (allowed.length === 0)
      return new ProtocolRefusal(404, 'request.unknown-route', 'There is nothing at this address');
    const expected = allowed.join(', ');
    return new ProtocolRefusal(
      405,
      'request.method-not-allowed',
      `${request.method} is not possible here; ${expected} is`,
      { expected: allowed },
      { Allow: expected },
    );
  }

  private log(error: unknown, request: FastifyRequest): void {
    // Messages of the language itself hold no data; those of drivers may quote a customer's.
    const message = error instanceof TypeError || error instanceof ReferenceError ? ` ${error.message}` : '';
    this.logger.error(
      `${operationOf(request)} failed (request ${request.id}): ${errorWithoutData(error)}${message}\n${framesOf(error)}`,
    );
  }
}

const REASONS: Readonly<Record<RefusalKind, string>> = {
  malformed: 'The request is not well-formed',
  unauthenticated: 'Not signed in',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  conflict: 'In conflict with the present state',
  gone: 'No longer there',
  'too-large': 'Too large',
  rejected: 'Refused by a rule',
  'too-many': 'Too many requests',
  unavailable: 'Not available at the moment',
};

/** Writes a refusal as TMF630's error. */
export function answerRefusal(reply: FastifyReply, refusal: Refusal): void {
  const isProtocol = refusal instanceof ProtocolRefusal;
  const status = isProtocol ? refusal.status : STATUS_OF[refusal.kind];
  const { retryAfterSeconds } = refusal.facts;
  if (status === 401) reply.header('WWW-Authenticate', 'Bearer realm="guibin"');
  if (typeof retryAfterSeconds === 'number') reply.header('Retry-After', String(retryAfterSeconds));
  if (isProtocol) reply.headers(refusal.headers);
  const violations = refusal instanceof InvalidInput ? { violations: refusal.violations } : {};
  const detail = { ...refusal.facts, ...violations };
  const body: ErrorBody = {
    code: refusal.code,
    reason: isProtocol ? (STATUS_CODES[status] ?? 'Error') : REASONS[refusal.kind],
    message: refusal.message,
    status: String(status),
    referenceError: `urn:guibin:error:${refusal.code}`,
    '@type': 'Error',
    ...(Object.keys(detail).length > 0 && { detail }),
  };
  // A route that answers files has said another type already.
  reply.status(status).type('application/json; charset=utf-8').send(body);
}

const unexpected = (requestId: string): ProtocolRefusal =>
  new ProtocolRefusal(500, 'internal', `Something failed on our side; tell us the request ${requestId}`, { requestId });

/** Fastify's own refusals, by its code where one status has several causes. */
const PROTOCOL: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'request.malformed-json', 'The body is not JSON'],
  FST_ERR_BAD_URL: [400, 'request.malformed-url', 'The address has an escape that is not UTF-8'],
  FST_ERR_MAX_PARAM_LENGTH: [404, 'resource.not-found', 'There is no such resource'],
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'request.too-large', 'The body is larger than 1 MiB'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    'request.unsupported-media-type',
    'Send the body as application/json (PATCH: also application/merge-patch+json)',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'request.content-length', 'Content-Length is not the length of the body'],
};

export function protocolRefusal(status: number, fastifyCode: string | undefined): ProtocolRefusal {
  const known = fastifyCode === undefined ? undefined : PROTOCOL[fastifyCode];
  if (known) return new ProtocolRefusal(...known);
  const text = STATUS_CODES[status] ?? 'Bad request';
  return new ProtocolRefusal(status, `request.${text.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`, text);
}

/** PostgreSQL ended the statement: it ran longer than a request may take. */
const isEndedStatement = (error: unknown): boolean => codeOf(error) === '57014';

function codeOf(cause: unknown): string | undefined {
  if (cause instanceof SyntaxError) return 'FST_ERR_CTP_INVALID_JSON_BODY';
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

function methodsAt(routes: readonly Route[], path: string): readonly string[] {
  const steps = path.split('/');
  const matches = (pattern: readonly string[]): boolean =>
    pattern.length === steps.length && pattern.every((step, i) => step.startsWith(':') || step === steps[i]);
  return [...new Set(routes.filter((route) => matches(route.path.split('/'))).map(({ method }) => method))].sort();
}
