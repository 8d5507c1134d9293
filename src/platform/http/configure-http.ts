import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, Server } from 'node:http';
import type { Settings } from '../config/index.js';
import { newId } from '../database/index.js';
import { answerBrokenRequest } from './answer-broken-request.js';
import { answerRefusal, protocolRefusal } from './answer-errors.filter.js';
import { acceptBodies, JSON_LIMIT_BYTES } from './request-body.js';
import { serveDocs } from './serve-docs.js';

const RECEIVE_TIMEOUT_MS = 10 * 60_000; // A day's file over a slow line; other bodies have the time of a request.
const HEADERS_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_MS = 72_000; // Longer than load balancers keep theirs (60 s), or they would write into a closing connection.
// Logs and registers keep it: it must be harmless in a line, and no part of it a mobile or ID number.
const SAFE_REQUEST_ID = /^(?!(?:.*[._-])?(?:(?:86)?1[3-9]\d{9}|\d{15}|\d{17}[\dXx])(?:[._-]|$))[\w.-]{8,64}$/;

/** The nearest proxy adds the address it saw; what stood in the header before, its sender may have made up. */
const onlyTheNearest = (_address: string, hop: number): boolean => hop === 0;

/** The server under Nest: `new FastifyAdapter(fastifyOptions(settings))`. */
export const fastifyOptions = (settings: Pick<Settings, 'trustProxy'>) =>
  ({
    bodyLimit: JSON_LIMIT_BYTES,
    trustProxy: settings.trustProxy === true ? onlyTheNearest : settings.trustProxy,
    requestTimeout: RECEIVE_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: 5_000 },
    // Taken from outside only when it is harmless in a log line.
    genReqId: ({ headers }: Pick<IncomingMessage, 'headers'>): string => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : newId();
    },
    routerOptions: { maxParamLength: 256 },
    clientErrorHandler: answerBrokenRequest,
    // Addresses that the router itself refuses never reach Nest.
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void =>
      answerRefusal(reply, protocolRefusal(error.statusCode ?? 400, error.code)),
  }) satisfies FastifyHttpOptions<Server>;

/** Everything between the socket and the controllers, before `app.init()`; Nest is created with `bodyParser: false`. */
export async function configureHttp(
  app: NestFastifyApplication,
  settings: Pick<Settings, 'docsEnabled' | 'maxUploadBytes' | 'publicUrl' | 'requestSeconds'>,
): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance();
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // The console styles itself inline and draws its icons from data addresses.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        scriptSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // TLS ends before us; where it does, the public address says so.
    strictTransportSecurity: settings.publicUrl.startsWith('https:'),
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id).header('Cache-Control', 'no-store');
    done();
  });
  acceptBodies(app, settings);
  if (settings.docsEnabled) serveDocs(app);
}
