import { Body, Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, IntegerField, Operation, TextField } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { InvalidMsisdn } from '../../../platform/privacy/index.js';
import { CloseCustomerSessions } from '../application/close-customer-sessions.js';
import { OpenCustomerSession } from '../application/open-customer-session.js';
import { SESSION_SECONDS } from '../domain/customer-session.js';
import { ONE_TIME_CODE } from '../domain/one-time-code.js';
import { InvalidCode, NotACustomer } from '../domain/self-service-refusals.js';

class CustomerSignInBody {
  @TextField({ maxLength: 20, example: '13800138000', description: 'With or without +86' }) msisdn!: string;
  @TextField({ pattern: ONE_TIME_CODE, patternMeans: 'a code of 6 digits', example: '482913' }) code!: string;
}

class CustomerSessionView {
  @TextField({ description: 'Send it as "Authorization: Bearer …"' }) accessToken!: string;
  @TextField({ example: 'Bearer' }) tokenType!: string;
  @IntegerField({ description: 'Seconds', example: SESSION_SECONDS }) expiresIn!: number;
}

@ApiTags('Online hall (网上营业厅)')
@Controller('/care-api/customers/v1/customerSession')
export class CustomerSessionController {
  constructor(
    private readonly opening: OpenCustomerSession,
    private readonly closing: CloseCustomerSessions,
  ) {}

  @Post()
  @HttpCode(200)
  @Operation({
    summary: 'Sign in as a customer (客户登录)',
    description:
      'With a code of purpose SIGN_IN. Ends after 30 minutes, and at once when the number is somebody else’s, has ended or is ' +
      'suspended both ways. `GET /care-api/customers/v1/me` says what can be done.',
    permission: 'public',
    limit: { perMinute: 60 },
    returns: CustomerSessionView,
    refusals: [InvalidMsisdn, InvalidCode],
  })
  async open(@Body() { msisdn, code }: CustomerSignInBody): Promise<CustomerSessionView> {
    const accessToken = await this.opening.execute(msisdn, code);
    return { accessToken, tokenType: 'Bearer', expiresIn: SESSION_SECONDS };
  }

  @Delete('current')
  @Operation({
    summary: 'Sign out (退出登录)',
    permission: 'customers.read',
    selfService: true,
    noContent: true,
    refusals: [NotACustomer],
  })
  close(@CurrentActor() actor: Actor): Promise<void> {
    return this.closing.execute(customerOnly(actor), false);
  }

  @Delete()
  @Operation({
    summary: 'Sign out on every device (退出所有设备)',
    permission: 'customers.read',
    selfService: true,
    noContent: true,
    refusals: [NotACustomer],
  })
  closeAll(@CurrentActor() actor: Actor): Promise<void> {
    return this.closing.execute(customerOnly(actor), true);
  }
}

/** @throws NotACustomer */
export function customerOnly(actor: Actor): Actor {
  if (actor.kind !== 'customer') throw new NotACustomer();
  return actor;
}
