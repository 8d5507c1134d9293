import { Refusal } from '../../../platform/errors/index.js';

type Role = 'giver' | 'receiver';

export class TransferNotFound extends Refusal {
  static readonly code = 'transfers.not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(TransferNotFound.code, TransferNotFound.kind, 'There is no such transfer');
  }
}

export class TransferToNobodyElse extends Refusal {
  static readonly code = 'transfers.to-nobody-else';
  static readonly kind = 'rejected';
  constructor() {
    const expected = 'another customer, or another subscription of the same customer, and never both';
    super(TransferToNobodyElse.code, TransferToNobodyElse.kind, `A membership goes to ${expected}`, { expected });
  }
}

export class VerificationMissing extends Refusal {
  static readonly code = 'transfers.verification-missing';
  static readonly kind = 'malformed';
  constructor() {
    super(
      VerificationMissing.code,
      VerificationMissing.kind,
      'The receiver is verified, too, by whoever asks: send a code or look at the paper of both',
      { field: 'toVerificationId', expected: 'the id of a callerVerification of the receiver' },
    );
  }
}

export class SubscriptionOfNobodyHere extends Refusal {
  static readonly code = 'transfers.no-such-subscription';
  static readonly kind = 'rejected';
  constructor() {
    super(SubscriptionOfNobodyHere.code, SubscriptionOfNobodyHere.kind, 'The customer has no such number in use', {
      field: 'toSubscriptionId',
    });
  }
}

export class PartyHasLeft extends Refusal {
  static readonly code = 'transfers.party-has-left';
  static readonly kind = 'rejected';
  constructor(party: Role) {
    super(PartyHasLeft.code, PartyHasLeft.kind, `The ${party} has left the network`, { party });
  }
}

export class PartyWithoutRealName extends Refusal {
  static readonly code = 'transfers.real-name-needed';
  static readonly kind = 'rejected';
  constructor(party: Role) {
    const message = `The ${party} is not registered with a real name (实名登记): register it first`;
    super(PartyWithoutRealName.code, PartyWithoutRealName.kind, message, { party });
  }
}

export class NothingToTransfer extends Refusal {
  static readonly code = 'transfers.nothing-to-transfer';
  static readonly kind = 'rejected';
  constructor() {
    super(NothingToTransfer.code, NothingToTransfer.kind, 'The giver holds no level', {
      actual: 'ORDINARY',
      expected: 'HONOURED_GUEST or higher',
    });
  }
}

export class ReceiverStandsAsHigh extends Refusal {
  static readonly code = 'transfers.receiver-stands-as-high';
  static readonly kind = 'rejected';
  constructor(facts: { readonly giver: string; readonly receiver: string }) {
    super(
      ReceiverStandsAsHigh.code,
      ReceiverStandsAsHigh.kind,
      'The receiver would gain nothing: the giver must hold the higher level',
      facts,
    );
  }
}

/** What was given by hand, or came by a transfer, is not passed on. */
export class LevelByHand extends Refusal {
  static readonly code = 'transfers.level-by-hand';
  static readonly kind = 'rejected';
  constructor(party: Role) {
    const message = `The level of the ${party} was given by hand (特批) or by a transfer; it may be transferred when that has ended`;
    super(LevelByHand.code, LevelByHand.kind, message, { party });
  }
}

/** The rules exclude the receiver, whatever anybody gives. */
export class LevelsDoNotFollow extends Refusal {
  static readonly code = 'transfers.levels-do-not-follow';
  static readonly kind = 'rejected';
  constructor() {
    super(LevelsDoNotFollow.code, LevelsDoNotFollow.kind, 'The rules do not let the receiver hold the level');
  }
}

export class TransferUnderWay extends Refusal {
  static readonly code = 'transfers.under-way';
  static readonly kind = 'conflict';
  constructor(status: string) {
    super(
      TransferUnderWay.code,
      TransferUnderWay.kind,
      'A transfer of this membership is under way: withdraw that one first',
      {
        status,
      },
    );
  }
}

export class TransferClosed extends Refusal {
  static readonly code = 'transfers.closed';
  static readonly kind = 'conflict';
  constructor(facts: { readonly status: string; readonly expected: readonly string[] }) {
    super(TransferClosed.code, TransferClosed.kind, `The transfer is ${facts.status}`, facts);
  }
}
