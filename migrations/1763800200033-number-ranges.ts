import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Which numbers were given to whom (号段表). A range that is given out, or taken back, is a row, not a release. */
export class NumberRanges1763800200033 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE customers.number_range (
        prefix text NOT NULL,
        length integer NOT NULL,
        operator text NOT NULL,
        kind text NOT NULL,
        valid_from date NOT NULL,
        valid_until date,
        source text NOT NULL,
        PRIMARY KEY (prefix, length, valid_from)
      )`);
    await q.query(`
      ALTER TABLE customers.number_range ADD CONSTRAINT number_range_shape CHECK (
        prefix ~ '^1[0-9]{2,4}$' AND length IN (11, 13) AND kind IN ('MOBILE', 'RESALE', 'SATELLITE', 'IOT'))`);
    await grant(q, 'customers.number_range', 'read-only');
    for (const [operator, kind, length, source, prefixes] of RANGES) {
      await q.query(
        `INSERT INTO customers.number_range (prefix, length, operator, kind, valid_from, source)
         SELECT prefix, $2, $3, $4, '2000-01-01', $5 FROM unnest($1::text[]) AS prefix`,
        [prefixes.split(' '), length, operator, kind, source],
      );
    }
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE customers.number_range');
  }
}

const MINISTRY = 'MIIT table of network codes, 31 March 2023';
const PUBLISHED = 'as the operators publish it';

const RANGES: readonly (readonly [operator: string, kind: string, length: number, source: string, prefixes: string])[] =
  [
    [
      'CMCC',
      'MOBILE',
      11,
      MINISTRY,
      '1340 1341 1342 1343 1344 1345 1346 1347 1348 135 136 137 138 139 150 151 152 157 158 159 172 178 182 183 184 187 188 195 197 198',
    ],
    ['CMCC', 'RESALE', 11, MINISTRY, '165 1703 1705 1706'],
    ['CMCC', 'IOT', 11, MINISTRY, '147 148'],
    ['CUCC', 'MOBILE', 11, MINISTRY, '130 131 132 145 155 156 166 175 176 185 186 196'],
    ['CUCC', 'RESALE', 11, MINISTRY, '167 171 1704 1707 1708 1709'],
    ['CUCC', 'IOT', 11, MINISTRY, '146'],
    ['CTCC', 'MOBILE', 11, MINISTRY, '133 153 173 177 180 181 189 190 191 193 199'],
    ['CTCC', 'RESALE', 11, MINISTRY, '162 1700 1701 1702'],
    ['CTCC', 'IOT', 11, MINISTRY, '149'],
    ['CTCC', 'SATELLITE', 11, MINISTRY, '13492 13493 13499 17400 17401 17402 17403 17404 17405'],
    ['CBN', 'MOBILE', 11, MINISTRY, '192'],
    // Machines have numbers of 13 digits; no customer of ours is reached by them.
    ['CMCC', 'IOT', 13, PUBLISHED, '1440'],
    ['CUCC', 'IOT', 13, PUBLISHED, '1400'],
    ['CTCC', 'IOT', 13, PUBLISHED, '1410'],
  ];
