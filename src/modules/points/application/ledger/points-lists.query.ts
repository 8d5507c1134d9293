import { Injectable } from '@nestjs/common';
import { Database } from '../../../../platform/database/index.js';
import type { PointsType } from '../../domain/ledger/ledger.js';

export interface PointsClass {
  readonly pointsType: PointsType;
  readonly labelEn: string;
  readonly labelZh: string;
  /** Does it count towards the threshold of the plan (资格积分)? */
  readonly qualifies: boolean;
}

export interface ReasonCode {
  readonly code: string;
  readonly labelEn: string;
  readonly labelZh: string;
  readonly usedFor: string;
}

export interface Funder {
  readonly funderId: string;
  readonly kind: string;
  readonly labelEn: string;
  readonly labelZh: string;
}

/** The lists that the ledger is kept by: classes of points (PTS-16), reasons, funders. */
@Injectable()
export class PointsLists {
  constructor(private readonly database: Database) {}

  classes(): Promise<PointsClass[]> {
    return this.database.query<PointsClass & Record<string, unknown>>(
      `SELECT points_type AS "pointsType", label_en AS "labelEn", label_zh AS "labelZh", qualifies
       FROM points.points_class ORDER BY points_type`,
    );
  }

  reasons(): Promise<ReasonCode[]> {
    return this.database.query<ReasonCode & Record<string, unknown>>(
      `SELECT code, label_en AS "labelEn", label_zh AS "labelZh", used_for AS "usedFor" FROM points.reason_code ORDER BY used_for, code`,
    );
  }

  funders(): Promise<Funder[]> {
    return this.database.query<Funder & Record<string, unknown>>(
      `SELECT funder_id AS "funderId", kind, label_en AS "labelEn", label_zh AS "labelZh" FROM points.funder ORDER BY since, funder_id`,
    );
  }
}
