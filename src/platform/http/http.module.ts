import { Global, Inject, Module } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule, ModulesContainer } from '@nestjs/core';
import { Nonces, CustomerTokens, OpenIdTokens, Tokens } from '../identity/index.js';
import { AccessGuard } from './access.js';
import { ActForActor } from './act-for-actor.interceptor.js';
import { AnswerErrors } from './answer-errors.filter.js';
import { AnswerOnce } from './answer-once.interceptor.js';
import { Resolvers } from './concerns.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { RequestCounters } from './request-counters.js';
import { RequestSignatures } from './request-signatures.js';
import { assertAccessIsDeclared, routesIn } from './routes.js';
import { ShapeAnswer } from './shape-answer.interceptor.js';
import { Throttle } from './throttle.js';
import { ValidateInput } from './validate-input.pipe.js';

/**
 * Imported once, by the application that serves HTTP. Needs `Settings`, `Clock`, `Database` and `PersonalData` from the
 * platform and an `ActorDirectory` from a global module. Does not start when a route has not declared its access.
 */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    Tokens,
    OpenIdTokens,
    CustomerTokens,
    Resolvers,
    IdempotencyKeys,
    Nonces,
    RequestCounters,
    RequestSignatures,
    Throttle,
    { provide: APP_GUARD, useClass: AccessGuard },
    // The first one is the outermost: the answer is stored as the client got it.
    { provide: APP_INTERCEPTOR, useClass: AnswerOnce },
    { provide: APP_INTERCEPTOR, useClass: ShapeAnswer },
    // The innermost: what was stored for a repeated request is the system's own business.
    { provide: APP_INTERCEPTOR, useClass: ActForActor },
    { provide: APP_PIPE, useClass: ValidateInput },
    { provide: APP_FILTER, useClass: AnswerErrors },
  ],
  exports: [Tokens, CustomerTokens, IdempotencyKeys, Nonces],
})
export class HttpModule implements OnModuleInit {
  constructor(@Inject(ModulesContainer) private readonly modules: ModulesContainer) {}

  onModuleInit(): void {
    assertAccessIsDeclared(routesIn(this.modules));
  }
}
