import { Global, Inject, Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, ModulesContainer } from '@nestjs/core';
import { Tokens } from '../identity/index.js';
import { AccessGuard } from './access.js';
import { AnswerErrors } from './answer-errors.filter.js';
import { AnswerOnce } from './answer-once.interceptor.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { assertAccessIsDeclared, routesIn } from './routes.js';
import { ShapeAnswer } from './shape-answer.interceptor.js';
import { ValidateInput } from './validate-input.pipe.js';

/**
 * Imported once, by the application that serves HTTP. Needs `Settings`, `Clock`, `Database` and `PersonalData` from the
 * platform and an `ActorDirectory` from a global module. Does not start when a route has not declared its access.
 */
@Global()
@Module({
  providers: [
    Tokens,
    IdempotencyKeys,
    { provide: APP_GUARD, useClass: AccessGuard },
    // The first one is the outermost: the answer is stored as the client got it.
    { provide: APP_INTERCEPTOR, useClass: AnswerOnce },
    { provide: APP_INTERCEPTOR, useClass: ShapeAnswer },
    { provide: APP_PIPE, useClass: ValidateInput },
    { provide: APP_FILTER, useClass: AnswerErrors },
  ],
  exports: [Tokens, IdempotencyKeys],
})
export class HttpModule implements OnModuleInit {
  constructor(@Inject(ModulesContainer) private readonly modules: ModulesContainer) {}

  onModuleInit(): void {
    assertAccessIsDeclared(routesIn(this.modules));
  }
}
