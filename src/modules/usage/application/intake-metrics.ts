import { Injectable, Optional } from '@nestjs/common';
import type { Counter, Gauge } from 'prom-client';
import { Metrics } from '../../../platform/telemetry/index.js';
import type { Kind } from '../domain/codes.js';
import type { IntakeFile } from '../persistence/file-register.js';
import type { RecordOutcome } from './load-lines.js';

/** What an operator watches of the intake of this process. Labels name sources and kinds, never anybody. */
@Injectable()
export class IntakeMetrics {
  readonly waitingRecords: Gauge | undefined;
  readonly waitingFiles: Gauge | undefined;
  private readonly files: Counter<'kind' | 'state'> | undefined;
  private readonly records: Counter<'kind' | 'channel' | 'outcome'> | undefined;
  private readonly turnedAway: Counter<'why'> | undefined;

  constructor(@Optional() metrics?: Metrics) {
    this.waitingRecords = metrics?.gauge('intake_waiting_records', 'Pushed records that wait to be stored');
    this.waitingFiles = metrics?.gauge('intake_waiting_files', 'Files of the drop folder that wait to be loaded');
    this.files = metrics?.counter('intake_files_total', 'Files answered', ['kind', 'state']);
    this.records = metrics?.counter('intake_records_total', 'Records answered', ['kind', 'channel', 'outcome']);
    this.turnedAway = metrics?.counter('intake_turned_away_total', 'Asked to come back later', ['why']);
  }

  file({ kind, state, counts }: IntakeFile): void {
    this.files?.inc({ kind, state });
    const { loaded, duplicate, rejected, held } = counts;
    for (const [outcome, n] of Object.entries({ loaded, duplicate, rejected, held })) {
      if (n > 0) this.records?.inc({ kind, channel: 'file', outcome }, n);
    }
  }

  push(kind: Kind, outcomes: readonly RecordOutcome[]): void {
    if (!this.records) return;
    const counts: Record<string, number> = {};
    for (const { outcome } of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
    for (const [outcome, n] of Object.entries(counts)) {
      this.records.inc(
        { kind, channel: 'push', outcome: outcome === 'ACCEPTED' ? 'loaded' : outcome.toLowerCase() },
        n,
      );
    }
  }

  comeLater(why: 'queue full' | 'rate' | 'locked'): void {
    this.turnedAway?.inc({ why });
  }
}
