import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  BooleanField,
  CurrentActor,
  DateField,
  EnumField,
  IdField,
  InstantField,
  ListField,
  Operation,
  ResourceIdPipe,
  TextField,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { FindRealName } from '../application/real-name.query.js';
import { VerifyRealName, type RealNameVerification } from '../application/verify-real-name.js';
import {
  CustomerIsErased,
  CustomerNotFound,
  DocumentNumberRefused,
  DocumentTooNewOrOld,
  UnknownDocumentKind,
} from '../domain/refusals.js';

const PATH = '/care-api/customers/v1';
const CHANNELS = ['HALL', 'HOTLINE', 'APP', 'VISIT'] as const;

class RealNameVerificationBody {
  @IdField() customerId!: string;
  @TextField({ maxLength: 40, example: 'ID_CARD', description: 'Out of documentKind' }) documentKind!: string;
  @TextField({ maxLength: 60, example: '11010519491231002X' }) documentNumber!: string;
  @TextField({ optional: true, maxLength: 200, example: '张小明', description: 'As it stands on the document' })
  name?: string;
  @EnumField({ values: CHANNELS, enumName: 'RealNameChannel', default: 'HALL' }) channel!: string;
}

class RealNameVerificationView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'RealNameVerification' }) '@type'!: string;
  @IdField() customerId!: string;
  @EnumField({ values: ['VERIFIED', 'FAILED'] }) outcome!: string;
  @ListField(() => String, { description: 'In what the document contradicts what is known', example: [] })
  reasons!: string[];
  @TextField({ example: 'ID_CARD' }) documentKind!: string;
  @EnumField({ values: CHANNELS, enumName: 'RealNameChannel' }) channel!: string;
  @InstantField() verifiedAt!: Date;
  @IdField() verifiedBy!: string;
}

class RealNameView {
  @IdField({ readOnly: true, description: 'Of the customer' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'RealName' }) '@type'!: string;
  @EnumField({ values: ['PENDING', 'VERIFIED', 'FAILED'], enumName: 'RealNameStatus' }) status!: string;
  @ListField(() => RealNameVerificationView, { description: 'The last first' })
  verification!: RealNameVerificationView[];
}

class DocumentKindView {
  @TextField({ readOnly: true, example: 'ID_CARD' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'DocumentKind' }) '@type'!: string;
  @TextField({ example: 'Resident identity card' }) nameEn!: string;
  @TextField({ example: '居民身份证' }) nameZh!: string;
  @TextField({ description: 'What its number looks like' }) numberMeans!: string;
  @BooleanField({ description: 'Its number has a check digit (GB 11643-1999)' }) isResidentNumber!: boolean;
  @DateField({ optional: true }) acceptedFrom?: string | undefined;
  @DateField({ optional: true }) acceptedUntil?: string | undefined;
  @TextField({ description: 'Which rule says so' }) source!: string;
}

@ApiTags('Real-name registration (实名登记)')
@Controller(PATH)
export class RealNameController {
  constructor(
    private readonly find: FindRealName,
    private readonly verifying: VerifyRealName,
    private readonly register: AccessRegister,
  ) {}

  @Get('documentKind')
  @Operation({
    summary: 'Documents that real-name registration takes (有效证件种类)',
    permission: 'customers.read',
    returns: [DocumentKindView],
  })
  async kinds(): Promise<DocumentKindView[]> {
    return (await this.find.kinds()).map((kind) => ({
      id: kind.code,
      href: `${PATH}/documentKind`,
      '@type': 'DocumentKind',
      nameEn: kind.nameEn,
      nameZh: kind.nameZh,
      numberMeans: kind.patternMeans,
      isResidentNumber: kind.isResidentNumber,
      acceptedFrom: kind.acceptedFrom,
      acceptedUntil: kind.acceptedUntil,
      source: kind.ruleSource,
    }));
  }

  @Post('realNameVerification')
  @Operation({
    summary: 'Register a customer with a real name by a document (实名登记)',
    description:
      'The number is checked and compared with what is known. A document that contradicts it is answered FAILED, and not kept. Without ' +
      'VERIFIED a customer neither earns nor redeems points.',
    permission: 'customers.identity',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    creates: RealNameVerificationView,
    idempotent: true,
    refusals: [CustomerNotFound, CustomerIsErased, UnknownDocumentKind, DocumentTooNewOrOld, DocumentNumberRefused],
  })
  async verify(
    @Body() body: RealNameVerificationBody,
    @CurrentActor() actor: Actor,
  ): Promise<RealNameVerificationView> {
    return verificationView(await this.verifying.execute({ ...body, actor }));
  }

  @Get('realName/:customerId')
  @Operation({
    summary: 'Whether a customer is registered with a real name (实名状态)',
    permission: 'customers.read',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: RealNameView,
    refusals: [CustomerNotFound],
  })
  async realName(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<RealNameView> {
    const { status, verifications } = await this.find.of(customerId);
    const seen = { actor, action: 'customers.realName', customerIds: [customerId], fieldGroups: ['subscription'] };
    await this.register.record(seen);
    const href = hrefOf(customerId);
    return { id: customerId, href, '@type': 'RealName', status, verification: verifications.map(verificationView) };
  }
}

const hrefOf = (customerId: string): string => `${PATH}/realName/${customerId}`;

const verificationView = (found: RealNameVerification): RealNameVerificationView => ({
  id: found.verificationId,
  href: hrefOf(found.customerId),
  '@type': 'RealNameVerification',
  customerId: found.customerId,
  outcome: found.outcome,
  reasons: [...found.reasons],
  documentKind: found.documentKind,
  channel: found.channel,
  verifiedAt: found.verifiedAt,
  verifiedBy: found.actorId,
});
