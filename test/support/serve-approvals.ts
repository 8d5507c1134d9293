import {
  Global,
  Module,
  type ClassProvider,
  type FactoryProvider,
  type Type,
  type ValueProvider,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { CustomerOfApproval } from '../../src/modules/organization/application/approval-customer.query.js';
import { APPROVALS_TO_CARRY_OUT } from '../../src/modules/organization/application/approval-kinds.js';
import { AuditWrites } from '../../src/modules/organization/application/audit-writes.js';
import { FindApprovals } from '../../src/modules/organization/application/find-approvals.query.js';
import { ApprovalsController } from '../../src/modules/organization/http/approvals.controller.js';
import {
  AccessRegister,
  allDeclaredApprovals,
  ApprovalHandlers,
  Approvals,
  FindAccesses,
  OrganizationFacade,
} from '../../src/modules/organization/index.js';
import { Clock } from '../../src/platform/clock/index.js';
import { newId, WriteAudit } from '../../src/platform/database/index.js';
import { Outbox } from '../../src/platform/events/index.js';
import { ActorDirectory, hashOfApiKey, type KnownActor, type Scope } from '../../src/platform/identity/index.js';
import { Runs } from '../../src/platform/queues/index.js';
import type { Answer } from './http.js';
import { serve } from './serve.js';

interface Wanted {
  readonly modules: readonly Type[];
  /** The kinds of approval that these modules carry out. */
  readonly approvals: readonly string[];
  /** Members of staff by name, and whom they see. */
  readonly people: Readonly<Record<string, Scope>>;
  /** What all of them may do. */
  readonly permissions: readonly string[];
  readonly clock: Clock;
  /** Instead of what is given here. */
  readonly ground?: readonly (ValueProvider | ClassProvider | FactoryProvider)[];
}

/** Serves some modules over HTTP with approvals and audit as they are, so that one person asks and another decides. */
export async function serveApprovals(
  source: DataSource,
  { modules, approvals, people, permissions, clock, ground = [] }: Wanted,
): Promise<{
  readonly app: NestFastifyApplication;
  readonly idOf: (name: string) => string;
  readonly call: (
    name: string,
    method: string,
    url: string,
    payload?: object,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
}> {
  const staff = Object.entries(people).map(([name, scope]): KnownActor => ({
    ...{ kind: 'staff', id: newId(), name, role: 'supervisor', permissions, unitId: newId(), scope },
  }));
  const actorOfApiKey = (hash: string): Promise<KnownActor | undefined> =>
    Promise.resolve(staff.find(({ name }) => hashOfApiKey(name) === hash));

  /** What other modules need of the organization. */
  @Global()
  @Module({
    imports: [DiscoveryModule],
    controllers: [ApprovalsController],
    providers: [
      AccessRegister,
      Approvals,
      ApprovalHandlers,
      CustomerOfApproval,
      FindApprovals,
      { provide: FindAccesses, useValue: {} },
      { provide: OrganizationFacade, useValue: {} },
      { provide: ActorDirectory, useValue: { actorOfApiKey } },
      {
        provide: APPROVALS_TO_CARRY_OUT,
        useValue: () => allDeclaredApprovals.useValue().filter(({ name }) => approvals.includes(name)),
      },
    ],
    exports: [AccessRegister, Approvals, FindAccesses, OrganizationFacade, ActorDirectory],
  })
  class Organization {}

  const { app, call } = await serve(source, {
    imports: [Organization, ...modules],
    ground: [
      { provide: Clock, useValue: clock },
      { provide: Outbox, useClass: Outbox },
      { provide: Runs, useValue: {} },
      { provide: WriteAudit, useClass: AuditWrites },
      ...ground,
    ],
  });
  return {
    app,
    idOf: (name) => staff.find((each) => each.name === name)?.id ?? '',
    call: (name, method, url, payload, headers) =>
      call({ method, url, payload, headers: { 'x-api-key': name, ...headers } }),
  };
}
