import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Papers that real-name registration (实名登记) takes, and since when; a new paper is a new row. */
export class DocumentKinds1763800200030 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE customers.document_kind (
        code text PRIMARY KEY,
        name_en text NOT NULL,
        name_zh text NOT NULL,
        pattern text NOT NULL,
        pattern_means text NOT NULL,
        is_resident_number boolean NOT NULL,
        accepted_from date,
        accepted_until date,
        rule_source text NOT NULL
      )`);
    await grant(q, 'customers.document_kind', 'read-only');
    for (const kind of KINDS) {
      await q.query(`INSERT INTO customers.document_kind VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [...kind]);
    }
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE customers.document_kind');
  }
}

const ORDER_25 = '电话用户真实身份信息登记规定 (MIIT order 25, 2013), article 7';
const RESIDENT = ['^\\d{17}[\\dX]$', '17 digits and a digit or X', true] as const;

type Kind = readonly [
  code: string,
  nameEn: string,
  nameZh: string,
  pattern: string,
  patternMeans: string,
  isResidentNumber: boolean,
  acceptedFrom: string | null,
  acceptedUntil: string | null,
  source: string,
];
const KINDS: readonly Kind[] = [
  ['ID_CARD', 'Resident identity card', '居民身份证', ...RESIDENT, null, null, `${ORDER_25}; GB 11643-1999`],
  [
    'ID_CARD_15',
    'Resident identity card, first generation',
    '第一代居民身份证',
    '^\\d{15}$',
    '15 digits',
    false,
    null,
    '2012-12-31',
    '居民身份证法 (2011), closing article: invalid from 1 January 2013',
  ],
  ['TEMPORARY_ID_CARD', 'Temporary identity card', '临时居民身份证', ...RESIDENT, null, null, ORDER_25],
  ['HOUSEHOLD_BOOK', 'Household register', '户口簿', ...RESIDENT, null, null, ORDER_25],
  [
    'MILITARY_ID',
    'Military identity card',
    '军人身份证件',
    '^(?:\\p{Script=Han}{1,4}字第?)?\\d{4,12}号?$',
    'the number as it stands on the card, e.g. 军字第1234567号',
    false,
    null,
    null,
    ORDER_25,
  ],
  [
    'ARMED_POLICE_ID',
    'Armed police identity card',
    '武装警察身份证件',
    '^(?:\\p{Script=Han}{1,4}字第?)?\\d{4,12}号?$',
    'the number as it stands on the card, e.g. 武字第1234567号',
    false,
    null,
    null,
    ORDER_25,
  ],
  [
    'HK_MACAU_PERMIT',
    'Mainland travel permit for residents of Hong Kong and Macau',
    '港澳居民来往内地通行证',
    '^[HM]\\d{8}(?:\\d{2})?$',
    'H or M and 8 digits, or 10 with the number of renewals',
    false,
    null,
    null,
    ORDER_25,
  ],
  [
    'TAIWAN_PERMIT',
    'Mainland travel permit for residents of Taiwan',
    '台湾居民来往大陆通行证',
    '^\\d{8}(?:\\d{2})?$',
    '8 digits, or 10 on an older permit',
    false,
    null,
    null,
    ORDER_25,
  ],
  [
    'HMT_RESIDENCE_PERMIT',
    'Residence permit for residents of Hong Kong, Macau and Taiwan',
    '港澳台居民居住证',
    '^8[123]\\d{15}[\\dX]$',
    '81, 82 or 83, 15 digits, and a digit or X',
    true,
    '2018-09-01',
    null,
    '港澳台居民居住证申领发放办法 (2018)',
  ],
  [
    'PASSPORT',
    'Passport',
    '护照',
    '^[A-Z0-9]{5,9}$',
    '5 to 9 letters and digits',
    false,
    null,
    null,
    `${ORDER_25}; ICAO 9303`,
  ],
  [
    'FOREIGN_PERMANENT_RESIDENT',
    "Foreigner's permanent residence card",
    '外国人永久居留身份证',
    '^(?:[A-Z]{3}\\d{12}|9\\d{16}[\\dX])$',
    '3 letters and 12 digits, or 18 characters from 9 on',
    false,
    null,
    null,
    '外国人在中国永久居留审批管理办法; 18 characters since 1 December 2023',
  ],
];
