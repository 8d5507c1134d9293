import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Readable } from 'node:stream';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { Refusal } from '../../../src/platform/errors/index.js';
import * as http from '../../../src/platform/http/index.js';
import {
  BooleanField,
  CurrentActor,
  EnumField,
  FileBody,
  IdField,
  InstantField,
  IntegerField,
  KeepsUnknownAttributes,
  ListField,
  ListQuery,
  MonthField,
  ObjectField,
  Operation,
  ResourceIdPipe,
  ResourceNotFound,
  TextField,
} from '../../../src/platform/http/index.js';
import type { ListRequest, Page } from '../../../src/platform/http/index.js';
import { EVERYBODY, ActorDirectory, hashOfApiKey, Tokens } from '../../../src/platform/identity/index.js';
import type { Actor, KnownActor } from '../../../src/platform/identity/index.js';
import type { TestDatabase } from '../../support/database.js';
import type { Call } from '../../support/http.js';
import { serve } from '../../support/serve.js';

export const notes = http.defineResource({
  type: 'Note',
  path: '/care-api/example/v1/note',
  attributes: {
    id: { type: 'id', column: 'n.id', filter: true },
    title: { type: 'text', column: 'n.title', filter: true, sort: true },
    status: { type: 'enum', column: 'n.status', values: ['open', 'closed'], filter: true, sort: true },
    weight: { type: 'integer', column: 'n.weight', filter: true, sort: true },
    creationDate: { type: 'instant', column: 'n.created_at', filter: true, sort: true },
    urgent: { type: 'boolean', column: 'n.urgent', filter: true },
    'tag.name': {
      type: 'text',
      filter: true,
      where: (names) => `EXISTS (SELECT 1 FROM example.tag g WHERE g.note_id = n.id AND g.name = ANY(${names}))`,
    },
  },
  defaultSort: '-creationDate',
  patchable: ['title', 'weight'],
});

class TagView {
  @TextField({ example: 'roaming' })
  name!: string;
}

class NoteView {
  @IdField({ readOnly: true })
  id!: string;
  @TextField({ readOnly: true })
  href!: string;
  @TextField({ example: 'Note' })
  '@type'!: string;
  @TextField()
  title!: string;
  @EnumField({ values: ['open', 'closed'] })
  status!: string;
  @IntegerField()
  weight!: number;
  @InstantField()
  creationDate!: Date;
  @ListField(() => TagView)
  tag!: TagView[];
}

class LineInput {
  @TextField({ maxLength: 10 })
  sku!: string;
  @IntegerField({ min: 1, max: 99 })
  quantity!: number;
}

class PlaceInput {
  @TextField({ pattern: /^\d{6}$/, patternMeans: 'a province code of 6 digits' })
  province!: string;
}

export class CreateNote {
  @TextField({ maxLength: 40, example: 'Call back' })
  title!: string;
  @EnumField({ values: ['open', 'closed'], default: 'open' })
  status!: string;
  @IntegerField({ min: 0, max: 100, default: 1 })
  weight!: number;
  @InstantField({ optional: true })
  dueAt?: Date;
  @MonthField({ optional: true })
  month?: string;
  @BooleanField({ optional: true, nullable: true })
  urgent?: boolean | null;
  @ListField(() => LineInput, { optional: true, max: 3 })
  line?: LineInput[];
  @ObjectField(() => PlaceInput, { optional: true })
  place?: PlaceInput;
  @ListField(() => String, { optional: true, unique: true, values: ['sms', 'call'] })
  channel?: string[];
}

class PatchNote {
  @TextField({ optional: true, maxLength: 40 })
  title?: string;
  @IntegerField({ optional: true, nullable: true, min: 0 })
  weight?: number | null;
  @TextField({ optional: true })
  status?: string;
}

@KeepsUnknownAttributes()
class OpenNote {
  @TextField()
  name!: string;
}

class Reminder {
  @ListField(() => Number, { default: [24], max: 3 })
  hours!: number[];
  @ListField(() => String, { default: ['due'], max: 3 })
  words!: string[];
}

class Window {
  @IntegerField({ min: 1, max: 31, default: 7 })
  days!: number;
  @BooleanField({ optional: true })
  deep?: boolean;
  @InstantField({ optional: true })
  since?: Date;
}

interface NoteRow {
  id: string;
  title: string;
  status: string;
  weight: number;
  created_at: Date;
}

const viewOf = (row: NoteRow): NoteView => ({
  ...http.headOf(notes, row.id),
  title: row.title,
  status: row.status,
  weight: row.weight,
  creationDate: row.created_at,
  tag: [{ name: 'roaming' }],
});

class NoteTooHeavy extends Refusal {
  static readonly code = 'note.too-heavy';
  static readonly kind = 'rejected';
  constructor(weight: number) {
    super(NoteTooHeavy.code, NoteTooHeavy.kind, 'A note may weigh up to 90', { weight, allowed: 90 });
  }
}

const COLUMNS = 'n.id, n.title, n.status, n.weight, n.created_at';

/** Lets a test hold requests in the middle of their work. */
export const gate: { wait: Promise<void> | undefined } = { wait: undefined };

@Controller(notes.path)
class NotesController {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
  ) {}

  @Get()
  @Operation({ summary: 'List notes (便笺列表)', permission: 'notes.read', returns: NoteView })
  list(@ListQuery(notes) list: ListRequest): Promise<Page<NoteView>> {
    return http.readPage<NoteRow, NoteView>(this.database, list, { select: COLUMNS, from: 'example.note n' }, viewOf);
  }

  @Get(':id')
  @Operation({ summary: 'One note (便笺)', permission: 'notes.read', returns: NoteView, refusals: [ResourceNotFound] })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<NoteView> {
    const [row] = await this.database.query<NoteRow>(`SELECT ${COLUMNS} FROM example.note n WHERE n.id = $1`, [id]);
    if (!row) throw new ResourceNotFound('note');
    return viewOf(row);
  }

  @Post()
  @Operation({
    summary: 'Write a note (写便笺)',
    permission: 'notes.write',
    creates: NoteView,
    idempotent: true,
    refusals: [NoteTooHeavy, 'conflict note.twice'],
  })
  async create(@Body() body: CreateNote): Promise<NoteView> {
    const row = { id: newId(), title: body.title, status: body.status, weight: body.weight, created_at: new Date() };
    await gate.wait;
    await this.transaction.run(async (tx) => {
      await tx.execute('INSERT INTO example.note (id, title, status, weight, created_at) VALUES ($1, $2, $3, $4, $5)', [
        row.id,
        row.title,
        row.status,
        row.weight,
        row.created_at,
      ]);
      if (body.weight > 90) throw new NoteTooHeavy(body.weight);
    });
    return viewOf(row);
  }

  @Patch(':id')
  @Operation({ summary: 'Change a note (改便笺)', permission: 'notes.write', returns: NoteView })
  async patch(@Param('id', ResourceIdPipe) id: string, @Body() patch: PatchNote): Promise<NoteView> {
    return http.applyMergePatch(await this.get(id), patch, notes);
  }

  @Delete(':id')
  @Operation({ summary: 'Remove a note (删便笺)', permission: 'notes.write', noContent: true })
  async remove(@Param('id', ResourceIdPipe) id: string): Promise<void> {
    await this.get(id);
  }
}

@Controller('/care-api/example/v1')
class OddsController {
  @Post('open')
  @Operation({ summary: 'Keeps what it does not know (扩展属性)', permission: 'notes.write', returns: OpenNote })
  open(@Body() body: OpenNote): OpenNote {
    return body;
  }

  @Post('echo')
  @Operation({ summary: 'Answers what it understood (回显)', permission: 'notes.write', returns: CreateNote })
  echo(@Body() body: CreateNote): CreateNote {
    return body;
  }

  @Post('reminder')
  @Operation({ summary: 'Fills in lists (提醒)', permission: 'notes.write', returns: Reminder })
  remind(@Body() { hours, words }: Reminder): Reminder {
    if (hours.includes(24)) words.push('again');
    return { hours, words };
  }

  @Get('window')
  @Operation({ summary: 'A query that is no list (时间窗)', permission: 'notes.read', returns: Window })
  window(@Query() window: Window): Window {
    return window;
  }

  @Post('file')
  @Operation({ summary: 'Counts a file (文件)', permission: 'notes.write', returns: NoteView })
  async file(@FileBody() file: Readable): Promise<{ bytes: number }> {
    let bytes = 0;
    for await (const chunk of file) bytes += (chunk as Buffer).length;
    return { bytes };
  }

  @Get('me')
  @Operation({ summary: 'Who asks (我)', permission: 'notes.read', returns: NoteView })
  me(@CurrentActor() actor: Actor): Actor {
    return actor;
  }

  @Get('broken')
  @Operation({ summary: 'Fails (故障)', permission: 'public', returns: NoteView })
  broken(): never {
    throw Object.assign(new Error('duplicate key (msisdn)=(13800138000)'), { code: '23505' });
  }

  @Get('kind/:kind')
  @Operation({ summary: 'Refuses (拒绝)', permission: 'public', returns: NoteView })
  refuse(@Param('kind') kind: Refusal['kind']): never {
    throw new Refusal('example.refused', kind, 'As asked', { retryAfterSeconds: 3 });
  }
}

@Controller(http.SIGN_IN_PATH)
class SessionController {
  constructor(private readonly tokens: Tokens) {}

  @Post()
  @Operation({ summary: 'Sign in (登录)', permission: 'public', returns: NoteView })
  async signIn(@Body() body: Record<string, string>): Promise<{ access_token: string; username: string | undefined }> {
    const { token } = await this.tokens.sign({ staffId: 'writer', tokenVersion: 1, sessionId: 'e1' });
    return { access_token: token, username: body['username'] };
  }
}

export const apiKey = 'gbk_example';
const people: Readonly<Record<string, readonly string[]>> = {
  writer: ['notes.read', 'notes.write'],
  reader: ['notes.read'],
};

class ExampleDirectory extends ActorDirectory {
  async permissionsOfRole(): Promise<readonly string[]> {
    return [];
  }
  async actorOfStaff(staffId: string, tokenVersion: number): Promise<KnownActor | undefined> {
    const permissions = tokenVersion === 1 ? people[staffId] : undefined;
    return (
      permissions && {
        kind: 'staff',
        id: staffId,
        name: staffId,
        role: 'agent',
        permissions,
        unitId: 'hall-1',
        scope: EVERYBODY,
      }
    );
  }
  async actorOfApiKey(keyHash: string): Promise<KnownActor | undefined> {
    if (keyHash !== hashOfApiKey(apiKey)) return undefined;
    return {
      kind: 'system',
      id: 'boss',
      name: 'BOSS',
      role: 'feed',
      permissions: ['notes.write'],
      unitId: undefined,
      scope: EVERYBODY,
    };
  }
}

export interface Example {
  readonly app: NestFastifyApplication;
  readonly call: Call;
  readonly tokenOf: (staffId: string, tokenVersion?: number) => Promise<string>;
}

/** The platform's HTTP over one small resource with a real table. */
export async function startExample(db: TestDatabase, given: { maxUploadBytes?: number } = {}): Promise<Example> {
  await db.query('CREATE SCHEMA example');
  await db.query(`CREATE TABLE example.note (id uuid PRIMARY KEY, title text NOT NULL, status text NOT NULL,
    weight bigint NOT NULL, urgent boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL)`);
  await db.query('CREATE TABLE example.tag (note_id uuid NOT NULL, name text NOT NULL)');
  await db.query('GRANT USAGE ON SCHEMA example TO guibin_app');
  await db.query('GRANT ALL ON ALL TABLES IN SCHEMA example TO guibin_app');
  const { app, call } = await serve(await db.dataSource(), {
    settings: { maxUploadBytes: 4096, ...given },
    ground: [{ provide: ActorDirectory, useClass: ExampleDirectory }],
    controllers: [NotesController, OddsController, SessionController],
  });
  const tokens = app.get(Tokens);
  return {
    app,
    call,
    tokenOf: async (staffId, tokenVersion = 1) => (await tokens.sign({ staffId, tokenVersion, sessionId: 'e1' })).token,
  };
}
