import { Injectable, SetMetadata } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Refusal } from '../errors/index.js';
import type { CustomerPlace } from '../identity/index.js';

/**
 * Whose data a route touches, and where the request names it: `{ customer: 'params.customerId', unknown: CustomerNotFound }`,
 * `{ ticket: 'params.id', unknown: TicketNotFound }`, `{ customer: 'body.relatedParty.id', … }` (of a list: each one). The access
 * guard finds the customer and refuses one out of the actor's scope exactly as if there were none.
 */
export interface Concerns {
  readonly unknown: new () => Refusal;
  readonly [kind: string]: `params.${string}` | `body.${string}` | (new () => Refusal);
}

const CONCERNS = Symbol('concerns');
const RESOLVES = Symbol('resolves-customer');

export const ConcernsCustomer = (concerns: Concerns): MethodDecorator => SetMetadata(CONCERNS, concerns);
export const concernsOf = (handler: object): Concerns | undefined =>
  Reflect.getMetadata(CONCERNS, handler) as Concerns | undefined;

/** Finds the customer that a resource of some kind belongs to, whoever asks; `undefined` when there is no such resource. */
export interface CustomerResolver {
  customerOf(id: string): Promise<string | undefined>;
}

/** On a provider that implements {@link CustomerResolver}: `@ResolvesCustomer('ticket')`. */
export const ResolvesCustomer =
  (kind: string): ClassDecorator =>
  (target) =>
    Reflect.defineMetadata(RESOLVES, kind, target);

/** Knows where each customer belongs, whoever asks. Platform asks, the customers module answers. */
export abstract class CustomerPlaces {
  abstract placesOf(customerIds: readonly string[]): Promise<readonly CustomerPlace[]>;
}

/** The resolvers of all modules, found once at start. */
@Injectable()
export class CustomerResolvers implements OnModuleInit {
  private readonly resolvers = new Map<string, CustomerResolver>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const { metatype, instance } of this.discovery.getProviders()) {
      if (!metatype || typeof metatype !== 'function') continue;
      const kind = Reflect.getMetadata(RESOLVES, metatype) as string | undefined;
      if (kind !== undefined) this.resolvers.set(kind, instance as CustomerResolver);
    }
  }

  /** The customers that a request names. What names nobody is left to the route itself, which refuses it by its own rules. */
  async customersOf(concerns: Concerns, request: FastifyRequest): Promise<readonly string[]> {
    const found: string[] = [];
    for (const [kind, place] of Object.entries(concerns)) {
      if (typeof place !== 'string') continue;
      const [from = '', ...path] = place.split('.');
      const ids = valuesAt(from === 'params' ? request.params : request.body, path);
      if (kind === 'customer') found.push(...ids);
      else found.push(...(await this.resolve(kind, ids)));
    }
    return found;
  }

  private async resolve(kind: string, ids: readonly string[]): Promise<readonly string[]> {
    const resolver = this.resolvers.get(kind);
    if (!resolver) throw new Error(`Nobody resolves the customer of a ${kind}`);
    const customers = await Promise.all(ids.map((id) => resolver.customerOf(id)));
    return customers.filter((id) => id !== undefined);
  }
}

/** The texts at a dotted path; through lists, those of every element. */
function valuesAt(value: unknown, path: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesAt(each, path));
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return valuesAt((value as Readonly<Record<string, unknown>>)[name], rest);
}
