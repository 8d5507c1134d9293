import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { EnumField, IdField, IntegerField, Operation, TextField } from '../../../platform/http/index.js';
import { MessageNotSent, NoMessageGateway } from '../../../platform/messages/index.js';
import { InvalidMsisdn } from '../../../platform/privacy/index.js';
import { RequestOneTimeCode } from '../application/request-one-time-code.js';
import { CODE_VALID_SECONDS, SELF_SERVICE_PURPOSES } from '../domain/one-time-code.js';
import { TooManyCodes } from '../domain/self-service-refusals.js';

class OneTimeCodeBody {
  @TextField({ maxLength: 20, example: '13800138000', description: 'With or without +86' }) msisdn!: string;
  @EnumField({
    values: SELF_SERVICE_PURPOSES,
    description: 'To sign in, or to confirm something sensitive while signed in',
  })
  purpose!: (typeof SELF_SERVICE_PURPOSES)[number];
}

export class OneTimeCodeView {
  @IdField({ readOnly: true, description: 'To find the request again in the audit' }) codeRequestId!: string;
  @TextField({ example: 'OneTimeCode' }) '@type'!: string;
  @IntegerField({ example: CODE_VALID_SECONDS }) validForSeconds!: number;
}

export const codeView = (codeRequestId: string): OneTimeCodeView => ({
  codeRequestId,
  '@type': 'OneTimeCode',
  validForSeconds: CODE_VALID_SECONDS,
});

@ApiTags('Online hall (网上营业厅)')
@Controller('/care-api/customers/v1/oneTimeCode')
export class OneTimeCodeController {
  constructor(private readonly requesting: RequestOneTimeCode) {}

  @Post()
  @Operation({
    summary: 'Send a one-time code to a number (发送动态验证码)',
    description:
      'The same answer after the same time, whether or not the number is a customer’s. Six digits, valid for 5 minutes, for one ' +
      'use and at most 5 tries; a new one ends the one before. Without a gateway they are in `one-time-codes.log` of the data directory.',
    permission: 'public',
    limit: { perMinute: 20 }, // Each of them may cost a message.
    accepts: OneTimeCodeView,
    refusals: [InvalidMsisdn, TooManyCodes, MessageNotSent, NoMessageGateway],
  })
  async send(@Body() { msisdn, purpose }: OneTimeCodeBody): Promise<OneTimeCodeView> {
    return codeView(await this.requesting.forAnybody(msisdn, purpose));
  }
}
