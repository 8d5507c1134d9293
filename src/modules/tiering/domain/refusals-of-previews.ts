import { Refusal } from '../../../platform/errors/index.js';

export class PreviewNotFound extends Refusal {
  static readonly code = 'tiering.preview-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(PreviewNotFound.code, PreviewNotFound.kind, 'There is no such preview');
  }
}

/** Slices are still being counted, or the run has failed. */
export class PreviewNotCompleted extends Refusal {
  static readonly code = 'tiering.preview-not-completed';
  static readonly kind = 'conflict';
  constructor(runId: string) {
    super(PreviewNotCompleted.code, PreviewNotCompleted.kind, 'The preview is not completed', { runId });
  }
}

export class PreviewsNotComparable extends Refusal {
  static readonly code = 'tiering.previews-not-comparable';
  static readonly kind = 'rejected';
  constructor() {
    super(
      PreviewsNotComparable.code,
      PreviewsNotComparable.kind,
      'Two previews of one programme as of one day can be put beside each other',
      { field: 'runIds', expected: 'the ids of two different runs, separated by a comma' },
    );
  }
}
