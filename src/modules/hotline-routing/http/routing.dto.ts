import {
  EnumField,
  IdField,
  InstantField,
  IntegerField,
  ListField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import { agentKinds, agentStates, requestableStates, type AgentKind, type RequestableState } from '../domain/agent.js';
import { contactStates } from '../domain/contact.js';
import { reservationStates } from '../domain/reservation.js';

const SKILL = { description: 'Short names: billing, roaming, fault…', example: ['billing'] };

export class EnterContactDto {
  @TextField({ maxLength: 128, example: 'pbx1-1738378800.42', description: 'The id of the call on the platform' })
  externalCallId!: string;
  @TextField({ maxLength: 32, pattern: /^[0-9*#]+$/, patternMeans: 'digits, * and #', example: '10086' })
  dialledCode!: string;
  @TextField({
    optional: true,
    maxLength: 32,
    pattern: /^[+0-9 *#-]+$/,
    patternMeans: 'a telephone number',
    example: '13800138000',
    description: 'Absent when withheld. Stored sealed, never answered',
  })
  callerId?: string;
  @ListField(() => String, { max: 20, unique: true, optional: true, ...SKILL })
  needs?: string[];
  @TextField({ optional: true, maxLength: 8, example: 'zh' })
  language?: string;
}

export class CallEventDto {
  @InstantField({ optional: true, description: 'When it happened; default: now' })
  at?: Date;
  @TextField({ optional: true, maxLength: 64, example: 'NORMAL_CLEARING' })
  cause?: string;
}

export class RejectDto {
  @TextField({ optional: true, maxLength: 64, example: 'busy' })
  cause?: string;
}

export class ReservationView {
  @IdField()
  id!: string;
  @TextField()
  href!: string;
  @TextField({ example: 'RoutingReservation' })
  '@type'!: string;
  @EnumField({ values: reservationStates })
  state!: string;
  @IdField()
  contactId!: string;
  @IdField()
  agentId!: string;
  @TextField({ example: 'PJSIP/1001', description: 'What to dial' })
  endpoint!: string;
  @InstantField()
  offeredAt!: Date;
  @InstantField({ description: 'Until when it must be accepted' })
  expiresAt!: Date;
  @InstantField({ optional: true })
  decidedAt?: Date;
  @TextField({ optional: true })
  cause?: string;
}

export class ContactView {
  @IdField()
  id!: string;
  @TextField()
  href!: string;
  @TextField({ example: 'RoutingContact' })
  '@type'!: string;
  @TextField()
  externalCallId!: string;
  @TextField({ example: '10086' })
  dialledCode!: string;
  @TextField({ example: 'hotline' })
  pool!: string;
  @EnumField({ values: contactStates })
  state!: string;
  @IdField({ optional: true, description: 'Absent when no customer has this number' })
  customerId?: string;
  @TextField({ example: 'GOLD' })
  tier!: string;
  @ListField(() => String)
  needs!: readonly string[];
  @TextField({ optional: true })
  language?: string;
  @InstantField()
  queuedAt!: Date;
  @IntegerField({ optional: true, description: 'Place in the queue, 1 is next; only while it waits' })
  position?: number;
  @IntegerField({ optional: true, description: 'Absent while nobody is staffed' })
  expectedWaitSeconds?: number;
  @ObjectField(() => ReservationView, { optional: true, description: 'The last offer' })
  reservation?: ReservationView;
  @IdField({ optional: true })
  agentId?: string;
  @InstantField({ optional: true })
  connectedAt?: Date;
  @InstantField({ optional: true })
  endedAt?: Date;
  @TextField({ optional: true })
  endCause?: string;
}

export class PositionView {
  @IdField()
  contactId!: string;
  @EnumField({ values: contactStates })
  state!: string;
  @IntegerField({ optional: true })
  position?: number;
  @IntegerField({ optional: true })
  expectedWaitSeconds?: number;
}

class CandidateView {
  @IdField()
  agentId!: string;
  @TextField({ example: 'idle-for-less-time' })
  verdict!: string;
}

export class DecisionView {
  @IdField()
  contactId!: string;
  @InstantField()
  decidedAt!: Date;
  @IntegerField()
  policyVersion!: number;
  @IntegerField({ description: 'The level by which it was served, 5 diamond … 0 ordinary; 5 after a long wait' })
  rank!: number;
  @IdField({ optional: true, description: 'Absent while it waits' })
  agentId?: string;
  @TextField({ example: 'longest-idle' })
  reason!: string;
  @ListField(() => CandidateView)
  candidates!: readonly CandidateView[];
}

export class CreateAgentDto {
  @EnumField({
    values: agentKinds,
    description: 'manager (客户经理): own customers only; vip_seat (VIP专席): VIPs only',
  })
  kind!: AgentKind;
  @TextField({ maxLength: 64, example: 'hotline' })
  pool!: string;
  @TextField({ maxLength: 128, example: 'PJSIP/1001' })
  endpoint!: string;
  @ListField(() => String, { max: 50, unique: true, optional: true, ...SKILL })
  skills?: string[];
  @ListField(() => String, {
    max: 20,
    unique: true,
    optional: true,
    example: ['zh', 'en'],
    description: 'zh when absent',
  })
  languages?: string[];
  @IdField({ optional: true, description: 'The member of the staff who sits there' })
  staffId?: string;
}

export class AgentStateDto {
  @EnumField({ values: requestableStates, example: 'available' })
  state!: RequestableState;
  @TextField({ optional: true, maxLength: 64, example: 'lunch' })
  reason?: string;
  @IntegerField({ optional: true, min: 1 })
  expectedVersion?: number;
}

export class AgentView {
  @IdField()
  id!: string;
  @TextField()
  href!: string;
  @TextField({ example: 'HotlineAgent' })
  '@type'!: string;
  @EnumField({ values: agentKinds })
  kind!: string;
  @TextField()
  pool!: string;
  @TextField()
  endpoint!: string;
  @ListField(() => String)
  skills!: readonly string[];
  @ListField(() => String)
  languages!: readonly string[];
  @IdField({ optional: true })
  staffId?: string;
  @EnumField({ values: agentStates })
  state!: string;
  @TextField({ optional: true })
  stateReason?: string;
  @InstantField()
  stateSince!: Date;
  @InstantField({ optional: true, description: 'Who has been idle longest is next' })
  availableSince?: Date;
  @IntegerField()
  version!: number;
}
