import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  BooleanField,
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
import { FindConsents, type PurposeStanding } from '../application/consents.query.js';
import { RecordConsent } from '../application/record-consent.js';
import {
  CONSENT_CHANNELS,
  CONSENT_ENTRIES,
  type ConsentEntry,
  type Purpose,
  type ConsentRecord,
} from '../domain/consent.js';
import {
  ConsentTextOutdated,
  CustomerIsErased,
  CustomerNotFound,
  SaidInTheFuture,
  UnknownPurpose,
} from '../domain/refusals.js';

const CONSENT = '/care-api/customers/v1/consent';
const PURPOSE = '/care-api/privacy/v1/processingPurpose';

class ProcessingPurposeView {
  @TextField({ readOnly: true, example: 'profile.personal' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'ProcessingPurpose' }) '@type'!: string;
  @TextField({ example: 'Family and work' }) nameEn!: string;
  @TextField({ example: '婚姻与工作状况' }) nameZh!: string;
  @TextField({ example: 'PIPL 13 (1): consent' }) legalBasis!: string;
  @BooleanField({ description: 'Only with the consent of the customer' }) needsConsent!: boolean;
  @ListField(() => String, { description: 'Groups of fields that are used', example: ['personal'] })
  fieldGroups!: string[];
  @TextField({ example: 'until the consent ends' }) retention!: string;
  @TextField({ example: 'Account managers' }) owner!: string;
  @IntegerField({ description: 'Of the text that customers are shown now', example: 1 }) textVersion!: number;
  @TextField() textEn!: string;
  @TextField() textZh!: string;
}

class ConsentBody {
  @IdField({ description: 'The customer who said it' }) customerId!: string;
  @TextField({ maxLength: 64, example: 'profile.personal', description: 'Out of processingPurpose' }) purpose!: string;
  @EnumField({ values: CONSENT_ENTRIES, enumName: 'ConsentEntry', example: 'GIVEN' }) entry!: ConsentEntry;
  @IntegerField({
    max: 1_000_000,
    optional: true,
    min: 1,
    example: 1,
    description: 'Of the text that was shown; default: the present one',
  })
  textVersion?: number;
  @EnumField({ values: CONSENT_CHANNELS, enumName: 'ConsentChannel', example: 'HALL' }) channel!: string;
  @InstantField({ optional: true, description: 'Default: now' }) saidAt?: Date;
  @TextField({
    optional: true,
    maxLength: 500,
    example: 'form 2026-000123',
    description: 'Where the proof lies; kept sealed',
  })
  proof?: string;
}

class ConsentView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true, example: CONSENT }) href!: string;
  @TextField({ example: 'Consent' }) '@type'!: string;
  @IdField() customerId!: string;
  @TextField({ example: 'profile.personal' }) purpose!: string;
  @EnumField({ values: CONSENT_ENTRIES, enumName: 'ConsentEntry' }) entry!: ConsentEntry;
  @IntegerField({ example: 1 }) textVersion!: number;
  @EnumField({ values: CONSENT_CHANNELS, enumName: 'ConsentChannel' }) channel!: string;
  @InstantField() saidAt!: Date;
  @InstantField() recordedAt!: Date;
  @TextField({ example: 'staff' }) recordedByKind!: string;
  @IdField() recordedBy!: string;
  @BooleanField() hasProof!: boolean;
}

class ConsentStandingView {
  @TextField({ example: 'profile.personal' }) purpose!: string;
  @EnumField({ values: ['NEVER_ASKED', 'GIVEN', 'REFUSED', 'WITHDRAWN', 'OUTDATED'] }) state!: string;
  @BooleanField({ description: 'What the purpose covers may be done now' }) isEffective!: boolean;
  @BooleanField({ description: 'Whether the customer may be asked (again); after a no, not for a while' })
  mayAsk!: boolean;
  @InstantField({ optional: true }) mayAskFrom?: Date | undefined;
  @IntegerField({ description: 'The text to show', example: 1 }) textVersion!: number;
  @TextField({ description: 'What to show' }) textZh!: string;
  @TextField() textEn!: string;
  @InstantField({ optional: true, description: 'Of the last word' }) saidAt?: Date | undefined;
}

class ConsentOverviewView {
  @IdField({ readOnly: true, description: 'Of the customer' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'ConsentOverview' }) '@type'!: string;
  @ListField(() => ConsentStandingView) standing!: ConsentStandingView[];
}

@ApiTags('Consent and purposes (个人信息处理规则与同意)')
@Controller()
export class ConsentController {
  constructor(
    private readonly find: FindConsents,
    private readonly recording: RecordConsent,
    private readonly register: AccessRegister,
  ) {}

  @Get(PURPOSE)
  @Operation({
    summary: 'What personal data is used for, and on which basis (个人信息处理规则)',
    permission: 'public',
    returns: [ProcessingPurposeView],
  })
  async purposes(): Promise<ProcessingPurposeView[]> {
    return (await this.find.purposes()).map(purposeView);
  }

  @Post(CONSENT)
  @Operation({
    summary: 'Write down what a customer says about a purpose (登记同意、拒绝、撤回)',
    description:
      'Withdrawing takes the same one call as giving, by the staff or by the customer. It holds at once; what was kept with the consent is ' +
      'erased within five minutes. A yes to what holds already changes nothing.',
    permission: 'customers.consent',
    selfService: true,
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    creates: ConsentView,
    idempotent: true,
    refusals: [CustomerNotFound, CustomerIsErased, UnknownPurpose, ConsentTextOutdated, SaidInTheFuture],
  })
  async record(@Body() body: ConsentBody, @CurrentActor() actor: Actor): Promise<ConsentView> {
    return consentView(await this.recording.execute({ ...body, actor }));
  }

  @Get(`${CONSENT}/:customerId`)
  @Operation({
    summary: 'Where a customer stands with each purpose (同意状态)',
    description: 'Also whether the customer may be asked now: after a no, nobody asks again for a while.',
    permission: 'customers.consent',
    selfService: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: ConsentOverviewView,
    refusals: [CustomerNotFound],
  })
  async standings(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<ConsentOverviewView> {
    const standings = await this.find.standings(customerId);
    const seen = { actor, action: 'customers.consent', customerIds: [customerId], fieldGroups: ['consent'] };
    await this.register.record(seen);
    const href = `${CONSENT}/${customerId}`;
    return { id: customerId, href, '@type': 'ConsentOverview', standing: standings.map(standingView) };
  }
}

const purposeView = (purpose: Purpose): ProcessingPurposeView => ({
  id: purpose.code,
  href: PURPOSE,
  '@type': 'ProcessingPurpose',
  nameEn: purpose.nameEn,
  nameZh: purpose.nameZh,
  legalBasis: purpose.legalBasis,
  needsConsent: purpose.needsConsent,
  fieldGroups: [...purpose.fieldGroups],
  retention: purpose.retentionClass,
  owner: purpose.owner,
  textVersion: purpose.textVersion,
  textEn: purpose.textEn,
  textZh: purpose.textZh,
});

const consentView = (said: ConsentRecord): ConsentView => ({
  id: said.consentId,
  href: `${CONSENT}/${said.customerId}`,
  '@type': 'Consent',
  customerId: said.customerId,
  purpose: said.purpose,
  entry: said.entry,
  textVersion: said.textVersion,
  channel: said.channel,
  saidAt: said.saidAt,
  recordedAt: said.recordedAt,
  recordedByKind: said.recordedByKind,
  recordedBy: said.recordedBy,
  hasProof: said.hasProof,
});

const standingView = ({
  purpose,
  last,
  state,
  isEffective,
  mayAsk,
  mayAskFrom,
}: PurposeStanding): ConsentStandingView => ({
  purpose: purpose.code,
  state,
  isEffective,
  mayAsk,
  mayAskFrom,
  textVersion: purpose.textVersion,
  textZh: purpose.textZh,
  textEn: purpose.textEn,
  saidAt: last?.saidAt,
});
