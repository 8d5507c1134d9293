import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, ListField, Operation, TextField } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { RequestWithoutReason } from '../../organization/index.js';
import { AskForFraudCase } from '../application/fraud-cases.js';
import { FraudCaseKnown } from '../domain/refusals-of-runs.js';

class FraudCaseBody {
  @TextField({
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/,
    patternMeans: 'a case number of letters, digits, dots and dashes',
    example: 'CASE-2026-17',
  })
  caseNumber!: string;
  @ListField(() => String, {
    min: 1,
    max: 1000,
    unique: true,
    example: ['019c2a00-0000-7000-8000-000000000001'],
    description: 'Ids of the customers of the case',
  })
  customerIds!: string[];
  @TextField({ maxLength: 300, example: 'Resold business lines, see the report of the audit' }) reason!: string;
}

class FraudCaseProposalView {
  @TextField({ example: 'FraudCaseProposal' }) '@type'!: string;
  @TextField({ description: 'The request that somebody else approves' }) approvalHref!: string;
}

@ApiTags('Reviews of levels (定级复核)')
@Controller('/care-api/tiering/v1/fraudCase')
export class FraudCasesController {
  constructor(private readonly asking: AskForFraudCase) {}

  @Post()
  @Operation({
    summary: 'Ask that levels are lowered because of fraud (申请欺诈降级)',
    description:
      'Within the level year, and only as far as the rules give less by the figures as they are now. The approval by somebody else starts ' +
      'the run of the case.',
    permission: 'tiering.run',
    wholeOperator: true,
    accepts: FraudCaseProposalView,
    idempotent: true,
    refusals: [CustomerNotFound, FraudCaseKnown, RequestWithoutReason],
  })
  async ask(
    @Body() { reason, caseNumber, customerIds }: FraudCaseBody,
    @CurrentActor() actor: Actor,
  ): Promise<FraudCaseProposalView> {
    const { approvalId } = await this.asking.execute({ caseNumber, customerIds }, reason, actor);
    return { '@type': 'FraudCaseProposal', approvalHref: `/care-api/organization/v1/approval/${approvalId}` };
  }
}
