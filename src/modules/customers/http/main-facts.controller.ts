import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import {
  CurrentActor,
  EnumField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  Operation,
  ResourceIdPipe,
  TextField,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { FindMainFacts, type FactCount } from '../application/main-facts.query.js';
import type { OpenCustomer } from '../application/read-customers.query.js';
import {
  FACT_SOURCES,
  MAIN_FACTS,
  PERSONAL_GROUPS,
  type Collected,
  type MainFact,
  type PersonalGroup,
} from '../domain/main-facts.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { maskedFacts } from './customer.view.js';

const PATH = '/care-api/customers/v1/mainFacts';
const SOURCES = [...FACT_SOURCES, 'BOSS'];
const FACTS = Object.keys(MAIN_FACTS) as MainFact[];

class MainFactView {
  @EnumField({ values: FACTS, enumName: 'MainFact' }) fact!: MainFact;
  @EnumField({ values: PERSONAL_GROUPS, enumName: 'PersonalGroup' }) group!: PersonalGroup;
  @TextField({ optional: true, description: 'Masked; absent when it is not known', example: '张*' }) value?:
    string | undefined;
  @EnumField({ optional: true, values: SOURCES, description: 'How it came' }) source?: string | undefined;
  @TextField({ optional: true, description: 'Who brought it', example: 'BOSS' }) collectedBy?: string | undefined;
  @InstantField({ optional: true }) collectedAt?: Date | undefined;
}

class MainFactsView {
  @IdField({ readOnly: true, description: 'Of the customer' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'MainFacts' }) '@type'!: string;
  @ListField(() => MainFactView) fact!: MainFactView[];
}

class FactCountView {
  @EnumField({ values: FACTS, enumName: 'MainFact' }) fact!: string;
  @EnumField({ values: FACT_SOURCES }) source!: string;
  @IntegerField({ example: 12 }) customers!: number;
}

@ApiTags('Main facts of customers (客户主要信息)')
@Controller(PATH)
export class MainFactsController {
  constructor(
    private readonly find: FindMainFacts,
    private readonly register: AccessRegister,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Operation({
    summary: 'How many facts came by which way (信息采集统计)',
    description: 'Without what billing says.',
    permission: 'customers.read',
    returns: [FactCountView],
  })
  async counts(): Promise<FactCountView[]> {
    const counts: readonly FactCount[] = await this.find.counts();
    return counts.map(({ fact, source, customers }) => ({ fact, source, customers }));
  }

  @Get(':customerId')
  @Operation({
    summary: 'The nine main facts of a customer and where each came from (个人客户主要信息)',
    description: 'Masked; customerDisclosure shows them in plain. Age is reckoned, never stored.',
    permission: 'customers.read',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: MainFactsView,
    refusals: [CustomerNotFound],
  })
  async facts(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<MainFactsView> {
    const { customer, sources } = await this.find.of(customerId);
    await this.register.record({
      actor,
      action: 'customers.mainFacts',
      customerIds: [customerId],
      fieldGroups: [...PERSONAL_GROUPS],
    });
    const masked = maskedFacts(customer, businessDate(this.clock.now()));
    const fact = FACTS.map((each) => {
      const origin = masked[each] === undefined ? undefined : originOf(each, customer, sources);
      return { fact: each, group: MAIN_FACTS[each], value: masked[each], ...origin };
    });
    return { id: customerId, href: `${PATH}/${customerId}`, '@type': 'MainFacts', fact };
  }
}

/** Billing's facts come before those that we were told; the age comes with the birthday. */
function originOf(
  fact: MainFact,
  { identity, msisdn, accountNo, identityUpdatedAt }: OpenCustomer,
  sources: ReadonlyMap<string, Collected>,
): Pick<MainFactView, 'source' | 'collectedBy' | 'collectedAt'> | undefined {
  const isBirth = fact === 'age' || fact === 'birthDate';
  const isBillings =
    accountNo !== undefined &&
    ((fact === 'name' && identity.name !== undefined) ||
      (fact === 'phone' && msisdn !== undefined) ||
      (isBirth && identity.birthDate !== undefined));
  if (isBillings) return { source: 'BOSS', collectedBy: 'BOSS', collectedAt: identityUpdatedAt };
  const told = sources.get(isBirth ? 'birthDate' : fact);
  return told && { source: told.source, collectedBy: told.by, collectedAt: told.at };
}
