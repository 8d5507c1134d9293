import { Body, Controller, Delete, Get, HttpCode, Ip, Post, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import {
  BooleanField,
  CurrentActor,
  IdField,
  InstantField,
  IntegerField,
  Operation,
  SIGN_IN_PATH,
  TextField,
} from '../../../platform/http/index.js';
import { InvalidCredentials, type Actor } from '../../../platform/identity/index.js';
import { EndSessions } from '../application/end-sessions.js';
import { FindSessions, type OwnSession } from '../application/find-sessions.query.js';
import { OpenSession } from '../application/open-session.js';
import { RefreshSession } from '../application/refresh-session.js';
import type { SessionTokens } from '../application/issue-session-tokens.js';
import { LoginMissing, OneTimeCodeNeeded, RefreshTokenReused } from '../domain/refusals.js';

class SignIn {
  @TextField({ optional: true, maxLength: 128, example: 'admin' })
  login?: string;
  @TextField({ maxLength: 256, example: 'the password that was printed at the first start' })
  password!: string;
  @TextField({
    optional: true,
    maxLength: 64,
    description: 'Of the authenticator, or a recovery code; for people who have one',
    example: '492039',
  })
  oneTimeCode?: string;
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

class RefreshBody {
  @TextField({ maxLength: 128, example: 'gbr_…' }) refreshToken!: string;
}

export class SessionView {
  @TextField({ description: 'Send it as "Authorization: Bearer …"' })
  accessToken!: string;
  @TextField({ description: 'The same, under the name that OAuth 2 gives it' })
  access_token!: string;
  @TextField({ example: 'Bearer' })
  tokenType!: string;
  @TextField({ example: 'Bearer' })
  token_type!: string;
  @IntegerField({ description: 'Seconds', example: 3600 })
  expiresIn!: number;
  @IntegerField({ description: 'Seconds', example: 3600 })
  expires_in!: number;
  @TextField({ description: 'Good for one refresh, which answers the next one' })
  refreshToken!: string;
  @TextField({ description: 'The same, under the name that OAuth 2 gives it' })
  refresh_token!: string;
  @IntegerField({ description: 'Seconds', example: 7200 })
  refreshExpiresIn!: number;
}

class OwnSessionView {
  @IdField({ readOnly: true }) id!: string;
  @BooleanField({ description: 'The one that asks' }) isThisOne!: boolean;
  @InstantField() openedAt!: Date;
  @InstantField({ description: 'Signed in or refreshed' }) lastUsedAt!: Date;
  @InstantField({ description: 'When it ends at the latest' }) expiresAt!: Date;
  @TextField({ example: '203.0.113.7' }) clientAddress!: string;
  @BooleanField({ description: 'Opened with a one-time code besides the password' }) secondFactor!: boolean;
}

@ApiTags('Sign-in (登录)')
@Controller(SIGN_IN_PATH)
export class SessionController {
  constructor(
    private readonly openSession: OpenSession,
    private readonly refreshSession: RefreshSession,
    private readonly endSessions: EndSessions,
    private readonly findSessions: FindSessions,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiBody({ type: SignIn })
  @Operation({
    summary: 'Sign in (登录)',
    description:
      'A wrong password, an unknown login and a locked one are answered alike. Ten wrong passwords or codes lock a login for 15 minutes. A session lives for twelve hours; it ends earlier when it is not refreshed within an hour after its access token.',
    permission: 'public',
    limit: { perMinute: 30 }, // Of one address; behind a proxy it needs GUIBIN_TRUST_PROXY.
    returns: SessionView,
    refusals: [InvalidCredentials, OneTimeCodeNeeded, LoginMissing],
  })
  async open(
    @Body() { login, username, password, oneTimeCode }: SignIn,
    @Ip() clientAddress: string,
    @Req() { id: requestId }: { readonly id: string },
  ): Promise<SessionView> {
    const name = login ?? username;
    if (name === undefined) throw new LoginMissing();
    return viewOf(await this.openSession.execute({ login: name, password, oneTimeCode }, { clientAddress, requestId }));
  }

  @Post('refresh')
  @HttpCode(200)
  @Operation({
    summary: 'Continue a session (续期)',
    description: 'A refresh token that is presented a second time ends its session: somebody else may have it.',
    permission: 'public',
    returns: SessionView,
    refusals: [InvalidCredentials, RefreshTokenReused],
  })
  async refresh(@Body() { refreshToken }: RefreshBody): Promise<SessionView> {
    return viewOf(await this.refreshSession.execute(refreshToken));
  }

  @Get()
  @Operation({
    summary: 'Where one is signed in (当前登录)',
    permission: 'session.own',
    returns: [OwnSessionView],
  })
  async list(@CurrentActor() { id, sessionId }: Actor): Promise<OwnSessionView[]> {
    const sessions = await this.findSessions.liveOf(id);
    return sessions.map((session) => ownViewOf(session, sessionId));
  }

  @Delete()
  @Operation({ summary: 'Sign out here (退出登录)', permission: 'session.own', noContent: true })
  signOut(@CurrentActor() actor: Actor): Promise<void> {
    return this.endSessions.signOut(actor);
  }

  @Post('signOutEverywhere')
  @HttpCode(204)
  @Operation({ summary: 'Sign out everywhere (全部退出)', permission: 'session.own', noContent: true })
  signOutEverywhere(@CurrentActor() actor: Actor): Promise<void> {
    return this.endSessions.signOutEverywhere(actor);
  }
}

export const viewOf = (session: SessionTokens): SessionView => ({
  accessToken: session.token,
  access_token: session.token,
  tokenType: 'Bearer',
  token_type: 'Bearer',
  expiresIn: session.expiresInSeconds,
  expires_in: session.expiresInSeconds,
  refreshToken: session.refreshToken,
  refresh_token: session.refreshToken,
  refreshExpiresIn: session.refreshExpiresInSeconds,
});

const ownViewOf = (session: OwnSession, present: string | undefined): OwnSessionView => ({
  id: session.sessionId,
  isThisOne: session.sessionId === present,
  openedAt: session.createdAt,
  lastUsedAt: session.lastUsedAt,
  expiresAt: session.expiresAt,
  clientAddress: session.clientAddress,
  secondFactor: session.secondFactor,
});
