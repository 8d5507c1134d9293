import { Refusal } from '../../../../platform/errors/index.js';

export class ProofNotFound extends Refusal {
  static readonly code = 'points.proof-not-found';
  static readonly kind = 'not-found';
  constructor() {
    super(ProofNotFound.code, ProofNotFound.kind, 'The ledger has not been proven in any night yet');
  }
}
