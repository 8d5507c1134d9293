import { Injectable, SetMetadata } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Refusal } from '../errors/index.js';
import type { CustomerPlace } from '../identity/index.js';

/**
 * Whose data a route touches, and where the request names it: `{ customer: 'params.customerId', unknown: CustomerNotFound }`,
 * `{ ticket: 'params.id', unknown: TicketNotFound }`, `{ customer: 'body.relatedParty.id', … }` (of a list: each one), or which part
 * of the organization: `{ staff: 'params.id', … }`. The access guard refuses what is out of the actor's scope exactly as if it did
 * not exist.
 */
export interface Concerns {
  readonly unknown: new () => Refusal;
  readonly [kind: string]: `params.${string}` | `query.${string}` | `body.${string}` | (new () => Refusal);
}

const CONCERNS = Symbol('concerns');
const WHOLE_OPERATOR = Symbol('whole-operator');
const RESOLVES_CUSTOMER = Symbol('resolves-customer');
const RESOLVES_UNIT = Symbol('resolves-unit');

export const ConcernsCustomer = (concerns: Concerns): MethodDecorator => SetMetadata(CONCERNS, concerns);
export const concernsOf = (handler: object): Concerns | undefined =>
  Reflect.getMetadata(CONCERNS, handler) as Concerns | undefined;

/** What it does reaches beyond every province: only actors whose scope is everybody may. */
export const WholeOperator = (): MethodDecorator => SetMetadata(WHOLE_OPERATOR, true);
export const isForWholeOperator = (handler: object): boolean => Reflect.getMetadata(WHOLE_OPERATOR, handler) === true;

/** Finds the customer that a resource of some kind belongs to, whoever asks; `undefined` when there is no such resource. */
export interface CustomerResolver {
  customerOf(id: string): Promise<string | undefined>;
}

/** On a provider that implements {@link CustomerResolver}: `@ResolvesCustomer('ticket')`. */
export const ResolvesCustomer =
  (kind: string): ClassDecorator =>
  (target) =>
    Reflect.defineMetadata(RESOLVES_CUSTOMER, kind, target);

/** Finds the part of the organization that a resource of some kind belongs to, as a path of unit ids. */
export interface UnitResolver {
  unitPathOf(id: string): Promise<string | undefined>;
}

/** On a provider that implements {@link UnitResolver}: `@ResolvesUnit('staff')`. */
export const ResolvesUnit =
  (kind: string): ClassDecorator =>
  (target) =>
    Reflect.defineMetadata(RESOLVES_UNIT, kind, target);

/** Knows where each customer belongs, whoever asks. Platform asks, the customers module answers. */
export abstract class CustomerPlaces {
  abstract placesOf(customerIds: readonly string[]): Promise<readonly CustomerPlace[]>;
}

/** Whom a request names. What names nobody is left to the route itself, which refuses it by its own rules. */
export interface Named {
  readonly customerIds: readonly string[];
  readonly unitPaths: readonly string[];
}

/** The resolvers of all modules, found once at start. */
@Injectable()
export class Resolvers implements OnModuleInit {
  private readonly customers = new Map<string, CustomerResolver>();
  private readonly units = new Map<string, UnitResolver>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const { metatype, instance } of this.discovery.getProviders()) {
      if (typeof metatype !== 'function') continue;
      const [customer, unit] = [RESOLVES_CUSTOMER, RESOLVES_UNIT].map(
        (key) => Reflect.getMetadata(key, metatype) as string | undefined,
      );
      if (customer !== undefined) this.customers.set(customer, instance as CustomerResolver);
      if (unit !== undefined) this.units.set(unit, instance as UnitResolver);
    }
  }

  async namedBy(concerns: Concerns, request: FastifyRequest): Promise<Named> {
    const customerIds: (string | undefined)[] = [];
    const unitPaths: (string | undefined)[] = [];
    for (const [kind, place] of Object.entries(concerns)) {
      if (typeof place !== 'string') continue;
      const [from, ...path] = place.split('.');
      const ids = valuesAt(from === 'params' || from === 'query' ? request[from] : request.body, path);
      const customer = this.customers.get(kind);
      const unit = this.units.get(kind);
      if (kind === 'customer') customerIds.push(...ids);
      else if (customer) for (const id of ids) customerIds.push(await customer.customerOf(id));
      else if (unit) for (const id of ids) unitPaths.push(await unit.unitPathOf(id));
      else throw new Error(`Nobody resolves whose a ${kind} is`);
    }
    return { customerIds: customerIds.filter(isText), unitPaths: unitPaths.filter(isText) };
  }
}

const isText = (value: string | undefined): value is string => value !== undefined;

/** The texts at a dotted path; through lists, those of every element. */
function valuesAt(value: unknown, path: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesAt(each, path));
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === 'string' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return valuesAt((value as Readonly<Record<string, unknown>>)[name], rest);
}
