import { SetMetadata } from '@nestjs/common';
import { Refusal } from '../errors/index.js';

const SELF_SERVICE = Symbol('self-service');

/** Customers may call the route about themselves (网上营业厅). Every other route is closed to them, whatever their role permits. */
export const SelfService = (title: string): MethodDecorator => SetMetadata(SELF_SERVICE, title);

/** What a route that is open to customers is called; `undefined` for one that is closed to them. */
export const selfServiceTitleOf = (handler: object): string | undefined =>
  Reflect.getMetadata(SELF_SERVICE, handler) as string | undefined;

export class NotForCustomers extends Refusal {
  static readonly code = 'access.not-for-customers';
  static readonly kind = 'forbidden';
  constructor() {
    super(NotForCustomers.code, NotForCustomers.kind, 'Customers cannot do this themselves');
  }
}
