import { Refusal } from '../../../platform/errors/index.js';

/** A card level for a group (集团客户), or a class of groups for a person. */
export class LevelOfAnotherKind extends Refusal {
  static readonly code = 'tiering.level-of-another-kind';
  static readonly kind = 'rejected';
  constructor(rated: 'individual' | 'group') {
    super(LevelOfAnotherKind.code, LevelOfAnotherKind.kind, 'The programme rates no customers of this kind', {
      field: 'program',
      expected: `a customer of kind ${rated}`,
    });
  }
}
