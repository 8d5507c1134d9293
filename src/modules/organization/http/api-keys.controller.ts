import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Clock } from '../../../platform/clock/index.js';
import {
  applyMergePatch,
  BooleanField,
  EnumField,
  headOf,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ListQuery,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { ChangeClientTerms } from '../application/change-client-terms.js';
import { CreateApiKey } from '../application/create-api-key.js';
import { FindApiKeys } from '../application/find-api-keys.query.js';
import { RevokeApiKey } from '../application/revoke-api-key.js';
import { RotateApiKey } from '../application/rotate-api-key.js';
import type { ApiKey } from '../domain/api-key.js';
import { DEFAULT_OVERLAP_HOURS, MAX_OVERLAP_HOURS, stateOf } from '../domain/client-secret.js';
import {
  ApiKeyNameTaken,
  ApiKeyNotFound,
  ApiKeyRevoked,
  InvalidAddress,
  RotationUnderWay,
  UnknownRole,
} from '../domain/refusals.js';
import { apiKeys } from './resources.js';

const KEY_STATES = ['live', 'expired', 'revoked'];

class ClientSecretView {
  @EnumField({ values: KEY_STATES, enumName: 'KeyState' }) state!: string;
  @InstantField() createdAt!: Date;
  @InstantField({ optional: true, description: 'First moment in which it is no longer good' }) expiresAt?:
    Date | undefined;
}

class ApiKeyView {
  @IdField({ readOnly: true, description: 'Also the `X-Client-Id` of signed requests' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'ApiKey' }) '@type'!: string;
  @TextField({ example: 'BOSS South' }) name!: string;
  @TextField({ example: 'boss' }) role!: string;
  @TextField({ optional: true, example: 'BOSS' }) source?: string | undefined;
  @ListField(() => String, { example: ['USG', 'BIL'] }) kinds!: readonly string[];
  @ListField(() => String, { example: ['440000'] }) provinces!: readonly string[];
  @BooleanField({ description: 'The key alone is refused: every request is signed with it' }) mustSign!: boolean;
  @ListField(() => String, { example: ['10.1.0.0/16'], description: 'Where it comes from; none: from anywhere' })
  addresses!: readonly string[];
  @IntegerField({ optional: true, example: 6000 }) requestsPerMinute?: number | undefined;
  @ListField(() => ClientSecretView, { readOnly: true, description: 'Its keys, youngest first' })
  secrets!: readonly ClientSecretView[];
  @InstantField({ readOnly: true }) createdAt!: Date;
  @InstantField({ readOnly: true, optional: true }) revokedAt?: Date | undefined;
}

class IssuedApiKeyView extends ApiKeyView {
  @TextField({ description: 'Shown this once: send it as `X-API-Key`, or sign with it' }) key!: string;
}

const MUST_SIGN = { optional: true, example: false } as const;
const ADDRESSES = { optional: true, unique: true, max: 50, example: ['10.1.0.0/16', '192.0.2.7'] } as const;
const REQUESTS = { optional: true, min: 1, max: 1_000_000, example: 6000 } as const;

class CreateApiKeyBody {
  @TextField({ maxLength: 100, example: 'BOSS South' }) name!: string;
  @TextField({ maxLength: 64, example: 'boss' }) role!: string;
  @TextField({
    optional: true,
    pattern: /^[A-Z0-9]{2,12}$/,
    patternMeans: 'a source code of 2 to 12 capital letters and digits',
    example: 'BOSS2',
  })
  source?: string;
  @ListField(() => String, {
    optional: true,
    unique: true,
    values: ['SUB', 'USG', 'BIL', 'PAY', 'ARR'],
    description: 'None: all kinds',
  })
  kinds?: string[];
  @ListField(() => String, { optional: true, unique: true, max: 50, description: 'None: all provinces' })
  provinces?: string[];
  @BooleanField(MUST_SIGN) mustSign?: boolean;
  @ListField(() => String, ADDRESSES) addresses?: string[];
  @IntegerField(REQUESTS) requestsPerMinute?: number;
}

class PatchApiKeyBody {
  @BooleanField(MUST_SIGN) mustSign?: boolean;
  @ListField(() => String, ADDRESSES) addresses?: string[];
  @IntegerField({ ...REQUESTS, nullable: true }) requestsPerMinute?: number | null;
}

class RotationBody {
  @IntegerField({
    min: 0,
    max: MAX_OVERLAP_HOURS,
    default: DEFAULT_OVERLAP_HOURS,
    description: 'So long the present key stays good beside the new one; 0: it ends at once',
  })
  overlapHours!: number;
}

@ApiTags('Organization (组织机构)')
@Controller(apiKeys.path)
export class ApiKeysController {
  constructor(
    private readonly find: FindApiKeys,
    private readonly clock: Clock,
    private readonly createApiKey: CreateApiKey,
    private readonly changeTerms: ChangeClientTerms,
    private readonly rotateApiKey: RotateApiKey,
    private readonly revokeApiKey: RevokeApiKey,
  ) {}

  @Get()
  @Operation({
    summary: 'List API keys (接口密钥列表)',
    permission: 'organization.keys',
    wholeOperator: true,
    returns: ApiKeyView,
  })
  list(@ListQuery(apiKeys) list: ListRequest): Promise<Page<ApiKeyView>> {
    return this.find.page(list, (system) => this.viewOf(system));
  }

  @Post()
  @Operation({
    summary: 'Create an API key for a system (新增接口密钥)',
    description: 'The key itself is in this answer only.',
    permission: 'organization.keys',
    wholeOperator: true,
    creates: IssuedApiKeyView,
    idempotent: true,
    refusals: [UnknownRole, ApiKeyNameTaken, InvalidAddress],
  })
  async create(@Body() { kinds = [], provinces = [], source, ...wanted }: CreateApiKeyBody): Promise<IssuedApiKeyView> {
    const issued = await this.createApiKey.execute({ ...wanted, source, kinds, provinces });
    return { ...this.viewOf(issued), key: issued.key };
  }

  @Patch(':id')
  @Operation({
    summary: 'Change how a system must come (修改接口接入要求)',
    permission: 'organization.keys',
    wholeOperator: true,
    returns: ApiKeyView,
    refusals: [ApiKeyNotFound, InvalidAddress],
  })
  async patch(@Param('id', ResourceIdPipe) id: string, @Body() patch: PatchApiKeyBody): Promise<ApiKeyView> {
    return this.viewOf(await this.changeTerms.execute(id, (present) => applyMergePatch(present, patch, apiKeys)));
  }

  @Post(':id/rotation')
  @Operation({
    summary: 'Give a system a new key beside its present one (轮换接口密钥)',
    description:
      'Both are good for the overlap, so that the system changes over while it works. The key is in this answer only.',
    permission: 'organization.keys',
    wholeOperator: true,
    creates: IssuedApiKeyView,
    idempotent: true,
    refusals: [ApiKeyNotFound, ApiKeyRevoked, RotationUnderWay],
  })
  async rotate(
    @Param('id', ResourceIdPipe) id: string,
    @Body() { overlapHours }: RotationBody,
  ): Promise<IssuedApiKeyView> {
    const issued = await this.rotateApiKey.execute(id, overlapHours);
    return { ...this.viewOf(issued), key: issued.key };
  }

  @Delete(':id')
  @Operation({
    summary: 'Revoke an API key (吊销接口密钥)',
    description: 'All keys of the system, at once.',
    permission: 'organization.keys',
    wholeOperator: true,
    noContent: true,
    refusals: [ApiKeyNotFound],
  })
  revoke(@Param('id', ResourceIdPipe) id: string): Promise<void> {
    return this.revokeApiKey.execute(id);
  }

  private viewOf(system: ApiKey): ApiKeyView {
    const now = this.clock.now();
    const { revokedAt } = system;
    return {
      ...headOf(apiKeys, system.apiKeyId),
      name: system.name,
      role: system.role,
      source: system.source,
      kinds: system.kinds,
      provinces: system.provinces,
      mustSign: system.mustSign,
      addresses: system.addresses,
      requestsPerMinute: system.requestsPerMinute,
      secrets: system.secrets.map((secret) => ({
        state: stateOf({ ...secret, revokedAt: secret.revokedAt ?? revokedAt }, now),
        createdAt: secret.createdAt,
        expiresAt: secret.expiresAt,
      })),
      createdAt: system.createdAt,
      revokedAt,
    };
  }
}
