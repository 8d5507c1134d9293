import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, Operation } from '../../../platform/http/index.js';
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { ExplainMonth, type ExplainedMonth } from '../application/explain-month.query.js';
import { MonthFactQuery, MonthFactView } from './month-facts.dto.js';

const PATH = '/care-api/intake/v1/monthFact';

@ApiTags('Intake (数据接入)')
@Controller(PATH)
export class MonthFactsController {
  constructor(
    private readonly explain: ExplainMonth,
    private readonly customers: CustomersFacade,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'Why the figures of a month are what they are (月度汇总溯源)',
    description:
      'Every figure of one customer and month as it is kept, and added up again from the records that count; and which records those are.',
    permission: 'usage.read',
    concerns: { customer: 'query.customerId', unknown: CustomerNotFound },
    returns: MonthFactView,
    refusals: [CustomerNotFound],
  })
  async get(@Query() { customerId, month }: MonthFactQuery, @CurrentActor() actor: Actor): Promise<MonthFactView> {
    if (!(await this.customers.exists(customerId))) throw new CustomerNotFound();
    const explained = await this.explain.of(customerId, `${month}-01`);
    await this.register.record({
      actor,
      action: 'usage.explain',
      customerIds: [customerId],
      fieldGroups: ['usage', 'billing'],
    });
    return viewOf(explained, seesAmounts(actor));
  }
}

function viewOf({ customerId, month, figures, ...explained }: ExplainedMonth, showsAmounts: boolean): MonthFactView {
  const name = month.slice(0, 7);
  return {
    id: `${customerId}~${name}`,
    href: `${PATH}?customerId=${customerId}&month=${name}`,
    '@type': 'MonthFact',
    customerId,
    month,
    isExplained: explained.isExplained,
    figures: figures.map((figure) => ({
      name: figure.name,
      ...((showsAmounts || !figure.name.endsWith('_fen')) && { kept: figure.kept, recomputed: figure.recomputed }),
      isExplained: figure.kept === figure.recomputed,
    })),
    inputs: explained.kept,
    recomputedInputs: explained.recomputed,
    records: explained.records,
  };
}
