import { Controller, Get } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  headOf,
  IdField,
  ListField,
  ObjectField,
  Operation,
  routesIn,
  TextField,
} from '../../../platform/http/index.js';
import { isAllowed, type Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { DiscloseCustomer } from '../application/disclose-customer.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { NotACustomer } from '../domain/self-service-refusals.js';
import { customerOnly } from './customer-session.controller.js';
import { customers } from './customer.resource.js';
import { disclosureView, DisclosureView, entryOf } from './disclosure.view.js';

const PATH = '/care-api/customers/v1/me';

class CustomerRefView {
  @IdField() id!: string;
  @TextField() href!: string;
  @TextField({ example: 'Customer' }) '@type'!: string;
}

class SelfServiceLinkView {
  @TextField({ example: 'Balance of a customer (积分查询)' }) title!: string;
  @TextField({ example: 'GET' }) method!: string;
  @TextField({ description: 'With the own id filled in', example: '/care-api/points/v1/account/…' }) href!: string;
}

class SelfServiceView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true, example: PATH }) href!: string;
  @TextField({ example: 'SelfService' }) '@type'!: string;
  @ObjectField(() => CustomerRefView) customer!: CustomerRefView;
  @ListField(() => SelfServiceLinkView, { description: 'What can be done' }) link!: SelfServiceLinkView[];
}

@ApiTags('Online hall (网上营业厅)')
@Controller(PATH)
export class MeController {
  constructor(
    private readonly disclosing: DiscloseCustomer,
    private readonly register: AccessRegister,
    private readonly modules: ModulesContainer,
  ) {}

  @Get()
  @Operation({
    summary: 'What a customer can do here (自助服务目录)',
    description: 'Every route that is open to customers and permitted to this one.',
    permission: 'customers.read',
    selfService: true,
    returns: SelfServiceView,
    refusals: [NotACustomer],
  })
  me(@CurrentActor() actor: Actor): SelfServiceView {
    const { id } = customerOnly(actor);
    return {
      id,
      href: PATH,
      '@type': 'SelfService',
      customer: headOf(customers, id),
      link: routesIn(this.modules).flatMap(({ selfService: title, method, path, access }) =>
        title !== undefined && access !== undefined && access !== 'public' && isAllowed(actor, access.permission)
          ? [{ title, method, href: ownPath(path, id) }]
          : [],
      ),
    };
  }

  // The right to see one's own data (PIPL 45). Screens show it masked: a signed-in phone may lie on a table.
  @Get('personalData')
  @Operation({
    summary: 'One’s own personal data in plain (查阅本人资料)',
    description: 'Written to the access register before the answer.',
    permission: 'customers.read',
    selfService: true,
    freshCode: true,
    returns: DisclosureView,
    refusals: [CustomerNotFound, NotACustomer],
  })
  async personalData(@CurrentActor() actor: Actor): Promise<DisclosureView> {
    const disclosure = await this.disclosing.toCustomer(customerOnly(actor).id);
    await this.register.record(entryOf(disclosure, actor));
    return disclosureView(disclosure);
  }
}

/** The own id stands where a route names a customer; ids of other things are left to be filled in. */
const ownPath = (path: string, id: string): string =>
  path
    .replace(':customerId', id)
    .replace(`${customers.path}/:id`, `${customers.path}/${id}`)
    .replace(/:(\w+)/g, '{$1}');
