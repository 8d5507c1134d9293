import {
  DateField,
  EnumField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ObjectField,
  TextField,
} from '../../../../platform/http/index.js';
import { BATCH_STATES, type BatchState } from '../../domain/expiry/expiry-batch.js';
import { POINTS_TYPES } from '../../domain/ledger/ledger.js';

class ExpiryNoticeWordsView {
  @TextField({ example: 'Dear customer, a reminder: 380 of your points (worth 7.60 yuan) expire on 2028-12-31.' })
  en!: string;
  @TextField({ example: '尊敬的客户:温馨提醒,您有380积分(价值7.60元)将于2028年12月31日到期,请尽快兑换。' })
  zh!: string;
}

export class ExpiryNoticeView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'ExpiryNotice' }) '@type'!: string;
  @DateField({ description: 'Last day of use', example: '2028-12-31' }) expiresOn!: string;
  @IntegerField({ description: 'Which notice: 90, 30 or 7 days before', example: 30 }) daysBefore!: number;
  @IntegerField({ description: 'What there was then', example: 380 }) points!: number;
  @IntegerField({ example: 760 }) valueInFen!: number;
  @ObjectField(() => ExpiryNoticeWordsView) words!: ExpiryNoticeWordsView;
  @InstantField() noticedAt!: Date;
}

export class ExpiryBatchView {
  @IdField({ readOnly: true, description: 'Id of its run' }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'ExpiryBatch' }) '@type'!: string;
  @EnumField({
    values: BATCH_STATES,
    enumName: 'ExpiryBatchState',
    description: 'PREVIEWED: nothing was posted (试算). POSTED can be given back.',
  })
  state!: BatchState;
  @DateField({ description: 'As of when it looked' }) asOf!: string;
  @IntegerField({ description: 'Days between a last day and its clearing (宽限期)', example: 0 }) graceDays!: number;
  @DateField({ description: 'All lots whose last day was before it were cleared' }) expiresBefore!: string;
  @IntegerField({ example: 1200 }) lots!: number;
  @IntegerField({ example: 380000 }) points!: number;
  @IntegerField({ example: 760000 }) valueInFen!: number;
  @TextField({ description: 'How far the run is' }) runHref!: string;
  @InstantField() startedAt!: Date;
  @InstantField({ optional: true }) finishedAt?: Date | undefined;
  @DateField({ optional: true, description: 'Last day of the points that were given back' }) usableUntil?:
    string | undefined;
  @TextField({ optional: true, description: 'Who approved that it is given back' }) reversedBy?: string | undefined;
  @InstantField({ optional: true }) reversedAt?: Date | undefined;
  @IntegerField({ optional: true, description: 'Points given back', example: 380000 }) returned?: number | undefined;
}

class ExpirySumView {
  @EnumField({ values: POINTS_TYPES }) pointsType!: string;
  @TextField({ optional: true, description: 'Province code', example: '440000' }) region?: string;
  @DateField({ description: 'Last day', example: '2025-12-31' }) expiresOn!: string;
  @IntegerField({ example: 12 }) lots!: number;
  @IntegerField({ example: 3800 }) points!: number;
  @IntegerField({ example: 7600 }) valueInFen!: number;
}

export class WholeExpiryBatchView extends ExpiryBatchView {
  @ListField(() => ExpirySumView, { description: 'By class, province and last day', max: 100_000 })
  sum!: ExpirySumView[];
}

export class AskForExpiryReversalBody {
  @DateField({ description: 'Last day of the points that come back', example: '2026-06-30' }) usableUntil!: string;
  @TextField({ maxLength: 300, example: 'Cleared a month before the day that was announced' }) reason!: string;
}

export class ExpiryReversalView {
  @TextField({ example: 'ExpiryReversal' }) '@type'!: string;
  @TextField({ description: 'The request that somebody else approves' }) approvalHref!: string;
}
