import { Refusal } from '../../../platform/errors/index.js';

export class ContactNotFound extends Refusal {
  static readonly code = 'routing.contact-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(ContactNotFound.code, ContactNotFound.kind, 'There is no such contact');
  }
}

export class ReservationNotFound extends Refusal {
  static readonly code = 'routing.reservation-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(ReservationNotFound.code, ReservationNotFound.kind, 'There is no such reservation');
  }
}

export class AgentNotFound extends Refusal {
  static readonly code = 'routing.agent-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(AgentNotFound.code, AgentNotFound.kind, 'There is no such agent');
  }
}

export class UnknownPool extends Refusal {
  static readonly code = 'routing.unknown-pool';
  static readonly kind = 'rejected';
  constructor(expected: readonly string[]) {
    super(UnknownPool.code, UnknownPool.kind, 'There is no such pool', { field: 'pool', expected });
  }
}

/** No pool answers calls to this code. */
export class UnknownDialledCode extends Refusal {
  static readonly code = 'routing.unknown-dialled-code';
  static readonly kind = 'rejected';
  constructor(expected: readonly string[]) {
    super(UnknownDialledCode.code, UnknownDialledCode.kind, 'No pool answers this code', {
      field: 'dialledCode',
      expected,
    });
  }
}

/** Somebody or something was faster: the reservation was decided otherwise. */
export class ReservationDecided extends Refusal {
  static readonly code = 'routing.reservation-decided';
  static readonly kind = 'conflict';
  constructor(state: string) {
    super(ReservationDecided.code, ReservationDecided.kind, `The reservation is already ${state}`, { actual: state });
  }
}

/** Accepted after its time. The contact goes back to its place in the queue. */
export class ReservationTooLate extends Refusal {
  static readonly code = 'routing.reservation-too-late';
  static readonly kind = 'conflict';
  constructor(expiresAt: Date) {
    super(ReservationTooLate.code, ReservationTooLate.kind, 'The reservation has expired', {
      expiresAt: expiresAt.toISOString(),
    });
  }
}

/** The caller has hung up. */
export class ReservationRescinded extends Refusal {
  static readonly code = 'routing.reservation-rescinded';
  static readonly kind = 'gone';
  constructor() {
    super(ReservationRescinded.code, ReservationRescinded.kind, 'The reservation was withdrawn');
  }
}

export class ContactNotOffered extends Refusal {
  static readonly code = 'routing.contact-not-offered';
  static readonly kind = 'conflict';
  constructor(state: string) {
    super(ContactNotOffered.code, ContactNotOffered.kind, `No agent is reserved for a contact that is ${state}`, {
      actual: state,
    });
  }
}

export class IllegalAgentState extends Refusal {
  static readonly code = 'routing.illegal-agent-state';
  static readonly kind = 'conflict';
  constructor(from: string, to: string) {
    super(
      IllegalAgentState.code,
      IllegalAgentState.kind,
      from === 'busy' ? 'The agent is in a call; end the contact first' : `An agent who is ${from} cannot become ${to}`,
      { field: 'state', actual: from, requested: to },
    );
  }
}

export class AgentChanged extends Refusal {
  static readonly code = 'routing.agent-changed';
  static readonly kind = 'conflict';
  constructor(expected: number, actual: number) {
    super(AgentChanged.code, AgentChanged.kind, 'The agent was changed meanwhile; read it again', { expected, actual });
  }
}

/** Two agents behind one telephone would be called twice at once. */
export class EndpointTaken extends Refusal {
  static readonly code = 'routing.endpoint-taken';
  static readonly kind = 'conflict';
  constructor() {
    super(EndpointTaken.code, EndpointTaken.kind, 'There is already an agent with this endpoint', {
      field: 'endpoint',
    });
  }
}
