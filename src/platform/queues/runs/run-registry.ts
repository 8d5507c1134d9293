import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { DefinitionMetadata, type RunDefinition } from './run-definition.js';
import { UnknownRunKind } from './run.js';

// Parameters were checked against the kind when the run was started; from there on they are that kind's own.
export type AnyRunDefinition = RunDefinition<object>;

/** Thrown at boot: which of two definitions would run? */
export class RunKindDefinedTwice extends Error {
  constructor(kind: string) {
    super(`The run ${kind} is defined twice`);
    this.name = 'RunKindDefinedTwice';
  }
}

/** The kinds of runs that this release knows. */
@Injectable()
export class RunRegistry implements OnModuleInit {
  private readonly definitions = new Map<string, AnyRunDefinition>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const provider of this.discovery.getProviders({ metadataKey: DefinitionMetadata.KEY })) {
      const definition = provider.instance as AnyRunDefinition | undefined;
      if (!definition || this.definitions.get(definition.kind) === definition) continue;
      if (this.definitions.has(definition.kind)) throw new RunKindDefinedTwice(definition.kind);
      this.definitions.set(definition.kind, definition);
    }
  }

  all(): readonly AnyRunDefinition[] {
    return [...this.definitions.values()];
  }

  /** @throws UnknownRunKind */
  of(kind: string): AnyRunDefinition {
    const definition = this.definitions.get(kind);
    if (!definition) throw new UnknownRunKind([...this.definitions.keys()].sort());
    return definition;
  }
}
