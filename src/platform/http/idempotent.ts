import { createParamDecorator, SetMetadata } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../errors/index.js';

const IDEMPOTENT = Symbol('idempotent');

/** The route honours `Idempotency-Key`; what that promises is written at `AnswerOnce`. */
export const Idempotent = (): MethodDecorator => SetMetadata(IDEMPOTENT, true);

export const isIdempotent = (handler: object): boolean => Reflect.getMetadata(IDEMPOTENT, handler) === true;

const KEY = /^[\x21-\x7e]{1,128}$/;

/** @throws Refusal when the header is there and is not a key. */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return key;
  const expected = '1 to 128 visible ASCII characters';
  throw new Refusal('idempotency.invalid-key', 'malformed', `Idempotency-Key must be ${expected}`, {
    field: 'Idempotency-Key',
    expected,
  });
}

/** `@IdempotencyKey() key: string | undefined`, for use cases that keep it in their own ledger. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext): string | undefined =>
  idempotencyKeyOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
