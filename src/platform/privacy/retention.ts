import { DiscoveryService } from '@nestjs/core';
import type { Tx } from '../database/index.js';

/**
 * Ends a class of retention (保存期限): what a module does with its own data when the law's or the purpose's term is over. The
 * terms themselves are data (`customers.retention_class`); the run `privacy.retention` asks every rule.
 */
export interface RetentionRule {
  /** Code of the class. */
  readonly retentionClass: string;
  /** How many are over; changes nothing. */
  count(tx: Tx, before: Date): Promise<number>;
  /** Ends them, in the transaction of the run; answers how many. Without it the class is only reported. */
  end?(tx: Tx, before: Date): Promise<number>;
}

const EndsRetentionMetadata = DiscoveryService.createDecorator<true>();

/** Makes a provider a {@link RetentionRule}. */
export function EndsRetention(): (rule: abstract new (...args: never[]) => RetentionRule) => void {
  return (rule) => EndsRetentionMetadata(true)(rule);
}

/** All rules of the modules that are there, by class. */
export function retentionRules(discovery: DiscoveryService): ReadonlyMap<string, RetentionRule> {
  const providers = discovery.getProviders({ metadataKey: EndsRetentionMetadata.KEY });
  const rules = providers.flatMap(({ instance }) => (instance ? [instance as RetentionRule] : []));
  return new Map(rules.map((rule) => [rule.retentionClass, rule]));
}
