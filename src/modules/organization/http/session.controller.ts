import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { IntegerField, Operation, SIGN_IN_PATH, TextField } from '../../../platform/http/index.js';
import { InvalidCredentials } from '../../../platform/identity/index.js';
import { OpenSession } from '../application/open-session.js';
import { LoginMissing } from '../domain/refusals.js';

class SignIn {
  @TextField({ optional: true, maxLength: 128, example: 'admin' })
  login?: string;
  @TextField({ maxLength: 256, example: 'the password that was printed at the first start' })
  password!: string;
  @TextField({ optional: true, maxLength: 128, description: 'The same as login; the name that OAuth 2 forms use' })
  username?: string;
  // Sent by OAuth 2 forms; nothing follows from them.
  @TextField({ optional: true, minLength: 0, description: 'Ignored' })
  grant_type?: string;
  @TextField({ optional: true, minLength: 0, description: 'Ignored' })
  scope?: string;
  @TextField({ optional: true, minLength: 0, description: 'Ignored' })
  client_id?: string;
  @TextField({ optional: true, minLength: 0, description: 'Ignored' })
  client_secret?: string;
}

class SessionView {
  @TextField({ description: 'Send it as "Authorization: Bearer …"' })
  accessToken!: string;
  @TextField({ description: 'The same, under the name that OAuth 2 gives it' })
  access_token!: string;
  @TextField({ example: 'Bearer' })
  tokenType!: string;
  @TextField({ example: 'Bearer' })
  token_type!: string;
  @IntegerField({ description: 'Seconds', example: 43200 })
  expiresIn!: number;
  @IntegerField({ description: 'Seconds', example: 43200 })
  expires_in!: number;
}

@ApiTags('Sign-in (登录)')
@Controller(SIGN_IN_PATH)
export class SessionController {
  constructor(private readonly openSession: OpenSession) {}

  @Post()
  @HttpCode(200)
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiBody({ type: SignIn })
  @Operation({
    summary: 'Sign in (登录)',
    description:
      'A wrong password, an unknown login and a locked one are answered alike. Ten wrong passwords lock a login for 15 minutes.',
    permission: 'public',
    returns: SessionView,
    refusals: [InvalidCredentials, LoginMissing],
  })
  async open(@Body() body: SignIn): Promise<SessionView> {
    const login = body.login ?? body.username;
    if (login === undefined) throw new LoginMissing();
    const { token, expiresInSeconds } = await this.openSession.execute(login, body.password);
    return {
      accessToken: token,
      access_token: token,
      tokenType: 'Bearer',
      token_type: 'Bearer',
      expiresIn: expiresInSeconds,
      expires_in: expiresInSeconds,
    };
  }
}
