import { defineEvent } from '../../../platform/events/event.js';

/** A system came with a key of its own that was revoked: it was not told, or somebody has found the key. */
export const RevokedKeyUsed = defineEvent<{
  readonly apiKeyId: string;
  /** The name of the system. */
  readonly name: string;
  /** BOSS source code that the key spoke for. */
  readonly source?: string;
}>('organization.RevokedKeyUsed');
