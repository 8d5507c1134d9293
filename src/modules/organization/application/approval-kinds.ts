import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Tx } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import type { Approval, ApprovalKind } from '../domain/approval.js';

const declared = new Map<string, ApprovalKind<object>>();

/** Thrown while the code loads. */
export class ApprovalDeclaredTwice extends Error {
  constructor(name: string) {
    super(`Two kinds of approval are called ${name}`);
    this.name = 'ApprovalDeclaredTwice';
  }
}

interface Declaration {
  readonly title: { readonly en: string; readonly zh: string };
  readonly ask: `${string}.${string}`;
  readonly decide: `${string}.${string}`;
  /** Default three days: over a weekend. */
  readonly validForHours?: number;
}

/**
 * Declares what needs four eyes (复核), beside the use case that carries it out. Payloads hold ids and figures, never personal
 * data: whoever decides sees them.
 * @throws ApprovalDeclaredTwice
 */
export function defineApproval<Payload extends object>(
  name: `${string}.${string}`,
  { validForHours = 72, ...declaration }: Declaration,
): ApprovalKind<Payload> {
  if (declared.has(name)) throw new ApprovalDeclaredTwice(name);
  const kind: ApprovalKind<Payload> = { name, validForHours, ...declaration };
  declared.set(name, kind);
  return kind;
}

/** A request that was approved a moment ago, in the transaction that the handler is given. */
export interface Approved<Payload extends object> extends Approval {
  readonly payload: Payload;
  readonly approver: Actor;
}

/** What happens when a request is decided. It runs in the transaction of the decision: once, or not at all. */
export interface CarriesOutApproval<Payload extends object> {
  /** The answer is stored with the request: ids and figures. */
  carryOut(tx: Tx, approved: Approved<Payload>): Promise<object | undefined>;
  /** It was rejected or withdrawn. (Nobody calls when it lapses: `expiresAt` says so.) */
  close?(tx: Tx, closed: Approval & { readonly payload: Payload }): Promise<void>;
}

const CarryingOutMetadata = DiscoveryService.createDecorator<ApprovalKind<object>>();

/** Makes a provider the one that carries a kind of approval out. The application refuses to boot unless each kind has one. */
export function CarriesOut<Payload extends object>(
  kind: ApprovalKind<Payload>,
): (handler: abstract new (...args: never[]) => CarriesOutApproval<Payload>) => void {
  return (handler) => CarryingOutMetadata(kind)(handler);
}

/** Thrown at boot: what was approved would not happen, or twice. */
export class ApprovalNotCarriedOut extends Error {
  constructor(kind: string, handlers: readonly string[]) {
    super(
      handlers.length === 0
        ? `No provider carries out approvals of ${kind}`
        : `Several providers carry out approvals of ${kind}: ${handlers.join(', ')}`,
    );
    this.name = 'ApprovalNotCarriedOut';
  }
}

/** Which kinds must be carried out by somebody: all that the loaded code declares. */
export const APPROVALS_TO_CARRY_OUT = Symbol('APPROVALS_TO_CARRY_OUT');
export const allDeclaredApprovals = { provide: APPROVALS_TO_CARRY_OUT, useValue: () => [...declared.values()] };

/** Who carries out what. */
@Injectable()
export class ApprovalHandlers implements OnModuleInit {
  private readonly byKind = new Map<
    string,
    { readonly kind: ApprovalKind<object>; readonly handler: CarriesOutApproval<object> }
  >();

  constructor(
    private readonly discovery: DiscoveryService,
    @Inject(APPROVALS_TO_CARRY_OUT) private readonly kinds: () => readonly ApprovalKind<object>[],
  ) {}

  /** @throws ApprovalNotCarriedOut */
  onModuleInit(): void {
    const providers = this.discovery.getProviders({ metadataKey: CarryingOutMetadata.KEY });
    for (const kind of this.kinds()) {
      const found = new Map(
        providers
          .filter((each) => this.discovery.getMetadataByDecorator(CarryingOutMetadata, each)?.name === kind.name)
          .map(({ instance, name }): [unknown, string] => [instance, name]),
      );
      const [first, ...others] = found.keys();
      if (!first || others.length > 0) throw new ApprovalNotCarriedOut(kind.name, [...found.values()]);
      this.byKind.set(kind.name, { kind, handler: first as CarriesOutApproval<object> });
    }
  }

  /** What people call it; `undefined` for a kind of an earlier release. */
  titleOf(kind: string): string | undefined {
    const title = this.byKind.get(kind)?.kind.title;
    return title && `${title.en} (${title.zh})`;
  }

  of(kind: string): { readonly kind: ApprovalKind<object>; readonly handler: CarriesOutApproval<object> } {
    const found = this.byKind.get(kind);
    if (!found) throw new Error(`This release knows no approval of ${kind}`);
    return found;
  }
}
