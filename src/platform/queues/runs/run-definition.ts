import { DiscoveryService } from '@nestjs/core';
import type { Tx } from '../../database/index.js';
import type { Timetable } from '../job.js';
import type { Counts, Run } from './run.js';

/** A part of the population: customers with `from <= customer_id < to`. Both ends are always given, as UUIDs. */
export interface Slice {
  readonly sliceNo: number;
  readonly from: string;
  readonly to: string;
}

/** Whether a row is of the slice whose ends are the first two parameters of the statement. */
export const isInSlice = (alias: string): string =>
  `${alias}.customer_id >= $1::uuid AND ${alias}.customer_id < $2::uuid`;

/** A query without its end: it yields the column `customer_id`, distinct, in any order. */
export interface Population {
  readonly sql: string;
  readonly params?: readonly unknown[];
}

export interface Outcome {
  /** Of the facts that the run decided: the same facts, the same checksum, however often it was killed. */
  readonly checksum: string;
  /** Figures for the operator, by name. Never personal data. */
  readonly summary?: Readonly<Record<string, unknown>>;
}

/**
 * A recompute over everybody: set-wise SQL over slices of customers. The platform cuts the population into slices once,
 * runs every slice in a transaction that also marks it as done, resumes a killed run at its first unfinished slice, and
 * keeps progress, counts and checksum. `slice` may therefore be tried again, but its effect is stored once.
 */
export interface RunDefinition<Parameters extends object = Record<never, never>> {
  /** `tiering.review`: the name in the API and in `platform.run`. */
  readonly kind: `${string}.${string}`;
  /** One sentence for the operator. */
  readonly describe: string;
  /** Needed to start it by API, besides being allowed to start runs at all. */
  readonly permission?: string;
  /**
   * Checks what a client of the API sent; throws {@link RunParametersRefused}. Without it the API accepts no parameters.
   */
  parametersFrom?(given: Readonly<Record<string, unknown>>): Parameters;
  /** Throws {@link RunKeyRefused} for a key that no run of this kind can have, before anything is stored. */
  checkKey?(key: string): void;
  /** Starts by itself: `due` tells which run the moment asks for. */
  readonly schedule?: {
    readonly timetable: Timetable;
    due(now: Date): { readonly key: string; readonly asOf: string; readonly parameters: Parameters };
  };
  /** Customers per slice. Default 20,000: about a second of set-wise work, so that little is lost with a killed worker. */
  readonly sliceSize?: number;
  /** Slices that one worker runs at once. Default 1. */
  readonly parallelSlices?: number;
  /** Whom it is about. Customers who come later fall into the slice of their id. */
  population(run: Run<Parameters>): Population;
  /** Once, before the first slice: freezes what all slices must see alike. Returns the version of the rules it applies. A refusal fails the run. */
  prepare?(tx: Tx, run: Run<Parameters>): Promise<{ readonly ruleVersion?: string }>;
  /** Decides one slice and writes its facts and outbox events. Returns what it counted; counts are summed over the run. */
  slice(tx: Tx, run: Run<Parameters>, slice: Slice): Promise<Counts>;
  /** Once, after the last slice, in the transaction that completes the run. */
  finish(tx: Tx, run: Run<Parameters>, totals: Counts): Promise<Outcome>;
}

export const DefinitionMetadata = DiscoveryService.createDecorator<true>();

/** Whatever parameters it takes: those it makes itself are its own matter. */
type Definition = Omit<RunDefinition<never>, 'parametersFrom' | 'schedule'>;

/** Makes a provider a run definition. It belongs to `XModule` (both roles): the API must know which kinds there are. */
export function DefinesRun(): (definition: abstract new (...args: never[]) => Definition) => void {
  return (definition) => DefinitionMetadata(true)(definition);
}
