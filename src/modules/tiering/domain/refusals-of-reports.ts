import { Refusal } from '../../../platform/errors/index.js';

export class LevelNotOnScale extends Refusal {
  static readonly code = 'tiering.level-not-on-scale';
  static readonly kind = 'rejected';
  constructor(scale: readonly string[]) {
    super(LevelNotOnScale.code, LevelNotOnScale.kind, 'Levels of the programme are merged, two or more', {
      field: 'merge',
      expected: scale.join(', '),
    });
  }
}

export class ReportTooLong extends Refusal {
  static readonly code = 'tiering.report-too-long';
  static readonly kind = 'rejected';
  constructor(mostMonths: number) {
    super(ReportTooLong.code, ReportTooLong.kind, 'The first month comes before the last, and they are not too many', {
      field: 'from',
      expected: `1 to ${mostMonths} months`,
    });
  }
}
