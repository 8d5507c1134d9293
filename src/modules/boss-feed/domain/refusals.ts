import { Refusal } from '../../../platform/errors/index.js';

export class FileNotReady extends Refusal {
  static readonly code = 'feed.file-not-ready';
  static readonly kind = 'conflict';
  constructor() {
    super(FileNotReady.code, FileNotReady.kind, 'The file is being prepared: ask again in a few minutes');
  }
}

export class FileWithdrawn extends Refusal {
  static readonly code = 'feed.file-withdrawn';
  static readonly kind = 'gone';
  constructor() {
    super(
      FileWithdrawn.code,
      FileWithdrawn.kind,
      'The file named somebody who was erased since. Ask for it anew: the next version holds the same items',
    );
  }
}

export class FeedExists extends Refusal {
  static readonly code = 'feed.exists';
  static readonly kind = 'conflict';
  constructor() {
    super(FeedExists.code, FeedExists.kind, 'There is such a feed');
  }
}

export class BeyondTheFeed extends Refusal {
  static readonly code = 'feed.beyond-the-end';
  static readonly kind = 'rejected';
  constructor(lastSequence: number) {
    super(BeyondTheFeed.code, BeyondTheFeed.kind, 'The feed has not come that far', {
      field: 'after',
      expected: `up to ${lastSequence}`,
    });
  }
}

export class TooManyFeedSubscriptions extends Refusal {
  static readonly code = 'feed.too-many-subscriptions';
  static readonly kind = 'conflict';
  constructor(most: number) {
    super(TooManyFeedSubscriptions.code, TooManyFeedSubscriptions.kind, 'End a subscription first', {
      expected: `up to ${most}`,
    });
  }
}
