import pg from 'pg';

const INT8 = 20;
const DATE = 1082;

/**
 * Money (fen), points and volumes are integers far below 2^53, so `bigint` columns become JavaScript numbers; one that
 * would lose a digit is an error, never a wrong figure. Dates stay `YYYY-MM-DD`: a day has no time zone.
 */
export function installPgTypes(): void {
  pg.types.setTypeParser(INT8, (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new Error('A bigint left the range that is exact in JavaScript');
    return value;
  });
  pg.types.setTypeParser(DATE, (text) => text);
}
