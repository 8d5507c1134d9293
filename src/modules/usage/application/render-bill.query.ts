import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { renderBillAsHtml, renderBillAsText } from '../domain/render-bill.js';
import { BillPreferences } from './bill-preferences.js';
import type { BillRow, BillStanding } from './find-bills.query.js';

export const RENDERED_AS = ['html', 'text'] as const;
export type RenderedAs = (typeof RENDERED_AS)[number];

/** A bill as its customer wants to read it. */
@Injectable()
export class RenderBill {
  constructor(
    private readonly database: Database,
    private readonly preferences: BillPreferences,
  ) {}

  async execute(bill: BillRow, standing: BillStanding, account: string | undefined, as: RenderedAs): Promise<string> {
    const { layout, language } = await this.preferences.of(bill.customer_id);
    const [used] = await this.database.query<{ minutes: number; messages: number; dataKb: number }>(
      `SELECT (voice_mo_sec + voice_mt_sec) / 60 AS minutes, sms AS messages, data_kb AS "dataKb"
       FROM usage.customer_month WHERE customer_id = $1 AND month = $2`,
      [bill.customer_id, bill.cycle],
    );
    const render = as === 'html' ? renderBillAsHtml : renderBillAsText;
    return render(
      {
        billNo: bill.bill_no,
        account,
        cycle: bill.cycle,
        dueOn: bill.due_on,
        payableFen: bill.payable_fen,
        remainingFen: standing.remainingFen,
        categories: bill,
        used,
      },
      layout,
      language,
    );
  }
}
