import { SetMetadata } from '@nestjs/common';

const TAKES_LONG = Symbol('takes-long');

/** What the route does in transactions is not ended after the time of a request: it takes in a file, or looks at everybody. */
export const TakesLong = (): MethodDecorator => SetMetadata(TAKES_LONG, true);

export const takesLong = (handler: object): boolean => Reflect.getMetadata(TAKES_LONG, handler) === true;
