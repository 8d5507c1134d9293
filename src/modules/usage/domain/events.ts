import { defineEvent } from '../../../platform/events/event.js';
import type { Kind } from './codes.js';
import type { IntakeLane } from './intake.js';

/** Records were stored, and the monthly facts hold them: of a file, of a push, of what had waited or was mended. */
export const RecordsLoaded = defineEvent<{
  readonly intakeId: string;
  readonly kind: Kind;
  readonly source: string;
  /** `backfill`: no customer is told anything because of it. */
  readonly lane: IntakeLane;
}>('usage.RecordsLoaded');
