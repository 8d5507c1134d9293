import { Param } from '@nestjs/common';
import { ResourceIdPipe } from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import type { AccessRegister } from '../../../organization/index.js';
import { KeyPersonNeeded } from '../../domain/groups/refusals-of-groups.js';
import {
  AccountClosed,
  AccountFrozen,
  BelowThreshold,
  InsufficientPoints,
  RealNameNeeded,
} from '../../domain/ledger/refusals.js';

/** The customer of the address. */
export const CustomerId = (): ParameterDecorator => Param('customerId', ResourceIdPipe);

/** What a route concerns whose address names a customer. */
export const OF_CUSTOMER = { customer: 'params.customerId', unknown: CustomerNotFound } as const;

/** Why points may not be used, whatever for. */
export const SPENDING_REFUSALS = [
  ...[CustomerNotFound, InsufficientPoints, BelowThreshold, AccountFrozen, AccountClosed, RealNameNeeded],
  KeyPersonNeeded,
] as const;

/** What is registered of a look at somebody's points. */
export const lookAt = (
  actor: Actor,
  action: string,
  ...customerIds: readonly string[]
): Parameters<AccessRegister['record']>[0] => ({ actor, action, customerIds, fieldGroups: ['points'] });
