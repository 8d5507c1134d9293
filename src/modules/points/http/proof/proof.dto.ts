import { InstantField } from '../../../../platform/http/index.js';
import { PointsProofView } from '../ledger/points.dto.js';

export class StoredPointsProofView extends PointsProofView {
  @InstantField({ description: 'When the ledger was proven' })
  asOf!: Date;

  @InstantField({
    description: 'From when on single entries were looked at; absent: from the beginning',
    optional: true,
  })
  since?: Date;
}
