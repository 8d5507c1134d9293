import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/index.js';
import {
  headOf,
  IdField,
  InstantField,
  ListField,
  ListQuery,
  Operation,
  readPage,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import { CreateApiKey } from '../application/create-api-key.js';
import { RevokeApiKey } from '../application/revoke-api-key.js';
import type { ApiKey } from '../domain/api-key.js';
import { ApiKeyNameTaken, ApiKeyNotFound, UnknownRole } from '../domain/refusals.js';
import { apiKeys } from './resources.js';

class ApiKeyView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'ApiKey' }) '@type'!: string;
  @TextField({ example: 'BOSS South' }) name!: string;
  @TextField({ example: 'boss' }) role!: string;
  @TextField({ optional: true, example: 'BOSS' }) source?: string | undefined;
  @ListField(() => String, { example: ['USG', 'BIL'] }) kinds!: readonly string[];
  @ListField(() => String, { example: ['440000'] }) provinces!: readonly string[];
  @InstantField({ readOnly: true }) createdAt!: Date;
  @InstantField({ readOnly: true, optional: true }) revokedAt?: Date | undefined;
}

class IssuedApiKeyView extends ApiKeyView {
  @TextField({ description: 'Shown this once; send it as X-API-Key' }) key!: string;
}

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
    values: ['SUB', 'USG', 'BIL', 'PAY'],
    description: 'None: all kinds',
  })
  kinds?: string[];
  @ListField(() => String, { optional: true, unique: true, max: 50, description: 'None: all provinces' })
  provinces?: string[];
}

const COLUMNS = `k.api_key_id AS "apiKeyId", k.name, k.role, k.source, k.kinds, k.provinces, k.created_at AS "createdAt", k.revoked_at AS "revokedAt"`;

@ApiTags('Organization (组织机构)')
@Controller(apiKeys.path)
export class ApiKeysController {
  constructor(
    private readonly database: Database,
    private readonly createApiKey: CreateApiKey,
    private readonly revokeApiKey: RevokeApiKey,
  ) {}

  @Get()
  @Operation({ summary: 'List API keys (接口密钥列表)', permission: 'organization.manage', returns: ApiKeyView })
  list(@ListQuery(apiKeys) list: ListRequest): Promise<Page<ApiKeyView>> {
    return readPage<ApiKey, ApiKeyView>(
      this.database,
      list,
      { select: COLUMNS, from: 'organization.api_key k' },
      viewOf,
    );
  }

  @Post()
  @Operation({
    summary: 'Create an API key for a system (新增接口密钥)',
    description: 'The key itself is in this answer only.',
    permission: 'organization.manage',
    creates: IssuedApiKeyView,
    refusals: [UnknownRole, ApiKeyNameTaken],
  })
  async create(
    @Body() { name, role, source, kinds = [], provinces = [] }: CreateApiKeyBody,
  ): Promise<IssuedApiKeyView> {
    const issued = await this.createApiKey.execute({ name, role, source, kinds, provinces });
    return { ...viewOf(issued), key: issued.key };
  }

  @Delete(':id')
  @Operation({
    summary: 'Revoke an API key (吊销接口密钥)',
    permission: 'organization.manage',
    noContent: true,
    refusals: [ApiKeyNotFound],
  })
  revoke(@Param('id', ResourceIdPipe) id: string): Promise<void> {
    return this.revokeApiKey.execute(id);
  }
}

const viewOf = (key: ApiKey): ApiKeyView => ({
  ...headOf(apiKeys, key.apiKeyId),
  name: key.name,
  role: key.role,
  source: key.source ?? undefined,
  kinds: key.kinds,
  provinces: key.provinces,
  createdAt: key.createdAt,
  revokedAt: key.revokedAt ?? undefined,
});
