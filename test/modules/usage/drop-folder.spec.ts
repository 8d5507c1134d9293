import { createHash } from 'node:crypto';
import { link, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LoadDroppedFileJob } from '../../../src/modules/usage/jobs/load-dropped-file.job.js';
import { startTestApplication } from '../../support/application.js';
import { eventually } from '../../support/eventually.js';
import { aUsage, fileText, usageFile } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('the drop folder', () => {
  let folder: string;
  let intake: TestIntake;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'guibin-drop-'));
    intake = await startIntake({ intakeFolder: folder });
    await intake.customer('13800000001');
    await intake.sources.create({ source: 'BOSS' });
    await intake.dropped.execute();
  });
  afterEach(async () => {
    await intake.close();
    await rm(folder, { recursive: true, force: true });
  });

  const drop = async (file: { name: string; text: string }, chk = true): Promise<string> => {
    const bytes = gzipSync(file.text);
    await writeFile(join(folder, 'in', file.name), bytes);
    if (chk) await writeFile(join(folder, 'in', `${file.name}.chk`), `${sha256(bytes)}  ${file.name}\n`);
    return file.name;
  };
  const inside = async (part: string): Promise<string[]> => (await readdir(join(folder, part))).sort();
  const answerTo = (name: string): Promise<string> => readFile(join(folder, 'answer', `${name}.rsp`), 'utf8');
  const records = async (): Promise<unknown> =>
    (await intake.db.query('SELECT count(*)::int AS n FROM usage.usage_record'))[0];

  it('[USG-01] loads a whole file, answers beside it, and puts it away', async () => {
    const name = await drop(usageFile([aUsage(), aUsage({ recordId: 'U-2', msisdn: '13800000002' })]));
    expect(await intake.dropped.execute()).toEqual([name]);
    await intake.loading.execute(name);
    expect(await answerTo(name)).toBe(`H|${name}|PARTIAL|2|1|0|0|1\nR|3|U-2|HELD|UNKNOWN_CUSTOMER\n`);
    expect([await inside('in'), await inside('done'), await inside('bad')]).toEqual([[], [name], []]);
    expect(await records()).toEqual({ n: 1 });
  });

  it('[promise 3] loads a file once, though who loaded it died before it was put away', async () => {
    const name = await drop(usageFile([aUsage()]));
    await intake.loading.execute(name);
    await rename(join(folder, 'done', name), join(folder, 'in', name));
    await Promise.all([intake.loading.execute(name), intake.loading.execute(name)]);
    expect(await answerTo(name)).toContain(`H|${name}|OK|1|1|0|0|0\n`);
    expect([await inside('in'), await inside('done')]).toEqual([[], [name]]);
    expect(await records()).toEqual({ n: 1 });
  });

  it('does not touch a file before it is whole: its .chk is there, or nobody writes to it any more', async () => {
    intake.clock.time = new Date();
    const name = await drop(usageFile([aUsage()]), false);
    await writeFile(join(folder, 'in', `${usageFile([], { sequence: 2 }).name}.part`), 'half');
    expect(await intake.dropped.execute()).toEqual([]);
    intake.clock.time = new Date(Date.now() + 11_000);
    expect(await intake.dropped.execute()).toEqual([name]);
  });

  it('[promise 10] answers a file that is not the one of its .chk with BAD', async () => {
    const name = await drop(usageFile([aUsage()]));
    await writeFile(join(folder, 'in', `${name}.chk`), '0'.repeat(64));
    await intake.loading.execute(name);
    expect(await answerTo(name)).toBe(`H|${name}|BAD|0|0|0|0|0\nR|0||E_CHECKSUM|the file is not the one of its .chk\n`);
    expect(await inside('bad')).toEqual([name]);
    expect(await records()).toEqual({ n: 0 });
  });

  it('[promise 28] takes files of registered sources only', async () => {
    const name = await drop(usageFile([aUsage()], { source: 'CRM' }));
    await intake.loading.execute(name);
    expect(await answerTo(name)).toContain('|BAD|');
    expect(await records()).toEqual({ n: 0 });
  });

  it('follows no link and leaves the folder by no name', async () => {
    const secret = join(folder, 'secret');
    await writeFile(secret, usageFile([aUsage()]).text);
    const { name } = usageFile([aUsage()]);
    await symlink(secret, join(folder, 'in', name));
    await writeFile(join(folder, 'in', `${name}.chk`), '0'.repeat(64));
    await mkdir(join(folder, 'in', fileText({ sequence: 3, lines: [] }).name));
    await link(secret, join(folder, 'in', '13800000001.csv'));
    expect(await intake.dropped.execute()).toEqual([]);
    for (const path of [name, `../${name}`, `../secret`, `in/../../${name}`]) await intake.loading.execute(path);
    expect(await inside('in')).toHaveLength(4);
    expect(await inside('answer')).toEqual([]);
    expect(await records()).toEqual({ n: 0 });
  });

  it('offers files in the order of their dates and sequences', async () => {
    const names = [
      await drop(usageFile([aUsage()], { sequence: 12, date: '20250202' })),
      await drop(usageFile([aUsage()], { sequence: 2, date: '20250202' })),
      await drop(usageFile([aUsage()], { sequence: 30, date: '20250201' })),
    ];
    expect(await intake.dropped.execute()).toEqual([names[2], names[1], names[0]]);
  });

  it('[promise 22] gives a file up after its last attempt, with an alarm, until it is loaded after all', async () => {
    const job = new LoadDroppedFileJob(intake.loading);
    const name = await drop(usageFile([aUsage()]));
    await intake.db.query('ALTER TABLE usage.intake_file RENAME TO away');
    for (let attempt = 1; attempt < 5; attempt++) await expect(job.process({ name }, { attempt })).rejects.toThrow();
    expect(await inside('in')).toEqual([name, `${name}.chk`]);
    await job.process({ name }, { attempt: 5 });
    await intake.db.query('ALTER TABLE usage.away RENAME TO intake_file');
    const alarms = (): Promise<object[]> =>
      intake.db.query('SELECT kind, source, detail FROM usage.intake_alarm WHERE cleared_at IS NULL');
    expect(await alarms()).toEqual([{ kind: 'DEAD_LETTER', source: 'BOSS', detail: { file: name, attempts: 5 } }]);
    expect([await inside('in'), await inside('bad')]).toEqual([[], [name]]);
    await rename(join(folder, 'bad', name), join(folder, 'in', name));
    await job.process({ name }, { attempt: 1 });
    expect(await alarms()).toEqual([]);
    expect(await records()).toEqual({ n: 1 });
  });
});

describe('a worker over a drop folder', () => {
  it('[promise 27] loads what is dropped by itself, and no number stands in names, answers or jobs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guibin-drop-'));
    const application = await startTestApplication({ GUIBIN_INTAKE_FOLDER: folder });
    try {
      await application.call({
        method: 'POST',
        url: '/care-api/intake/v1/source',
        headers: application.administrator,
        payload: { source: 'BOSS' },
      });
      const file = usageFile([aUsage(), aUsage({ recordId: 'U-2', feeFen: -1 })]);
      const bytes = gzipSync(file.text);
      await eventually(() => readdir(join(folder, 'in')).catch(() => undefined));
      await writeFile(join(folder, 'in', `${file.name}.part`), bytes);
      await writeFile(join(folder, 'in', `${file.name}.chk`), sha256(bytes));
      await rename(join(folder, 'in', `${file.name}.part`), join(folder, 'in', file.name));
      const answer = await eventually(() =>
        readFile(join(folder, 'answer', `${file.name}.rsp`), 'utf8').catch(() => undefined),
      );
      expect(answer).toContain('|PARTIAL|2|0|0|1|1\n');
      const [jobs] = await application.database.query<{ text: string }>(
        `SELECT schema_to_xml('bullmq', true, true, '')::text AS text`,
      );
      expect(jobs?.text).toContain(file.name);
      for (const text of [jobs?.text, answer, ...(await readdir(folder, { recursive: true }))]) {
        expect(text).not.toMatch(/1380000000|MTM4MDAwMDAwMD/);
      }
    } finally {
      await application.close();
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
