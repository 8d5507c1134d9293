import { Body, Controller, Get, Module, Param, Post, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { businessDate, Clock } from '../../clock/index.js';
import { Database } from '../../database/index.js';
import {
  CurrentActor,
  ListQuery,
  type ListRequest,
  Operation,
  type Page,
  PermissionMissing,
  readPage,
  ResourceIdPipe,
} from '../../http/index.js';
import { type Actor, isAllowed } from '../../identity/index.js';
import { RunRegistry } from './run-registry.js';
import { RUN_COLUMNS, RUN_SOURCE, runOf, type RunRow } from './run-rows.js';
import {
  RunInTheFuture,
  RunKeyRefused,
  RunKeyTaken,
  RunNotCancellable,
  RunNotFound,
  RunNotResumable,
  RunParametersRefused,
  UnknownRunKind,
} from './run.js';
import { runs, RunView, StartRunRequest, viewOf } from './run.view.js';
import { Runs } from './runs.js';

@ApiTags('Runs over everybody (批量任务)')
@Controller(runs.path)
export class RunController {
  constructor(
    private readonly database: Database,
    private readonly runs: Runs,
    private readonly registry: RunRegistry,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Operation({ summary: 'List runs (查询批量任务)', permission: 'operations.read', returns: RunView })
  list(@ListQuery(runs) list: ListRequest): Promise<Page<RunView>> {
    return readPage<RunRow, RunView>(
      this.database,
      list,
      {
        select: RUN_COLUMNS,
        from: RUN_SOURCE,
        countSql: 'SELECT count(*) AS total FROM platform.run r WHERE {where}',
      },
      (row) => viewOf(runOf(row)),
    );
  }

  @Get(':id')
  @Operation({
    summary: 'One run and how far it is (任务进度)',
    permission: 'operations.read',
    returns: RunView,
    refusals: [RunNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<RunView> {
    return viewOf(await this.runs.get(id));
  }

  @Post()
  @Operation({
    summary: 'Start a run (启动批量任务)',
    description:
      'The same kind and key again is the same run: it is answered with 200 and nothing is started. Some kinds need a permission of their own besides.',
    permission: 'operations.run',
    wholeOperator: true,
    creates: RunView,
    refusals: [UnknownRunKind, RunInTheFuture, RunKeyRefused, RunKeyTaken, RunParametersRefused],
  })
  @ApiResponse({ status: 200, description: 'It was started before', type: RunView })
  async start(
    @Body() { kind, asOf, key = asOf, parameters = {} }: StartRunRequest,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RunView> {
    const today = businessDate(this.clock.now());
    if (asOf > today) throw new RunInTheFuture(today);
    const started = await this.runs.start({ kind, key, asOf, parameters: this.check(kind, parameters, actor) });
    const view = viewOf(started.run);
    if (!started.isNew) reply.status(200).header('Location', view.href);
    return view;
  }

  @Post(':id/resume')
  @Operation({
    summary: 'Let a failed or cancelled run go on (恢复批量任务)',
    permission: 'operations.run',
    wholeOperator: true,
    returns: RunView,
    refusals: [RunNotFound, RunNotResumable],
  })
  async resume(@Param('id', ResourceIdPipe) id: string): Promise<RunView> {
    return viewOf(await this.runs.resume(id));
  }

  @Post(':id/cancel')
  @Operation({
    summary: 'Stop a run before its next slice (取消批量任务)',
    permission: 'operations.run',
    wholeOperator: true,
    returns: RunView,
    refusals: [RunNotFound, RunNotCancellable],
  })
  async cancel(@Param('id', ResourceIdPipe) id: string): Promise<RunView> {
    return viewOf(await this.runs.cancel(id));
  }

  private check(kind: string, parameters: Readonly<Record<string, unknown>>, actor: Actor): object {
    const definition = this.registry.of(kind);
    if (definition.permission && !isAllowed(actor, definition.permission)) {
      throw new PermissionMissing(definition.permission);
    }
    if (definition.parametersFrom) return definition.parametersFrom(parameters);
    if (Object.keys(parameters).length > 0) throw new RunParametersRefused('no parameters');
    return {};
  }
}

/** Imported by the processes that serve HTTP. */
@Module({ controllers: [RunController] })
export class RunsApiModule {}
