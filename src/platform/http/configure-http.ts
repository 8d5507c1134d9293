import helmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest, FastifyServerOptions } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import type { Settings } from '../config/index.js';
import { newId } from '../database/index.js';
import { Refusal } from '../errors/index.js';
import { answerBrokenRequest } from './answer-broken-request.js';
import { answerRefusal, protocolRefusal } from './answer-errors.filter.js';
import { ProtocolRefusal, UnsupportedMediaType } from './http-refusals.js';
import { SIGN_IN_PATH } from './openapi-document.js';
import { FILE_TYPES } from './params.js';
import { serveDocs } from './serve-docs.js';

const JSON_LIMIT_BYTES = 1024 * 1024;
const RECEIVE_TIMEOUT_MS = 10 * 60_000; // A day's file over a slow line; Node closes slow headers after a minute itself.
const SAFE_REQUEST_ID = /^[\w.-]{8,64}$/;

/** The server under Nest: `new FastifyAdapter(fastifyOptions(settings))`. */
export const fastifyOptions = (settings: Pick<Settings, 'trustProxy'>) =>
  ({
    bodyLimit: JSON_LIMIT_BYTES,
    trustProxy: settings.trustProxy,
    requestTimeout: RECEIVE_TIMEOUT_MS,
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
  }) satisfies FastifyServerOptions;

/** Everything between the socket and the controllers, before `app.init()`; Nest is created with `bodyParser: false`. */
export async function configureHttp(
  app: NestFastifyApplication,
  settings: Pick<Settings, 'docsEnabled' | 'maxUploadBytes' | 'publicUrl'>,
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
  acceptBodies(app, settings.maxUploadBytes);
  if (settings.docsEnabled) serveDocs(app);
}

function acceptBodies(app: NestFastifyApplication, maxUploadBytes: number): void {
  const fastify = app.getHttpAdapter().getInstance();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('text/plain');
  app.useBodyParser(
    ['application/json', 'application/merge-patch+json'],
    { bodyLimit: JSON_LIMIT_BYTES },
    (request, body, done) => {
      // Clients announce JSON on requests without a body, too.
      if (body.length === 0) done(null, undefined);
      else void parseJson(request as never, body.toString('utf8'), done as never);
    },
  );
  // The console's sign-in form; nowhere else, so that no other site can post to us with a plain form.
  app.useBodyParser('application/x-www-form-urlencoded', { bodyLimit: 16_384 }, (request, body, done) => {
    const [path] = (request as unknown as FastifyRequest).url.split('?');
    if (path !== SIGN_IN_PATH) done(new UnsupportedMediaType('application/json'));
    else done(null, Object.fromEntries(new URLSearchParams(body.toString('utf8'))));
  });
  fastify.addContentTypeParser([...FILE_TYPES], (request, payload, done) => {
    if (Number(request.headers['content-length'] ?? 0) > maxUploadBytes) done(new FileTooLarge(maxUploadBytes));
    else done(null, limited(payload, maxUploadBytes));
  });
}

export class FileTooLarge extends Refusal {
  constructor(maxBytes: number) {
    super('request.file-too-large', 'too-large', `A file may have up to ${maxBytes} bytes`, { maxBytes });
  }
}

/** The stream, failing with {@link FileTooLarge} as soon as it is longer than it may be. */
function limited(source: Readable, maxBytes: number): Readable {
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new FileTooLarge(maxBytes));
      else done(null, chunk);
    },
  });
  // A client that goes away must end the reader, which pipe() alone does not do.
  const breakOff = (): unknown => counted.destroy(new ProtocolRefusal(400, 'request.incomplete', 'The file broke off'));
  source.once('error', breakOff);
  source.once('close', () => source.readableEnded || breakOff());
  // Nobody may be reading yet (or ever): an error without listener would end the process.
  counted.on('error', () => source.unpipe(counted).resume());
  return source.pipe(counted);
}
