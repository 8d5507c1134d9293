import { Injectable } from '@nestjs/common';
import { ContributesToSubjectCopy, type ContributesSections, type CopySection } from '../../customers/index.js';

@Injectable()
@ContributesToSubjectCopy('merchants')
export class MerchantsInCopy implements ContributesSections {
  sections(): readonly CopySection[] {
    return SECTIONS;
  }
}

const SECTIONS: readonly CopySection[] = [
  {
    name: 'merchants.sale',
    title: 'What you bought from merchants with points (积分自由行)',
    sql: `SELECT s.hold_id AS "holdId", m.label AS merchant, s.terminal_id AS "terminalId", s.list_fen AS "listFen",
            s.discount_percent AS "discountPercent", s.captured_fen AS "capturedFen", s.returned_fen AS "returnedFen",
            s.authorised_on AS "authorisedOn", s.captured_on AS "capturedOn"
          FROM merchants.sale s JOIN merchants.merchant m USING (merchant_id) WHERE s.customer_id = $1
          ORDER BY s.authorised_on, s.hold_id`,
  },
];
