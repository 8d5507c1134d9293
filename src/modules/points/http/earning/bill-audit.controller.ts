import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor, headOf, IdField, IntegerField, ListField, MonthField, Operation, ResourceNotFound, TextField,
} from '../../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../../platform/identity/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { AuditBills } from '../../application/earning/bill-audit.query.js';

const billAudits = { type: 'BillAudit', path: '/care-api/points/v1/billAudit' } as const;

class BillDifferenceView {
  @IdField() customerId!: string;
  @TextField({ example: 'BOSS' }) source!: string;
  @TextField({ example: 'B202501-440000000007' }) billNo!: string;
  @IntegerField() shouldHaveEarned!: number;
  @IntegerField() earned!: number;
}

class BillAuditView {
  @MonthField({ readOnly: true, example: '2026-01' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'BillAudit' }) '@type'!: string;
  @IntegerField({ description: 'Current bills of the month' }) bills!: number;
  @IntegerField({ description: 'By the bills themselves, of those that were judged' }) shouldHaveEarned!: number;
  @IntegerField({ description: 'By the entries of the ledger' }) earned!: number;
  @IntegerField({ description: 'Without an entry: not judged yet, or of somebody who earns nothing' })
  unjudged!: number;
  @IntegerField() differing!: number;
  @ListField(() => BillDifferenceView, { description: 'The hundred that differ most' })
  differences!: readonly BillDifferenceView[];
}

// Points redeemed against what merchants settled (§4.3.18) belongs to the module of the merchants, which comes after this one.
@ApiTags('Points (积分)')
@Controller(billAudits.path)
export class BillAuditController {
  constructor(
    private readonly audit: AuditBills,
    private readonly register: AccessRegister,
  ) {}

  @Get(':month')
  @Operation({
    summary: 'Bills of a month against the points ledger (账单与积分核对)',
    permission: 'points.prove',
    wholeOperator: true,
    takesLong: true,
    returns: BillAuditView,
    refusals: [ResourceNotFound],
  })
  async ofMonth(@Param('month') month: string, @CurrentActor() actor: Actor): Promise<BillAuditView> {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new ResourceNotFound('billAudit');
    const summary = await this.audit.summary(`${month}-01`);
    const differences = await this.audit.differences(`${month}-01`);
    const customerIds = [...new Set(differences.map(({ customerId }) => customerId))];
    await this.register.record({ actor, action: 'points.audit-bills', customerIds, fieldGroups: ['points'] });
    return { ...headOf(billAudits, month), ...summary, differences };
  }
}
