import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, EnumField, IdField, InstantField, Operation, TextField } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { MessageNotSent, NoMessageGateway } from '../../../platform/messages/index.js';
import { AccessRegister } from '../../organization/index.js';
import { SendVerificationCode } from '../application/send-verification-code.js';
import { VerifyCaller } from '../application/verify-caller.js';
import { VERIFICATION_METHODS, type VerificationMethod } from '../domain/caller-verification.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { NoNumber, TooManyCodes, TooManyWrongAnswers, WrongAnswer } from '../domain/self-service-refusals.js';
import { codeView, OneTimeCodeView } from './one-time-code.controller.js';

class VerificationCodeBody {
  @IdField({ description: 'The customer whom the caller says to be' }) customerId!: string;
}

class CallerVerificationBody {
  @IdField({ description: 'The customer whom the caller says to be' }) customerId!: string;
  @EnumField({
    values: VERIFICATION_METHODS,
    description: 'A code sent to the customer’s number, or the last four characters of the ID number',
  })
  method!: VerificationMethod;
  @TextField({ maxLength: 64, example: '482913', description: 'What the caller says' }) answer!: string;
}

class CallerVerificationView {
  @IdField({ description: 'For customerDisclosure' }) verificationId!: string;
  @TextField({ example: 'CallerVerification' }) '@type'!: string;
  @IdField() customerId!: string;
  @EnumField({ values: VERIFICATION_METHODS }) method!: VerificationMethod;
  @InstantField({ description: 'For you and this customer only' }) validUntil!: Date;
}

@ApiTags('Verified callers (身份核验)')
@Controller('/care-api/customers/v1')
export class CallerVerificationController {
  constructor(
    private readonly sendingCode: SendVerificationCode,
    private readonly verifying: VerifyCaller,
    private readonly register: AccessRegister,
  ) {}

  @Post('callerVerificationCode')
  @Operation({
    summary: 'Send a one-time code to the customer on the line (向来电客户发送验证码)',
    description: 'To the number on file, which is not shown. Answered when the gateway has taken it.',
    permission: 'customers.read',
    limit: { perMinute: 20 },
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    accepts: OneTimeCodeView,
    refusals: [CustomerNotFound, NoNumber, TooManyCodes, MessageNotSent, NoMessageGateway],
  })
  async sendCode(@Body() { customerId }: VerificationCodeBody): Promise<OneTimeCodeView> {
    return codeView(await this.sendingCode.execute(customerId));
  }

  @Post('callerVerification')
  @HttpCode(200)
  @Operation({
    summary: 'Verify that the caller is the customer (确认用户信息)',
    description:
      'A right answer holds for 15 minutes, for this customer and whoever asked. Three wrong ones within an hour end the asking; ' +
      'each is written to the access register.',
    permission: 'customers.read',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    returns: CallerVerificationView,
    refusals: [CustomerNotFound, WrongAnswer, TooManyWrongAnswers],
  })
  async verify(
    @Body() { customerId, method, answer }: CallerVerificationBody,
    @CurrentActor() actor: Actor,
  ): Promise<CallerVerificationView> {
    const { verificationId, validUntil } = await this.verifying.execute({ customerId, method, answer }, actor);
    await this.register.record({ actor, action: 'customers.verify', customerIds: [customerId], fieldGroups: [] });
    return { verificationId, '@type': 'CallerVerification', customerId, method, validUntil };
  }
}
