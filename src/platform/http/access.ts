import { createParamDecorator, Injectable, Optional, SetMetadata } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../errors/index.js';
import {
  ActorDirectory,
  claimsToBeCustomers,
  covers,
  CustomerDirectory,
  CustomerTokens,
  hashOfApiKey,
  InvalidCredentials,
  isAllowed,
  OpenIdTokens,
  Tokens,
} from '../identity/index.js';
import type { Actor, KnownActor } from '../identity/index.js';
import { RequestSignatures } from './request-signatures.js';
import { Throttle } from './throttle.js';
import { NotForCustomers, selfServiceTitleOf } from './self-service.js';
import { concernsOf, CustomerPlaces, isForWholeOperator, Resolvers } from './concerns.js';

const ACCESS = Symbol('access');

/** What a route declared: a permission, or that everybody may call it. */
export type Access = { readonly permission: string } | 'public';

/** Only actors that hold this `area.verb` may call the route. {@link Operation} says it for you. */
export const Permission = (permission: `${string}.${string}`): MethodDecorator & ClassDecorator =>
  SetMetadata<symbol, Access>(ACCESS, { permission });

/** Everybody may call the route; credentials, good or bad, are not looked at. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata<symbol, Access>(ACCESS, 'public');

export const accessOf = (handler: object, controller: object): Access | undefined =>
  (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller)) as Access | undefined;

interface RequestWithActor extends FastifyRequest {
  actor?: Actor;
  /** Why it was refused: what it names is out of scope. Empty when that is no customer but a part of the organization. */
  outOfScope?: readonly string[];
}

/** The actor of a request, once the guard has let it in; `undefined` on public routes. */
export const actorOf = (request: FastifyRequest): Actor | undefined => (request as RequestWithActor).actor;

/** The customers out of scope for whom the request was refused; `undefined` when scope was not the reason. */
export const outOfScopeOf = (request: FastifyRequest): readonly string[] | undefined =>
  (request as RequestWithActor).outOfScope;

/** `@CurrentActor() actor: Actor`: who asks. Not on public routes. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const actor = actorOf(context.switchToHttp().getRequest<FastifyRequest>());
  if (!actor) throw new Error('A public route has no actor');
  return actor;
});

export class NotSignedIn extends Refusal {
  static readonly code = 'access.not-signed-in';
  static readonly kind = 'unauthenticated';
  constructor() {
    super(NotSignedIn.code, NotSignedIn.kind, 'Send "Authorization: Bearer <token>" or "X-API-Key: <key>"');
  }
}

export class PermissionMissing extends Refusal {
  static readonly code = 'access.permission-missing';
  static readonly kind = 'forbidden';
  constructor(permission: string) {
    super(PermissionMissing.code, PermissionMissing.kind, `This needs the permission ${permission}`, { permission });
  }
}

export class SecondFactorNeeded extends Refusal {
  static readonly code = 'access.second-factor-needed';
  static readonly kind = 'forbidden';
  constructor() {
    const message = 'These permissions need one-time codes: enrol an authenticator first (POST …/me/totp)';
    super(SecondFactorNeeded.code, SecondFactorNeeded.kind, message);
  }
}

/** Keys, rules and runs are everybody's; whoever works for a part of the operator does not change them. */
export class WholeOperatorOnly extends Refusal {
  static readonly code = 'access.whole-operator-only';
  static readonly kind = 'forbidden';
  constructor() {
    super(
      WholeOperatorOnly.code,
      WholeOperatorOnly.kind,
      'This concerns the whole operator, and your scope is a part of it',
    );
  }
}

/**
 * Lets a request in when its actor holds the permission that the route declares, and the customers that it names are in the
 * actor's scope. This is the one place where that is decided for single customers; lists are cut in `readPage`, and behind both
 * the database hides what is out of scope.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: Tokens,
    private readonly directory: ActorDirectory,
    private readonly customerTokens: CustomerTokens,
    private readonly openIdTokens: OpenIdTokens,
    private readonly signatures: RequestSignatures,
    private readonly throttle: Throttle,
    private readonly resolvers: Resolvers,
    @Optional() private readonly places?: CustomerPlaces,
    @Optional() private readonly customers?: CustomerDirectory,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') {
      await this.throttle.admit(context);
      return true;
    }
    const request = context.switchToHttp().getRequest<RequestWithActor>();
    const known = await this.identify(request).catch(async (error: unknown) => {
      if (error instanceof Refusal) await this.throttle.admitStranger(context);
      throw error;
    });
    const actor: Actor = { ...known, requestId: request.id, clientAddress: request.ip };
    request.actor = actor;
    await this.throttle.admit(context, actor);
    // Boot refuses undeclared routes; should one exist all the same, it is closed.
    if (!access) throw new PermissionMissing('(none declared)');
    if (!isAllowed(known, access.permission))
      throw known.lacksSecondFactor ? new SecondFactorNeeded() : new PermissionMissing(access.permission);
    if (known.kind === 'customer' && selfServiceTitleOf(context.getHandler()) === undefined)
      throw new NotForCustomers();
    await this.requireScope(context.getHandler(), request, actor);
    return true;
  }

  private async requireScope(handler: object, request: RequestWithActor, actor: Actor): Promise<void> {
    const concerns = concernsOf(handler);
    const { scope } = actor;
    if (!scope.everybody && isForWholeOperator(handler)) throw new WholeOperatorOnly();
    const seesRestricted = isAllowed(actor, 'privacy.read');
    if (!concerns || (scope.everybody && seesRestricted)) return;
    const { customerIds, unitPaths } = await this.resolvers.namedBy(concerns, request);
    const places = (await this.places?.placesOf(customerIds)) ?? [];
    const outside = places
      .filter((place) => !covers(scope, place) || (place.isRestricted === true && !seesRestricted))
      .map(({ customerId }) => customerId);
    const isElsewhere =
      !scope.everybody && unitPaths.some((path) => scope.unitPath === undefined || !path.startsWith(scope.unitPath));
    if (outside.length === 0 && !isElsewhere) return;
    request.outOfScope = outside;
    throw new concerns.unknown();
  }

  private async identify(request: FastifyRequest): Promise<KnownActor> {
    const signer = await this.signatures.verify(request);
    if (signer) return signer;
    const { authorization, 'x-api-key': apiKey } = request.headers;
    const bearer = authorization && /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    let actor: KnownActor | undefined;
    if (bearer && claimsToBeCustomers(bearer)) {
      const { customerId, sessionId } = await this.customerTokens.verify(bearer);
      actor = await this.customers?.actorOfCustomer(customerId, sessionId);
    } else if (bearer && this.openIdTokens.claims(bearer)) {
      actor = await this.directory.actorOfExternal(await this.openIdTokens.verify(bearer));
    } else if (bearer) {
      const { staffId, tokenVersion, sessionId } = await this.tokens.verify(bearer);
      actor = await this.directory.actorOfStaff(staffId, tokenVersion, sessionId);
    } else if (typeof apiKey === 'string' && apiKey.length > 0) {
      actor = await this.directory.actorOfApiKey(hashOfApiKey(apiKey), request.ip);
    } else {
      throw authorization ? new InvalidCredentials('Authorization must be "Bearer <token>"') : new NotSignedIn();
    }
    if (!actor) throw new InvalidCredentials();
    return actor;
  }
}
