import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BossFileWriter } from '../../src/demo/index.js';
import type { BossFileHead } from '../../src/demo/index.js';
import { readBossFile } from './boss-file.js';

describe('writing a contract file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'boss-file-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  const head: BossFileHead = {
    directory,
    kind: 'USG',
    source: 'BOSS',
    province: '440000',
    businessDate: '2025-02-01',
    sequence: 12,
    createdAt: '2025-02-01T06:00:00+08:00',
    recordCountHint: 3,
  };

  it('is named by kind, source, province, date, sequence and version', async () => {
    const file = await new BossFileWriter(head).close();
    expect(file.name).toBe('USG_BOSS_440000_20250201_000012_01.csv.gz');
    expect(file.path).toBe(join(directory, file.name));
  });

  it('writes an empty day as a file without records, not as no file', async () => {
    const file = await new BossFileWriter({ ...head, sequence: 13 }).close();
    const { header, lines, trailer, bodySha256 } = readBossFile(file.path);
    expect(header).toEqual(['H', '01', 'BOSS', '440000', '20250201', '13', '2025-02-01T06:00:00+08:00', '3']);
    expect(lines).toEqual([]);
    expect(trailer).toEqual(['T', '0', '0', '0', '0', '', '', bodySha256]);
    expect(bodySha256).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('sums up in the trailer what it wrote, Chinese characters and block borders included', async () => {
    const writer = new BossFileWriter({ ...head, sequence: 14 });
    const lines = 50_000;
    for (let n = 0; n < lines; n++) {
      const day = String((n % 28) + 1).padStart(2, '0');
      writer.append({
        text: `D|${n}|王小明|${'x'.repeat(n % 50)}`,
        at: `2025-01-${day}T10:00:00+08:00`,
        feeFen: n,
        minutes: 2,
        volumeKb: 3,
      });
      await writer.room();
    }
    const file = await writer.close();
    const read = readBossFile(file.path);
    expect(file.records).toBe(lines);
    expect(read.lines).toHaveLength(lines);
    expect(read.lines[77]).toBe(`D|77|王小明|${'x'.repeat(27)}`);
    expect(read.trailer).toEqual([
      'T',
      String(lines),
      String((lines * (lines - 1)) / 2),
      String(2 * lines),
      String(3 * lines),
      '2025-01-01T10:00:00+08:00',
      '2025-01-28T10:00:00+08:00',
      read.bodySha256,
    ]);
  });

  it('says so when the disk refuses', async () => {
    const writer = new BossFileWriter({ ...head, directory: join(directory, 'is-not-there') });
    await expect(writer.close()).rejects.toThrow('ENOENT');
  });
});
