import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Row, Tx } from '../../../platform/database/index.js';

/** One list of a person's copy of the own data (个人信息副本). */
export interface CopySection {
  /** `points.journal`: stable, programs read it. */
  readonly name: string;
  /** For the person: English, with the Chinese term. */
  readonly title: string;
  /** One statement that selects all rows of the customer `$1`, in the order in which they are shown. Columns are named as they are shown. */
  readonly sql: string;
  /** Opens what is sealed, names what is coded. Default: the row as it is. */
  readonly show?: (row: Row) => object;
}

/** A module's part of the copy. */
export interface ContributesSections {
  sections(tx: Tx, customerId: string): readonly CopySection[] | Promise<readonly CopySection[]>;
}

const ContributingMetadata = DiscoveryService.createDecorator<string>();

/**
 * Makes a provider contribute what its module knows of a customer: `@ContributesToSubjectCopy('points')`. A test compares what all of
 * them select with the list of tables that hold customers' rows, so nothing is forgotten.
 */
export function ContributesToSubjectCopy(
  module: string,
): (contributor: abstract new (...args: never[]) => ContributesSections) => void {
  return (contributor) => ContributingMetadata(module)(contributor);
}

/** All parts of the copy, in the order of their modules' names. */
@Injectable()
export class SubjectCopy {
  constructor(private readonly discovery: DiscoveryService) {}

  async sections(tx: Tx, customerId: string): Promise<readonly CopySection[]> {
    const contributors = new Map<unknown, string>();
    for (const provider of this.discovery.getProviders({ metadataKey: ContributingMetadata.KEY })) {
      const module = this.discovery.getMetadataByDecorator(ContributingMetadata, provider);
      if (module !== undefined && provider.instance) contributors.set(provider.instance, module);
    }
    const inOrder = [...contributors].sort(([, a], [, b]) => (a < b ? -1 : 1));
    const parts = inOrder.map(([contributor]) => (contributor as ContributesSections).sections(tx, customerId));
    return (await Promise.all(parts)).flat();
  }
}
