import { AllottedNumbers } from '../../../src/modules/customers/index.js';
import { NumberRanges } from '../../../src/modules/customers/domain/number-ranges.js';
import { syntheticMsisdn } from '../../../src/demo/synthetic-identity.js';
import { Database } from '../../../src/platform/database/index.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const TODAY = '2026-02-01';

// The ministry's table as the operators' own programs write it; the rows of the database must say the same.
const PATTERNS = {
  CMCC: /^(?:134[0-8]\d{7}|1(?:3[5-9]|4[78]|5[0-27-9]|65|7[28]|8[2-478]|9[578])\d{8}|170[356]\d{7})$/,
  CUCC: /^(?:1(?:3[0-2]|4[56]|5[56]|6[67]|7[156]|8[56]|96)\d{8}|170[47-9]\d{7})$/,
  CTCC: /^(?:1(?:33|49|53|62|7[37]|8[019]|9[0139])\d{8}|1349[239]\d{6}|170[0-2]\d{7}|1740[0-5]\d{6})$/,
  CBN: /^192\d{8}$/,
};

describe('[CUS-07] the shipped table of number ranges (号段表)', () => {
  let db: TestDatabase;
  let numbers: AllottedNumbers;
  const clock = new TestClock(`${TODAY}T10:00:00+08:00`);

  beforeAll(async () => {
    db = await createTestDatabase();
    numbers = new AllottedNumbers(new Database(await db.dataSource()), clock);
  });
  afterAll(() => db.drop());

  it('gives no five-digit prefix to two operators, and each to the one that the ministry names', async () => {
    const all = (await numbers.all()).filter(({ length }) => length === 11);
    const table = await numbers.current();
    let allotted = 0;
    for (let prefix = 13_000; prefix <= 19_999; prefix++) {
      const number = `${prefix}000000`;
      const named = Object.entries(PATTERNS).flatMap(([operator, pattern]) => (pattern.test(number) ? [operator] : []));
      const claimed = new Set(all.filter((range) => number.startsWith(range.prefix)).map((each) => each.rangeOperator));
      expect([prefix, [...claimed]]).toEqual([prefix, named]);
      expect(table.rangeOf(number, TODAY)?.rangeOperator).toBe(named[0]);
      allotted += named.length;
    }
    expect(allotted).toBe(5_499);
  });

  it('has every number of the demo in a range of China Mobile', async () => {
    const table = await numbers.current();
    for (let i = 0; i < 20_000; i++) {
      expect(table.rangeOf(syntheticMsisdn(1, i), TODAY)?.rangeOperator).toBe('CMCC');
    }
  });

  it('is known anew within a minute of a change', async () => {
    const isThere = async () => (await numbers.current()).isAllotted('15400000000', TODAY);
    expect(await isThere()).toBe(false);
    await db.query(
      `INSERT INTO customers.number_range VALUES ('154', 11, 'CMCC', 'MOBILE', '2026-01-01', NULL, 'test')`,
    );
    expect(await isThere()).toBe(false);
    clock.set(`${TODAY}T10:01:00+08:00`);
    expect(await isThere()).toBe(true);
  });

  it('is looked up about a million times a second (the figure is printed)', () => {
    const table = new NumberRanges([
      {
        prefix: '138',
        length: 11,
        rangeOperator: 'CMCC',
        kind: 'MOBILE',
        validFrom: '2000-01-01',
        validUntil: undefined,
      },
    ]);
    const begun = process.cpuUsage();
    let found = 0;
    for (let i = 0; i < 1_000_000; i++) if (table.isAllotted(String(13_800_000_000 + i), TODAY)) found += 1;
    const took = process.cpuUsage(begun).user / 1000;
    console.log(`1,000,000 look-ups in ${Math.round(took)} ms`);
    expect([found, took < 3_000]).toEqual([1_000_000, true]);
  });
});
