import {
  AnyObjectField, BooleanField, DateField, EnumField, IdField, InstantField, IntegerField, ListField, TextField,
} from '../../../platform/http/index.js'; // prettier-ignore
import { FEED_KINDS, type FeedKind } from '../domain/feed.js';
import { FILE_STATES } from '../domain/feed-file.js';

const FEED = { maxLength: 20, example: 'PTS-ALL' } as const;
const KIND = { values: FEED_KINDS, enumName: 'FeedKind', description: 'TIR tier changes, PTS points, CHN churn risks' };

export class FeedView {
  @TextField({ readOnly: true, example: 'PTS-ALL' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Feed' }) '@type'!: string;
  @EnumField(KIND) kind!: string;
  @TextField({ example: 'ALL', description: 'Code of a province; ALL: the whole operator' }) target!: string;
  @IntegerField({ description: 'The last number that was given' }) lastSequence!: number;
  @IntegerField({ description: 'The last item that is in a file' }) filedSequence!: number;
  @IntegerField() lastFileSequence!: number;
  @DateField({ optional: true, description: 'The last day that has its file' }) filedUntil?: string | undefined;
  @InstantField() createdAt!: Date;
}

export class AddFeedBody {
  @EnumField(KIND) kind!: FeedKind;
  @TextField({ pattern: /^[1-9]\d{5}$/, patternMeans: 'the six digits of a province', example: '440000' })
  target!: string;
}

export class ItemQuery {
  @TextField(FEED) feed!: string;
  @IntegerField({ optional: true, min: 0, default: 0, description: 'The first item is the one after this' })
  after: number = 0;
  @IntegerField({ optional: true, min: 1, max: 1000, default: 100 }) limit: number = 100;
}

class FeedItemView {
  @IntegerField({ example: 1 }) sequence!: number;
  @IdField({ description: 'The same whenever and however it is told' }) eventId!: string;
  @InstantField() occurredAt!: Date;
  @TextField({ optional: true, example: 'BOSS' }) accountSource?: string | undefined;
  @TextField({ optional: true, example: 'A100000001' }) accountNo?: string | undefined;
  @IdField({ optional: true, description: 'When there is no account' }) customerId?: string | undefined;
  @BooleanField({ description: 'Follows from history that was loaded afterwards: nobody is to be told' })
  isBackfill!: boolean;
  @AnyObjectField({ description: 'What the kind has; see docs/boss-feed.md', example: { points: 128 } })
  detail!: object;
}

export class FeedItemsView {
  @TextField({ example: 'FeedItems' }) '@type'!: string;
  @TextField({ example: 'PTS-ALL' }) feed!: string;
  @IntegerField({ description: 'Ask for what is after this next' }) toSequence!: number;
  @IntegerField({ description: 'So far the feed has come' }) lastSequence!: number;
  @ListField(() => FeedItemView) items!: readonly FeedItemView[];
}

export class FeedFileView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'FeedFile' }) '@type'!: string;
  @TextField({ example: 'PTS_GUIBIN_000000_20260201_000001_01.csv.gz' }) fileName!: string;
  @TextField({ example: 'PTS-ALL' }) feed!: string;
  @DateField({ example: '2026-02-01' }) businessDate!: string;
  @IntegerField({ description: 'Unbroken within the feed' }) sequence!: number;
  @IntegerField({ example: 1 }) version!: number;
  @EnumField({ values: FILE_STATES, enumName: 'FeedFileState', description: 'withdrawn: somebody in it was erased' })
  state!: string;
  @IntegerField() recordCount!: number;
  @IntegerField({ optional: true, description: 'First item, of a file that has any' }) fromSequence?:
    number | undefined;
  @IntegerField({ optional: true }) toSequence?: number | undefined;
  @IntegerField({ optional: true, description: 'PTS: points; CHN: risks; TIR: 0' }) sum?: number | undefined;
  @TextField({ optional: true, description: 'SHA-256 of the D lines with their line ends (hex)' })
  sha256?: string | undefined;
  @TextField({ optional: true, description: 'SHA-256 of the whole text, before compression (hex)' })
  contentSha256?: string | undefined;
  @IntegerField({ optional: true, description: 'Of the whole text, before compression' }) sizeBytes?:
    number | undefined;
  @InstantField() createdAt!: Date;
  @InstantField({ optional: true }) publishedAt?: Date | undefined;
  @InstantField({ optional: true, description: 'The receiver has the same' }) acknowledgedAt?: Date | undefined;
  @AnyObjectField({ optional: true, description: 'What the receiver has otherwise: sent and received by attribute' })
  difference?: object | undefined;
}

export class AcknowledgementBody {
  @IntegerField({ min: 0, example: 2, description: 'D lines' }) recordCount!: number;
  @IntegerField({ min: Number.MIN_SAFE_INTEGER, example: 256, description: 'The same sum as in the trailer' })
  sum!: number;
  @TextField({
    pattern: /^[0-9a-f]{64}$/,
    patternMeans: 'SHA-256 of the D lines with their line ends, 64 hexadecimal digits',
    example: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  })
  sha256!: string;
}

export class SubscribeToFeedBody {
  @TextField(FEED) feed!: string;
  @TextField({
    example: 'https://warehouse.example.com/guibin',
    description: 'Called with POST at `/listener/feedBatchEvent` below it',
  })
  callback!: string;
  @IntegerField({ optional: true, min: 0, description: 'Go on after this item; default: what comes from now on' })
  after?: number;
}

export class FeedSubscriptionView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'FeedSubscription' }) '@type'!: string;
  @TextField({ example: 'PTS-ALL' }) feed!: string;
  @TextField() callback!: string;
  @InstantField() createdAt!: Date;
  @IntegerField({ description: 'All items up to this one were accepted' }) acceptedSequence!: number;
  @IntegerField({ description: 'Of the batch that is to be accepted next' }) attempts!: number;
  @TextField({ optional: true }) lastError?: string | undefined;
  @InstantField({ optional: true, description: 'Nothing is sent any more' }) endedAt?: Date | undefined;
}

export class NewFeedSubscriptionView extends FeedSubscriptionView {
  @TextField({ description: 'Key of the X-Signature of our calls. Shown once' }) secret!: string;
}
