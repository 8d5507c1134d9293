import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../errors/index.js';
import { ContentDiffers, sha256, SHA256_OF_NOTHING } from '../identity/index.js';
import { ProtocolRefusal, UnsupportedMediaType } from './http-refusals.js';
import { SIGN_IN_PATH } from './openapi-document.js';
import { FILE_TYPES } from './params.js';

export const JSON_LIMIT_BYTES = 1024 * 1024;
const READ_PAST_MS = 5_000;

interface Limits {
  readonly maxUploadBytes: number;
  /** So long a body may take to arrive; files have the server's own time. */
  readonly requestSeconds: number;
}

/** What may be sent: JSON and the console's sign-in form as a whole, files as streams. */
export function acceptBodies(app: NestFastifyApplication, { maxUploadBytes, requestSeconds }: Limits): void {
  const fastify = app.getHttpAdapter().getInstance();
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('text/plain');
  app.useBodyParser(
    ['application/json', 'application/merge-patch+json'],
    { bodyLimit: JSON_LIMIT_BYTES },
    (request, body, done) => {
      keepDigest(request as unknown as FastifyRequest, body);
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
    else done(null, arriving(payload, maxUploadBytes, announcedDigest(request)));
  });
  hangUpOnTheUnread(fastify);
  refuseSlowBodies(fastify, requestSeconds);
}

/** Of a file that was refused unread, a part is read past, so that its sender gets the answer; who goes on is hung up on. */
function hangUpOnTheUnread(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, _reply, done) => {
    if (request.body instanceof Readable && !request.raw.complete) {
      void arrivals.get(request.body)?.();
      setTimeout(() => request.raw.complete || request.raw.destroy(), READ_PAST_MS).unref();
    }
    done();
  });
}

function refuseSlowBodies(fastify: FastifyInstance, seconds: number): void {
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    if (hasBody(request) && !isFile(request)) {
      const timer = setTimeout(() => {
        if (request.raw.complete) return;
        // Nobody waits for a body that no route reads.
        if (payload.listenerCount('error') === 0) return void request.raw.destroy();
        reply.header('Connection', 'close');
        payload.emit('error', new BodyTooSlow(seconds));
      }, seconds * 1000).unref();
      const arrived = (): void => clearTimeout(timer);
      payload.once('end', arrived).once('close', arrived);
    }
    done(null, payload);
  });
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function isFile({ headers }: FastifyRequest): boolean {
  const [type] = headers['content-type']?.toLowerCase().split(';') ?? [];
  return FILE_TYPES.some((fileType) => fileType === type?.trim());
}

const digests = new WeakMap<FastifyRequest, string>();

function keepDigest(request: FastifyRequest, body: Buffer): void {
  if (request.headers['x-signature'] !== undefined) digests.set(request, sha256(body));
}

const announcedDigest = ({ headers }: FastifyRequest): string | undefined => headers['x-content-sha256']?.toString();

/** SHA-256 of the body of a signed request: of its bytes, or of a file what `X-Content-SHA256` says they will be. */
export function digestOfBody(request: FastifyRequest): string | undefined {
  if (request.body instanceof Readable) return announcedDigest(request);
  return digests.get(request) ?? SHA256_OF_NOTHING;
}

export class FileTooLarge extends Refusal {
  constructor(maxBytes: number) {
    super('request.file-too-large', 'too-large', `A file may have up to ${maxBytes} bytes`, { maxBytes });
  }
}

export class BodyTooSlow extends ProtocolRefusal {
  constructor(seconds: number) {
    super(408, 'request.too-slow', `The body did not arrive within ${seconds} seconds`, { seconds });
  }
}

/**
 * A file that is no larger than a JSON body may be, as a whole.
 * @throws FileTooLarge, ContentDiffers, ProtocolRefusal when it broke off
 */
export async function wholeSmallFile(file: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of file as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > JSON_LIMIT_BYTES) throw new FileTooLarge(JSON_LIMIT_BYTES);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

const arrivals = new WeakMap<Readable, () => Promise<void>>();

/**
 * Resolves when a file has arrived to its last byte and is the one that was announced; whatever its reader left is read past. What a
 * file says may be kept only then: a reader may be content before the end.
 * @throws ContentDiffers, FileTooLarge, ProtocolRefusal when it broke off
 */
export const wholeFile = async (file: Readable): Promise<void> => arrivals.get(file)?.();

/** The stream of a file, failing as soon as it is too long, breaks off, or has ended otherwise than announced. */
function arriving(source: Readable, maxBytes: number, announced: string | undefined): Readable {
  const arrival = new Promise<void>((resolve, reject) => {
    const digest = announced === undefined ? undefined : createHash('sha256');
    let bytes = 0;
    source.on('data', (chunk: Buffer) => {
      digest?.update(chunk);
      bytes += chunk.length;
      if (bytes > maxBytes) reject(new FileTooLarge(maxBytes));
    });
    source.once('end', () => {
      if (digest && digest.digest('hex') !== announced) reject(new ContentDiffers());
      else resolve();
    });
    const breakOff = (): void => reject(new ProtocolRefusal(400, 'request.incomplete', 'The file broke off'));
    source.once('error', breakOff).once('close', breakOff);
  });
  const readPast = (): unknown => source.unpipe(file).resume();
  const file = new PassThrough({
    flush: (done) => void arrival.then(() => done(), done),
  });
  // Nobody may be reading yet (or ever): an error without listener would end the process.
  file.on('error', readPast);
  arrival.catch((error: Error) => file.destroy(error));
  arrivals.set(file, () => {
    readPast();
    return arrival;
  });
  return source.pipe(file);
}
