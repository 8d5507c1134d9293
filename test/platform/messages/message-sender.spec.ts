import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  MessageNotSent,
  messageSender,
  NoMessageGateway,
  type MessageSender,
} from '../../../src/platform/messages/index.js';
import { TestClock } from '../../support/clock.js';
import { testSettings } from '../../support/serve.js';

describe('without an SMS gateway', () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'messages-'))));
  afterEach(() => rm(directory, { recursive: true }));

  const senderIn = (dataDir: string, production = false): MessageSender =>
    messageSender.useFactory(Object.assign(testSettings(), { dataDir, production }), new TestClock()) as MessageSender;
  const to = '+8613800138000';

  it('messages go to a file that only its user may open, which need not be there', async () => {
    const dataDir = join(directory, 'not', 'yet');
    await senderIn(dataDir).send({ to, text: '【贵宾】验证码482913\nand more' });
    const path = join(dataDir, 'one-time-codes.log');
    expect(await readFile(path, 'utf8')).toBe(
      '2026-02-01T01:00:00.000Z +86138****8000 【贵宾】验证码482913 and more\n',
    );
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('the newest hundred are kept, each of those that come at once', async () => {
    const sender = senderIn(directory);
    await Promise.all(Array.from({ length: 130 }, (_, i) => sender.send({ to, text: `message ${i}` })));
    const lines = (await readFile(join(directory, 'one-time-codes.log'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => Number(line.split(' ').at(-1)))).toEqual(Array.from({ length: 100 }, (_, i) => 30 + i));
    expect(await readdir(directory)).toEqual(['one-time-codes.log']);
  });

  it('a file that others could read is closed to them', async () => {
    for (const name of ['one-time-codes.log', 'one-time-codes.log.new']) {
      await writeFile(join(directory, name), 'left behind\n');
      await chmod(join(directory, name), 0o644);
    }
    await senderIn(directory).send({ to, text: 'a message' });
    const path = join(directory, 'one-time-codes.log');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(3);
  });

  it('one that could not be written is said to be so, and the next is tried again', async () => {
    await writeFile(join(directory, 'file'), '');
    const sender = senderIn(join(directory, 'file'));
    await expect(sender.send({ to, text: 'a message' })).rejects.toThrow(MessageNotSent);
    await rm(join(directory, 'file'));
    await expect(sender.send({ to, text: 'a message' })).resolves.toBeUndefined();
  });

  it('production sends none, and says so before it begins', async () => {
    const sender = senderIn(directory, true);
    expect(() => sender.assertAvailable()).toThrow(NoMessageGateway);
    await expect(sender.send({ to, text: 'a message' })).rejects.toThrow(NoMessageGateway);
    expect(await readdir(directory)).toEqual([]);
  });
});
