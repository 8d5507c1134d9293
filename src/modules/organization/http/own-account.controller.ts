import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, ListField, Operation, ResourceIdPipe, TextField } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { ChangeOwnPassword } from '../application/change-own-password.js';
import { ChangeTotp } from '../application/change-totp.js';
import {
  NoSecondFactor,
  OneTimeCodeRefused,
  OwnSecondFactor,
  PasswordRefused,
  SecondFactorExists,
  StaffNotFound,
  WrongPassword,
} from '../domain/refusals.js';
import { SessionView, viewOf } from './session.controller.js';

class ChangePasswordBody {
  @TextField({ maxLength: 256, example: 'the password until now' }) oldPassword!: string;
  @TextField({ maxLength: 256, example: 'a long phrase that nobody guesses' }) newPassword!: string;
}

class EnrolTotpBody {
  @TextField({ maxLength: 256, example: 'the password' }) password!: string;
}

class TotpView {
  @TextField({ description: 'Shown this once, as a QR code: what authenticators read', example: 'otpauth://totp/…' })
  otpauthUri!: string;
  @TextField({ description: 'The same secret, to type (base32)', example: 'JBSWY3DPEHPK3PXP' })
  secret!: string;
}

class ConfirmTotpBody {
  @TextField({ pattern: /^\d{6}$/, patternMeans: 'the six digits that the authenticator shows', example: '492039' })
  code!: string;
}

class RecoveryCodesView {
  @ListField(() => String, { description: 'Shown this once; each lets in once without the authenticator' })
  recoveryCodes!: readonly string[];
}

class RemoveTotpBody {
  @TextField({ maxLength: 300, example: 'Lost the telephone; identity checked in person' }) reason!: string;
}

@ApiTags('Sign-in (登录)')
@Controller('/care-api/organization/v1')
export class OwnAccountController {
  constructor(
    private readonly changeOwnPassword: ChangeOwnPassword,
    private readonly changeTotp: ChangeTotp,
  ) {}

  @Put('me/password')
  @Operation({
    summary: 'Change the own password (修改密码)',
    description: 'All sessions end; the answer opens a new one.',
    permission: 'session.own',
    returns: SessionView,
    refusals: [WrongPassword, PasswordRefused],
  })
  async password(
    @CurrentActor() actor: Actor,
    @Body() { oldPassword, newPassword }: ChangePasswordBody,
  ): Promise<SessionView> {
    return viewOf(await this.changeOwnPassword.execute(actor, oldPassword, newPassword));
  }

  @Post('me/totp')
  @HttpCode(200)
  @Operation({
    summary: 'Enrol an authenticator (绑定动态口令)',
    description: 'It is asked for from its confirmation on; until then this may be repeated.',
    permission: 'session.own',
    returns: TotpView,
    refusals: [WrongPassword, SecondFactorExists],
  })
  async enrol(@CurrentActor() actor: Actor, @Body() { password }: EnrolTotpBody): Promise<TotpView> {
    const { secret, uri } = await this.changeTotp.enrol(actor, password);
    return { otpauthUri: uri, secret };
  }

  @Post('me/totp/confirm')
  @HttpCode(200)
  @Operation({
    summary: 'Confirm the authenticator by its first code (确认动态口令)',
    description: 'All other sessions end.',
    permission: 'session.own',
    limit: { perMinute: 10 },
    returns: RecoveryCodesView,
    refusals: [NoSecondFactor, OneTimeCodeRefused, SecondFactorExists],
  })
  async confirm(@CurrentActor() actor: Actor, @Body() { code }: ConfirmTotpBody): Promise<RecoveryCodesView> {
    return { recoveryCodes: await this.changeTotp.confirm(actor, code) };
  }

  @Post('staff/:id/removeTotp')
  @HttpCode(204)
  @Operation({
    summary: "Remove somebody else's lost authenticator (解绑动态口令)",
    description: 'All sessions of that person end. Nobody can do it to himself.',
    permission: 'organization.manage',
    concerns: { staff: 'params.id', unknown: StaffNotFound },
    noContent: true,
    refusals: [OwnSecondFactor, StaffNotFound, NoSecondFactor],
  })
  remove(
    @CurrentActor() actor: Actor,
    @Param('id', ResourceIdPipe) id: string,
    @Body() { reason }: RemoveTotpBody,
  ): Promise<void> {
    return this.changeTotp.remove(actor, id, reason);
  }
}
