import {
  AnyObjectField, BooleanField, DateField, EnumField, IdField, InstantField, IntegerField, ListField, ObjectField, TextField,
} from '../../../platform/http/index.js'; // prettier-ignore
import { KINDS } from '../domain/codes.js';
import { REJECT_STATES } from '../domain/reject.js';

const REASON = { maxLength: 400, example: 'Agreed with billing: their new word for Unicom' };

class Head {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ readOnly: true }) '@type'!: string;
}

export class RejectView extends Head {
  @TextField({ example: 'BOSS' }) source!: string;
  @EnumField({ values: KINDS }) kind!: string;
  @TextField({ example: '440000' }) province!: string;
  @DateField({ example: '2025-02-01' }) businessDate!: string;
  @TextField({ optional: true, example: 'U-20250201-0000017' }) recordId?: string | undefined;
  @TextField({ example: 'E_FORMAT', description: 'As of the last attempt' }) code!: string;
  @TextField({ optional: true, example: 'counterpartyClass' }) field?: string | undefined;
  @TextField({ example: 'is not in the list of counterparty classes' }) message!: string;
  @InstantField() firstSeen!: Date;
  @InstantField() lastSeen!: Date;
  @IntegerField({ example: 2, description: 'How often the same line was sent' }) attempts!: number;
  @EnumField({ values: REJECT_STATES }) state!: string;
  @BooleanField({ description: 'The line is still kept, so it can be shown and sent again' }) isKept!: boolean;
  @InstantField({ optional: true }) decidedAt?: Date | undefined;
  @TextField({ optional: true }) decidedBy?: string | undefined;
  @TextField({ optional: true }) decision?: string | undefined;
}

export class PatchReject {
  @EnumField({ values: ['DISMISSED', 'OPEN'] }) state!: 'DISMISSED' | 'OPEN';
  @TextField(REASON) reason!: string;
}

export class RejectDisclosureBody {
  @TextField({ optional: true, example: 'service', maxLength: 64 }) purpose?: string;
  @IdField({ optional: true, description: 'The ticket that is the reason' }) ticketId?: string;
}

export class RejectDisclosureView extends Head {
  @TextField({ description: 'As it came' }) line!: string;
  @AnyObjectField({ description: 'Its values by the names of the contract', example: { recordId: 'U-1' } })
  fields!: Readonly<Record<string, unknown>>;
  @IdField({ optional: true, description: 'Whose it is, when it can be told' }) customerId?: string | undefined;
}

class RejectFilterBody {
  @ListField(() => String, { optional: true, max: 1000, unique: true }) ids?: string[];
  @TextField({ optional: true, example: 'BOSS' }) source?: string;
  @EnumField({ values: KINDS, optional: true, description: 'Needed when something is mended' })
  kind?: (typeof KINDS)[number];
  @TextField({ optional: true, example: 'E_FORMAT' }) code?: string;
  @TextField({ optional: true, example: 'counterpartyClass' }) field?: string;
  @DateField({ optional: true, example: '2025-02-01' }) businessDate?: string;
}

class FixBody {
  @TextField({ example: 'counterpartyClass', maxLength: 64 }) field!: string;
  @TextField({
    optional: true,
    minLength: 0,
    maxLength: 256,
    description: 'Takes the place of whatever the field says',
  })
  value?: string;
  @AnyObjectField({ optional: true, description: 'Wrong value → right value', example: { OFFNET_CU: 'OFF_NET_CU' } })
  map?: Record<string, string>;
}

export class CreateRejectReplay {
  @ObjectField(() => RejectFilterBody, { description: 'Which of the open rejects; empty: all' })
  filter!: RejectFilterBody;
  @ListField(() => FixBody, { optional: true, max: 20, description: 'What is mended; nothing: sent as they were' })
  fixes?: FixBody[];
  @TextField(REASON) reason!: string;
}

class ReplayCounts {
  @IntegerField({ description: 'Open rejects that were chosen' }) chosen!: number;
  @IntegerField() accepted!: number;
  @IntegerField({ description: 'Stored already' }) duplicate!: number;
  @IntegerField({ description: 'Now wait for their customer or for the record they change' }) held!: number;
  @IntegerField({ description: 'Still wrong, and still open' }) rejected!: number;
}

export class RejectReplayView extends Head {
  @EnumField({ values: ['pending', 'running', 'completed', 'failed', 'cancelled'] }) status!: string;
  @IntegerField({ min: 0, max: 100 }) percent!: number;
  @ObjectField(() => ReplayCounts) counts!: ReplayCounts;
  @ObjectField(() => RejectFilterBody) filter!: object;
  @ListField(() => FixBody) fixes!: readonly object[];
  @TextField(REASON) reason!: string;
  @TextField() startedBy!: string;
  @InstantField() createdAt!: Date;
  @InstantField({ optional: true }) finishedAt?: Date | undefined;
}

class Ref {
  @IdField() id!: string;
}

export class ReplayOutcomeView {
  @TextField({ example: 'RejectReplayOutcome' }) '@type'!: string;
  @ObjectField(() => Ref) rejectReplay!: Ref;
  @ObjectField(() => Ref) reject!: Ref;
  @IdField({ optional: true, description: 'The intake by which it came in' }) intakeId?: string | undefined;
  @EnumField({ values: ['ACCEPTED', 'DUPLICATE', 'HELD', 'REJECTED'] }) outcome!: string;
  @TextField({ optional: true }) code?: string | undefined;
  @TextField({ optional: true }) field?: string | undefined;
  @TextField() replayedBy!: string;
  @InstantField() replayedAt!: Date;
}
