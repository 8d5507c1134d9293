import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeIbmTelco } from '../../src/demo/index.js';
import type { FileKind, WrittenIbmTelco } from '../../src/demo/index.js';
import { readBossFile } from './boss-file.js';

const csvPath = join(process.cwd(), '../shared/data/ibm-telco-customer-churn.csv');
const isThere = existsSync(csvPath);
if (!isThere) console.warn('The IBM telco set is not at ../shared/data: its conversion is not tested.');

(isThere ? describe : describe.skip)('the IBM telco set as contract files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ibm-telco-'));
  let written: WrittenIbmTelco;
  beforeAll(async () => {
    written = await writeIbmTelco({ csvPath, directory });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const recordsOf = (kind: FileKind): readonly (readonly string[])[] =>
    written.files.filter((file) => file.kind === kind).flatMap((file) => readBossFile(file.path).records);
  const rows = (): readonly (readonly string[])[] =>
    readFileSync(csvPath, 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','));

  const fenOf = (dollars: string | undefined): number => Math.round(Number(dollars) * 100);

  it('loses none of the 7,043 customers, 1,869 departed, 11 without a bill', () => {
    const { customers, departed, newcomersWithoutBill } = written.summary;
    expect({ customers, departed, newcomersWithoutBill }).toEqual({
      customers: 7043,
      departed: 1869,
      newcomersWithoutBill: 11,
    });
    const snapshots = recordsOf('SUB');
    expect(new Set(snapshots.map((record) => record[3])).size).toBe(7043);
    expect(new Set(snapshots.map((record) => record[4])).size).toBe(7043);
    expect(snapshots.filter((record) => record[13] === 'TERMINATED')).toHaveLength(1869);
    expect(new Set(recordsOf('BIL').map((record) => record[2])).size).toBe(7043 - 11);
  });

  it('bills each of the last months up to thirteen, to the total where the whole history lies in the window', () => {
    const billed = new Map<string, { count: number; fen: number }>();
    for (const bill of recordsOf('BIL')) {
      const known = billed.get(bill[2] ?? '') ?? { count: 0, fen: 0 };
      billed.set(bill[2] ?? '', { count: known.count + 1, fen: known.fen + Number(bill[15]) });
    }
    const wrong = rows().filter((row) => {
      const tenure = Number(row[5]);
      const bills = billed.get(row[0] ?? '');
      if (tenure === 0) return bills !== undefined;
      const fen = tenure <= 13 ? fenOf(row[19]) : 13 * fenOf(row[18]);
      return bills?.count !== Math.min(tenure, 13) || bills.fen !== fen;
    });
    expect(wrong).toEqual([]);
  });

  it('keeps the invariant of every bill and the trailer of every file', () => {
    const categories = (bill: readonly string[]): number =>
      bill.slice(5, 15).reduce((sum, fen) => sum + Number(fen), 0);
    expect(recordsOf('BIL').filter((bill) => categories(bill) !== Number(bill[15]) || Number(bill[15]) < 0)).toEqual(
      [],
    );
    for (const { path } of written.files) {
      const { trailer, records, bodySha256 } = readBossFile(path);
      expect([trailer[1], trailer[7]]).toEqual([String(records.length), bodySha256]);
    }
  });

  it('activates everybody so many months before February 2026 as the set says', () => {
    const activated = new Map(recordsOf('SUB').map((record) => [record[3], record[12] ?? '']));
    const wrong = rows().filter((row) => {
      const [year = 0, month = 0] = (activated.get(row[0]) ?? '').split('-').map(Number);
      return 2026 * 12 + 2 - (year * 12 + month) !== Math.max(1, Number(row[5]));
    });
    expect(wrong).toEqual([]);
  });
});
