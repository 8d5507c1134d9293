import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('what other modules may read of usage', () => {
  let db: TestDatabase;
  beforeAll(async () => void (db = await createTestDatabase()));
  afterAll(() => db.drop());

  it('offers the facts of a month and the bills, with the columns that are promised', async () => {
    const columns = await db.query<{ view: string; columns: string }>(
      `SELECT table_name AS view, string_agg(column_name, ' ' ORDER BY ordinal_position) AS columns
       FROM information_schema.columns WHERE table_schema = 'usage' AND table_name IN ('month_fact', 'bill')
       GROUP BY table_name ORDER BY table_name`,
    );
    expect(columns).toEqual([
      {
        view: 'bill',
        columns:
          'customer_id source bill_no version cycle payable_fen net_spend_fen paid_fen arrears_fen due_on issued_at is_current ' +
          'monthly_fee_fen voice_fen sms_fen data_fen roaming_fen vas_fen collected_for_others_fen discount_fen gift_fen adjustment_fen',
      },
      {
        view: 'month_fact',
        columns:
          'customer_id month spend_fen net_spend_fen paid_by_others_fen paid_fen arrears_fen voice_mo_sec voice_mt_sec ' +
          'calls sms data_kb roam_kb roam_days offnet_calls forwarded_calls rival_hotline_calls mnp_queries mnp_codes ' +
          'two_way_suspensions one_way_suspensions bill_detail_queries package_fee_fen tariff_code',
      },
    ]);
  });

  it('counts the days of roaming', async () => {
    await db.query(`INSERT INTO usage.customer_month (customer_id, month, roam_day_mask)
      VALUES ('019a0000-0000-7000-8000-000000000001', '2025-01-01', (1::bit(32) << 30)::int | 1)`);
    expect(await db.query('SELECT roam_days FROM usage.month_fact')).toEqual([{ roam_days: 2 }]);
  });
});
