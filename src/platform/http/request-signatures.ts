import { Injectable, Optional } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../clock/index.js';
import { isId } from '../database/index.js';
import {
  AddressNotAllowed, isSignatureOf, isWithin, KeyExpired, KeyRevoked, Nonces, SIGNATURE_WINDOW_SECONDS, SignatureEarly,
  SignatureInvalid, SignatureLate, SignatureMalformed, SignatureReplayed, SystemClients, UnknownClient,
  type KnownActor, type SignedContent,
} from '../identity/index.js'; // prettier-ignore
import { digestOfBody } from './request-body.js';

interface ClaimedSignature {
  readonly clientId: string;
  readonly content: SignedContent;
  readonly signature: string;
}

/** Requests that a system signed: they are its own, unaltered, fresh, and come once (docs/system-clients.md). */
@Injectable()
export class RequestSignatures {
  constructor(
    private readonly clock: Clock,
    private readonly nonces: Nonces,
    @Optional() private readonly clients?: SystemClients,
  ) {}

  /**
   * The system that signed the request; `undefined` when there is no signature. Of a file it has read nothing: its stream fails at the
   * end when the bytes are not those that were signed.
   * @throws SignatureMalformed, SignatureLate, SignatureEarly, UnknownClient, SignatureInvalid, KeyExpired, KeyRevoked,
   *   AddressNotAllowed, SignatureReplayed
   */
  async verify(request: FastifyRequest): Promise<KnownActor | undefined> {
    if (request.headers['x-signature'] === undefined) return undefined;
    const { clientId, content, signature } = readSignature(request);
    const signedAt = Number(content.timestamp) * 1000;
    const age = this.clock.now().getTime() - signedAt;
    if (age > SIGNATURE_WINDOW_SECONDS * 1000) throw new SignatureLate(SIGNATURE_WINDOW_SECONDS);
    if (-age > SIGNATURE_WINDOW_SECONDS * 1000) throw new SignatureEarly(SIGNATURE_WINDOW_SECONDS);
    const client = await this.clients?.clientById(clientId);
    if (!client) throw new UnknownClient();
    const signer = client.keys.find(({ key }) => isSignatureOf(signature, content, key));
    if (!signer) throw new SignatureInvalid();
    if (signer.state === 'revoked') throw new KeyRevoked(client.actor.id);
    if (signer.state === 'expired') throw new KeyExpired();
    if (client.addresses.length > 0 && !isWithin(request.ip, client.addresses)) throw new AddressNotAllowed();
    // Only now, so that nobody else can use up a nonce. Two windows: the clocks of two processes may differ.
    const expiresAt = new Date(signedAt + 2 * SIGNATURE_WINDOW_SECONDS * 1000);
    if (!(await this.nonces.useOnce(clientId, content.nonce, expiresAt))) throw new SignatureReplayed();
    return client.actor;
  }
}

/** @throws SignatureMalformed; a header that is sent twice arrives as one text with a comma, which fits no pattern. */
function readSignature(request: FastifyRequest): ClaimedSignature {
  const read = (header: string, pattern: RegExp, expected: string): string => {
    const value = request.headers[header.toLowerCase()];
    if (typeof value !== 'string' || !pattern.test(value)) throw new SignatureMalformed(header, expected);
    return value;
  };
  const clientId = read('X-Client-Id', /^[0-9a-f-]{36}$/i, 'the id of the system');
  if (!isId(clientId)) throw new UnknownClient();
  const timestamp = read('X-Timestamp', /^\d{10}$/, 'seconds since 1970');
  const nonce = read('X-Nonce', /^[\w.~-]{16,64}$/, '16 to 64 letters, digits, -, ., _ or ~');
  const signature = read('X-Signature', /^v1=[0-9a-f]{64}$/, 'v1= and 64 hexadecimal digits in small letters');
  const bodySha256 = digestOfBody(request);
  if (bodySha256 === undefined || !/^[0-9a-f]{64}$/.test(bodySha256))
    throw new SignatureMalformed('X-Content-SHA256', 'the SHA-256 of the file, 64 hexadecimal digits in small letters');
  const { method = '', url: target = '' } = request.raw;
  return { clientId: clientId.toLowerCase(), content: { method, target, timestamp, nonce, bodySha256 }, signature };
}
