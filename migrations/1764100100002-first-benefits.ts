import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The benefits of card levels that are shipped: a default of this product (docs/benefits.md). The source documents name the services and
 * give no figure; what is not listed is not granted.
 */
export class FirstBenefits1764100100002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const { code, serviceClass, en, zh, unit, perYear } of SHIPPED) {
      await q.query(
        `INSERT INTO benefits.benefit (code, program, service_class, label, unit, effective_from, created_at)
         VALUES ($1, 'GOTONE', $2, $3, $4, '2020-01-01', '2026-01-01T00:00:00+08:00')`,
        [code, serviceClass, JSON.stringify({ en, zh }), unit],
      );
      for (const [level, units] of Object.entries(perYear)) {
        await q.query(
          `INSERT INTO benefits.benefit_quota (benefit, level, version, units_per_year, effective_from, author, created_at)
           VALUES ($1, $2, 1, $3, '2020-01-01', 'product', '2026-01-01T00:00:00+08:00')`,
          [code, level, units],
        );
      }
    }
  }

  async down(q: QueryRunner): Promise<void> {
    const codes = SHIPPED.map(({ code }) => code);
    await q.query('DELETE FROM benefits.benefit_quota WHERE benefit = ANY ($1)', [codes]);
    await q.query('DELETE FROM benefits.benefit WHERE code = ANY ($1)', [codes]);
  }
}

// prettier-ignore
const SHIPPED = [
  { code: 'AIRPORT_LOUNGE', serviceClass: 'A_EXTRA', unit: 'VISIT', en: 'Airport lounge', zh: '机场贵宾厅',
    perYear: { DIAMOND: 24, PLATINUM: 12, GOLD: 6, SILVER: 2 } },
  { code: 'SIM_BACKUP', serviceClass: 'A_NETWORK', unit: 'TIME', en: 'SIM backup', zh: 'SIM卡备份',
    perYear: { DIAMOND: 4, PLATINUM: 3, GOLD: 3, SILVER: 2, HONOURED_GUEST: 1 } },
  { code: 'SIM_SWAP_ELSEWHERE', serviceClass: 'A_NETWORK', unit: 'TIME', en: 'Free SIM swap away from home', zh: '异地换卡、补卡',
    perYear: { DIAMOND: 6, PLATINUM: 4, GOLD: 3, SILVER: 1 } },
  { code: 'HANDSET_REPAIR', serviceClass: 'A_CUSTOMER', unit: 'TIME', en: 'Handset repair', zh: '手机维修',
    perYear: { DIAMOND: 4, PLATINUM: 3, GOLD: 2, SILVER: 1 } },
  { code: 'ROAMING_HANDSET', serviceClass: 'A_CUSTOMER', unit: 'DAY', en: 'Rented handset while roaming', zh: '漫游租机',
    perYear: { DIAMOND: 30, PLATINUM: 20, GOLD: 15, SILVER: 5 } },
];
