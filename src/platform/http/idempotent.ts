import { SetMetadata } from '@nestjs/common';

const IDEMPOTENT = Symbol('idempotent');

/** The route honours `Idempotency-Key`; what that promises is written at {@link AnswerOnce}. */
export const Idempotent = (): MethodDecorator => SetMetadata(IDEMPOTENT, true);

export const isIdempotent = (handler: object): boolean => Reflect.getMetadata(IDEMPOTENT, handler) === true;
