import { Body, Controller, Get, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ListQuery, Operation, ResourceIdPipe, type ListRequest, type Page } from '../../../platform/http/index.js';
import { CustomerNotFound } from '../../customers/index.js';
import { StaffNotFound } from '../../organization/index.js';
import { AssignManager } from '../application/assign-manager.js';
import { ChangeAgentState } from '../application/change-agent-state.js';
import { CreateAgent } from '../application/create-agent.js';
import { FindRouting } from '../application/find-routing.query.js';
import { AgentChanged, AgentNotFound, EndpointTaken, IllegalAgentState, UnknownPool } from '../domain/refusals.js';
import { AgentStateDto, AgentView, CreateAgentDto } from './routing.dto.js';
import { agents } from './routing.resource.js';
import { agentView } from './views.js';

@ApiTags('Hotline routing (热线路由)')
@Controller(agents.path)
export class AgentsController {
  constructor(
    private readonly creating: CreateAgent,
    private readonly changing: ChangeAgentState,
    private readonly assigning: AssignManager,
    private readonly find: FindRouting,
  ) {}

  @Get()
  @Operation({ summary: 'List agents (坐席列表)', permission: 'routing.read', returns: AgentView })
  list(@ListQuery(agents) list: ListRequest): Promise<Page<AgentView>> {
    return this.find.agents(list, agentView);
  }

  @Get(':id')
  @Operation({ summary: 'One agent (坐席)', permission: 'routing.read', returns: AgentView, refusals: [AgentNotFound] })
  async get(@Param('id', ResourceIdPipe) id: string): Promise<AgentView> {
    return agentView(await this.find.agent(id));
  }

  @Post()
  @Operation({
    summary: 'A new agent (新增坐席)',
    description: 'Begins as offline.',
    permission: 'routing.manage',
    creates: AgentView,
    idempotent: true,
    refusals: [UnknownPool, StaffNotFound, EndpointTaken],
  })
  async create(@Body() body: CreateAgentDto): Promise<AgentView> {
    return agentView(
      await this.creating.execute({ ...body, skills: body.skills ?? [], languages: body.languages ?? ['zh'] }),
    );
  }

  @Put(':id/state')
  @Operation({
    summary: 'The agent comes, goes or takes a break (坐席状态)',
    description: 'A ringing offer is withdrawn when its agent leaves. During a call nothing can be asked for.',
    permission: 'routing.agent',
    returns: AgentView,
    refusals: [AgentNotFound, AgentChanged, IllegalAgentState],
  })
  async putState(@Param('id', ResourceIdPipe) id: string, @Body() body: AgentStateDto): Promise<AgentView> {
    await this.changing.execute(id, body);
    return agentView(await this.find.agent(id));
  }

  @Put(':id/customer/:customerId')
  @Operation({
    summary: 'The own account manager of a customer (专属客户经理)',
    description: 'The calls of the customer go to this agent first, when idle.',
    permission: 'routing.manage',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    noContent: true,
    refusals: [AgentNotFound, CustomerNotFound],
  })
  assign(@Param('id', ResourceIdPipe) id: string, @Param('customerId') customerId: string): Promise<void> {
    return this.assigning.execute({ agentId: id, customerId });
  }
}
