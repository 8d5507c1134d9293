import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  defineResource,
  EnumField,
  headOf,
  IdField,
  ListQuery,
  Operation,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { RequestErasure } from '../application/request-erasure.js';
import { FindRetentionClasses } from '../application/retention-classes.query.js';
import { CustomerIsErased, CustomerIsServed, CustomerNotFound } from '../domain/refusals.js';

const AREA = '/care-api/privacy/v1';
const ACTIONS = ['ERASE_IDENTITY', 'DELETE', 'REPORT', 'KEEP'] as const;

const retentionClasses = defineResource({
  type: 'RetentionClass',
  path: `${AREA}/retentionClass`,
  attributes: {
    id: { type: 'text', column: 'k.code', filter: true, sort: true },
    action: { type: 'enum', column: 'k.action', values: ACTIONS, filter: true },
  },
  defaultSort: 'id',
});

class RetentionClassView {
  @TextField({ readOnly: true, example: 'customers.identity' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'RetentionClass' }) '@type'!: string;
  @TextField({ example: 'Name, document, birthday, numbers' }) what!: string;
  @TextField({ example: 'the end of the last service' }) keptFrom!: string;
  @TextField({ example: 'P2Y', description: 'How long, as ISO 8601 duration' }) term!: string;
  @EnumField({ values: ACTIONS, enumName: 'RetentionAction', description: 'What the run privacy.retention then does' })
  action!: string;
  @TextField({ example: 'MIIT Order 25 art. 11' }) basis!: string;
}

class ErasureBody {
  @IdField({ description: 'The id of a customer, from their list' }) customerId!: string;
  @TextField({ maxLength: 300, example: 'Letter of the customer of 2026-02-01' }) reason!: string;
}

class RequestedErasureView {
  @TextField({ example: 'ErasureRequest' }) '@type'!: string;
  @TextField({ description: 'The request that somebody else approves' }) approvalHref!: string;
}

@ApiTags('Privacy (个人信息保护)')
@Controller(AREA)
export class RetentionController {
  constructor(
    private readonly find: FindRetentionClasses,
    private readonly requestErasure: RequestErasure,
  ) {}

  @Get('retentionClass')
  @Operation({
    summary: 'What is kept for how long, and on which basis (保存期限)',
    description: 'Ended daily by the run `privacy.retention`; with the parameter `dryRun` it only counts.',
    permission: 'privacy.read',
    returns: RetentionClassView,
  })
  classes(@ListQuery(retentionClasses) list: ListRequest): Promise<Page<RetentionClassView>> {
    return this.find.page(list, ({ code, ...row }) => ({ ...headOf(retentionClasses, code), ...row }));
  }

  @Post('erasure')
  @Operation({
    summary: 'Ask that a customer who has left be erased (删除个人信息)',
    description:
      'Somebody else approves it. Whose identity the law still wants kept (two years after leaving) is taken out of sight then, and erased when the term is over.',
    permission: 'privacy.request',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    accepts: RequestedErasureView,
    refusals: [CustomerNotFound, CustomerIsServed, CustomerIsErased],
  })
  async erase(
    @Body() { customerId, reason }: ErasureBody,
    @CurrentActor() actor: Actor,
  ): Promise<RequestedErasureView> {
    const { approvalId } = await this.requestErasure.execute(customerId, reason, actor);
    return { '@type': 'ErasureRequest', approvalHref: `/care-api/organization/v1/approval/${approvalId}` };
  }
}
