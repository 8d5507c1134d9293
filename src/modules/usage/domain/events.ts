import { defineEvent } from '../../../platform/events/event.js';

/** A BOSS file was stored, wholly or in part, and the monthly facts hold it. */
export const FileLoaded = defineEvent<{ readonly fileId: string }>('usage.FileLoaded');
