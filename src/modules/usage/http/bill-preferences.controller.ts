import { Body, Controller, Get, Headers, Param, Patch, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import {
  CurrentActor,
  ErrorBody,
  headOf,
  Operation,
  ProtocolRefusal,
  ResourceIdPipe,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { BillPreferences } from '../application/bill-preferences.js';
import type { BillPreference } from '../domain/bill-preference.js';
import { PreferenceChanged } from '../domain/refusals-of-billing.js';
import { BillPreferenceView, PatchBillPreference } from './billing.dto.js';
import { BILLING } from './billing.resources.js';

const PATH = `${BILLING}/billPreference`;

@ApiTags('Billing (帐务: balance, payments, arrears)')
@Controller(PATH)
export class BillPreferencesController {
  constructor(
    private readonly preferences: BillPreferences,
    private readonly customers: CustomersFacade,
    private readonly register: AccessRegister,
  ) {}

  @Get(':customerId')
  @Operation({
    summary: 'How a customer wants the bill (个性化帐单偏好)',
    description: 'Who has said nothing gets what is usual. `ETag` is its version for `If-Match`.',
    permission: 'billing.read',
    selfService: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: BillPreferenceView,
    refusals: [CustomerNotFound],
  })
  async get(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BillPreferenceView> {
    if (!(await this.customers.exists(customerId))) throw new CustomerNotFound();
    await this.register.record({
      actor, action: 'billing.read-preference', customerIds: [customerId], fieldGroups: ['billing'],
    }); // prettier-ignore
    return answer(customerId, await this.preferences.of(customerId), reply);
  }

  @Patch(':customerId')
  @ApiResponse({ status: 412, description: `\`${PreferenceChanged.code}\``, type: ErrorBody })
  @ApiHeader({ name: 'If-Match', required: false, description: 'The `ETag` of the preference as it was read' })
  @Operation({
    summary: 'Change how a customer wants the bill (修改个性化帐单偏好)',
    description: 'JSON merge patch.',
    permission: 'billing.manage',
    selfService: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: BillPreferenceView,
    refusals: [CustomerNotFound],
  })
  async patch(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @Body() { layout, channel, language }: PatchBillPreference,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BillPreferenceView> {
    const after = await this.preferences
      .change(
        customerId,
        (before) => ({
          layout: layout ?? before.layout,
          channel: channel ?? before.channel,
          language: language ?? before.language,
        }),
        versionOf(ifMatch),
      )
      .catch((error: unknown) => {
        if (!(error instanceof PreferenceChanged)) throw error;
        throw new ProtocolRefusal(412, error.code, error.message, error.facts);
      });
    return answer(customerId, after, reply);
  }
}

function answer(customerId: string, preference: BillPreference, reply: FastifyReply): BillPreferenceView {
  const { layout, channel, language, version } = preference;
  reply.header('ETag', `"${version}"`);
  return { ...headOf({ type: 'BillPreference', path: PATH }, customerId), layout, channel, language };
}

/** A version that is none is that of nothing. */
function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const digits = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch)?.[1];
  return digits === undefined ? -1 : Number(digits);
}
