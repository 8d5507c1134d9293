import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import {
  BooleanField,
  CurrentActor,
  DateField,
  EnumField,
  headOf,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ListQuery,
  Operation,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../application/access-register.js';
import { COUNTED_UP_TO, FindAccesses } from '../application/find-accesses.query.js';
import { VerifyRegister } from '../application/verify-register.js';
import { BREAK_KINDS, CHAINS } from '../domain/register-chain.js';
import { ACCESS_RESULTS, accessEntries, ACTOR_KINDS } from './resources.js';

class AccessEntryView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'AccessEntry' }) '@type'!: string;
  @InstantField() occurredAt!: Date;
  @EnumField({ values: ACTOR_KINDS, description: 'unknown: nobody had signed in' }) actorKind!: string;
  @TextField() actorId!: string;
  @TextField({ example: 'hotline-agent' }) actorRole!: string;
  @IdField({ optional: true }) unitId?: string | undefined;
  @TextField({ optional: true }) sessionId?: string | undefined;
  @TextField({ optional: true, example: '10.1.2.3' }) clientAddress?: string | undefined;
  @TextField() requestId!: string;
  @TextField({ example: 'customers.read', description: 'Of what was refused: the operation' }) action!: string;
  @TextField({ optional: true, example: 'ticket' }) objectType?: string | undefined;
  @TextField({ optional: true }) objectId?: string | undefined;
  @ListField(() => String) customerIds!: readonly string[];
  @IntegerField({ description: 'Customers that were shown; of long lists not all ids are kept' })
  customerCount!: number;
  @ListField(() => String, { example: ['identity', 'contact'] }) fieldGroups!: readonly string[];
  @TextField({ example: 'service' }) purpose!: string;
  @TextField({ optional: true }) ticketRef?: string | undefined;
  @EnumField({ values: ACCESS_RESULTS }) result!: string;
  @TextField({ optional: true, example: 'access.permission-missing' }) refusal?: string | undefined;
  @IntegerField({ optional: true, description: 'With seq: the place among the chained lines' })
  chain?: number | undefined;
  @IntegerField({ optional: true }) seq?: number | undefined;
}

class DayQuery {
  @DateField({ optional: true, description: 'Business day; default today', example: '2026-02-01' })
  day?: string;
}

class RegisterHeadView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'RegisterHead' }) '@type'!: string;
  @DateField() day!: string;
  @IntegerField({ min: 0, max: CHAINS - 1 }) chain!: number;
  @IntegerField({ min: 1, description: 'Number of the last line of the day' }) seq!: number;
  @TextField({
    pattern: /^[0-9a-f]{64}$/,
    patternMeans: '64 hexadecimal digits',
    description: 'SHA-256 of that line and of all before it',
  })
  hash!: string;
  @IdField() entryId!: string;
  @InstantField() occurredAt!: Date;
}

class VerificationBody {
  @DateField({ optional: true, description: 'First business day', example: '2026-02-01' }) from?: string;
  @DateField({ optional: true, description: 'Last business day' }) to?: string;
  @IntegerField({ optional: true, min: 0, max: CHAINS - 1 }) chain?: number;
  @ListField(() => RegisterHeadView, { optional: true, max: 4000, description: 'As registerHead has answered them' })
  heads?: RegisterHeadView[];
}

class BreakView {
  @IntegerField() chain!: number;
  @IntegerField() seq!: number;
  @EnumField({ values: BREAK_KINDS }) kind!: string;
  @DateField({ optional: true, description: 'Of the line; of a missing one, when the one before was written' })
  day?: string | undefined;
  @IdField({ optional: true, description: 'Of a line that is there' }) entryId?: string | undefined;
}

class RegisterVerificationView {
  @TextField({ example: 'RegisterVerification' }) '@type'!: string;
  @BooleanField() ok!: boolean;
  @IntegerField({ example: CHAINS }) chains!: number;
  @IntegerField({ description: 'Lines that hang where they should' }) lines!: number;
  @IntegerField({ description: 'Lines of releases that had no chains' }) unchained!: number;
  @ListField(() => BreakView, { description: 'The first break of each chain that has one' }) broken!: BreakView[];
}

@ApiTags('Access register (客户信息查阅登记)')
@Controller('/care-api/organization/v1')
export class AccessRegisterController {
  constructor(
    private readonly find: FindAccesses,
    private readonly register: AccessRegister,
    private readonly verifying: VerifyRegister,
    private readonly clock: Clock,
  ) {}

  @Get('accessEntry')
  @Operation({
    summary: "Who looked at customers' data (查阅登记)",
    description: `By customer (\`customerId=\`), by actor, by time; refused looks, too. The register can only be added to. Counted up to ${COUNTED_UP_TO}.`,
    permission: 'organization.audit',
    returns: AccessEntryView,
  })
  async list(
    @ListQuery(accessEntries) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<AccessEntryView>> {
    const shown = new Set<string>();
    const page = await this.find.page(list, (access) => {
      for (const id of access.customerIds) shown.add(id);
      return {
        ...headOf(accessEntries, access.entryId),
        occurredAt: access.occurredAt,
        actorKind: access.actorKind,
        actorId: access.actorId,
        actorRole: access.actorRole,
        unitId: access.unitId ?? undefined,
        sessionId: access.sessionId ?? undefined,
        clientAddress: access.clientAddress ?? undefined,
        requestId: access.requestId,
        action: access.action,
        objectType: access.objectType ?? undefined,
        objectId: access.objectId ?? undefined,
        customerIds: access.customerIds,
        customerCount: access.customerCount,
        fieldGroups: access.fieldGroups,
        purpose: access.purpose,
        ticketRef: access.ticketRef ?? undefined,
        result: access.result,
        refusal: access.refusal ?? undefined,
        chain: access.chain ?? undefined,
        seq: access.seq ?? undefined,
      };
    });
    // Whoever watches is watched, too.
    await this.register.record({
      actor,
      action: 'organization.audit',
      customerIds: [...shown],
      fieldGroups: ['accesses'],
    });
    return page;
  }

  @Get('registerHead')
  @Operation({
    summary: 'Where the chains of the register stood at the end of a day (登记链头)',
    description:
      'Keep them outside of the system: with them even a register that was written anew as a whole is found out.',
    permission: 'organization.audit',
    returns: [RegisterHeadView],
  })
  async heads(@Query() { day = businessDate(this.clock.now()) }: DayQuery): Promise<RegisterHeadView[]> {
    const heads = await this.find.heads(beginOf(day), endOf(day));
    return heads.map(({ chain, seq, hash, entryId, occurredAt }) => ({
      id: `${day}-${chain}`,
      href: `${HEADS}?day=${day}`,
      '@type': 'RegisterHead',
      day,
      chain,
      seq,
      hash: hash.toString('hex'),
      entryId,
      occurredAt,
    }));
  }

  @Post('registerVerification')
  @HttpCode(200)
  @Operation({
    summary: 'Prove that nobody changed the register (登记防篡改校验)',
    description: 'Computes the hash of every line anew and says which line of a chain is the first that does not fit.',
    permission: 'organization.audit',
    limit: { perMinute: 10 },
    takesLong: true,
    returns: RegisterVerificationView,
  })
  async verify(@Body() { from, to, chain, heads }: VerificationBody): Promise<RegisterVerificationView> {
    const { broken, ...counts } = await this.verifying.execute({
      from: from === undefined ? undefined : beginOf(from),
      until: to === undefined ? undefined : endOf(to),
      chain,
      heads: heads?.map(({ chain, seq, hash }) => ({ chain, seq, hash: Buffer.from(hash, 'hex') })),
    });
    return {
      '@type': 'RegisterVerification',
      ...counts,
      broken: broken.map(({ occurredAt, ...found }) => ({
        ...found,
        day: occurredAt === undefined ? undefined : businessDate(new Date(occurredAt)),
      })),
    };
  }
}

const HEADS = '/care-api/organization/v1/registerHead';
const DAY_MS = 86_400_000;
const beginOf = (day: string): Date => new Date(`${day}T00:00:00+08:00`);
const endOf = (day: string): Date => new Date(beginOf(day).getTime() + DAY_MS);
