import { jest } from '@jest/globals';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePopulation, type ExpectedAnswer } from '../../src/demo/index.js';
import { StartedApplication } from '../support/started-application.js';

jest.setTimeout(300_000);

const CUSTOMERS = 1000;

/** The figure of a line in the printed summary. */
function figure(output: string, name: string): number {
  const found = new RegExp(`^ +${name} +([\\d,]+)`, 'm').exec(output);
  if (!found?.[1]) throw new Error(`The summary has no line “${name}”:\n${output}`);
  return Number(found[1].replaceAll(',', ''));
}

describe('the first start on a bare machine', () => {
  let dataDir: string;
  let application: StartedApplication;
  const start = (environment: Record<string, string> = {}): StartedApplication =>
    StartedApplication.start({ GUIBIN_DATA_DIR: dataDir, GUIBIN_DEMO_CUSTOMERS: String(CUSTOMERS), ...environment });

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'guibin-start-'));
    await chmod(dataDir, 0o755);
    application = start();
    await application.ready();
  });
  afterAll(async () => {
    await application.end('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  it('takes in exactly what the billing system sent, and says so', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'guibin-files-'));
    const { summary, files } = await writePopulation({ customers: CUSTOMERS, directory });
    await rm(directory, { recursive: true });
    const sum = (of: (expected: ExpectedAnswer) => number): number =>
      Object.values(summary.expected).reduce((total, expected) => total + of(expected), 0);
    expect({
      files: figure(application.said, 'files'),
      read: figure(application.said, 'records read'),
      accepted: figure(application.said, 'accepted'),
      duplicate: figure(application.said, 'duplicate'),
      rejected: figure(application.said, 'rejected'),
      held: figure(application.said, 'held'),
      retained: figure(application.said, 'customers retained \\(保留档案\\)'),
    }).toEqual({
      files: files.length,
      read: sum(({ records }) => records),
      accepted: sum(({ accepted }) => accepted),
      duplicate: sum(({ duplicates }) => duplicates),
      rejected: sum(({ rejected }) => Object.values(rejected).reduce((a, b) => a + b, 0)),
      held: sum(({ unknownAccount }) => unknownAccount),
      retained: summary.departed,
    });
    for (const tier of ['diamond', 'platinum', 'gold', 'silver', 'honoured guest', 'ordinary']) {
      expect(figure(application.said, tier)).toBeGreaterThan(0);
    }
    expect(figure(application.said, 'points issued \\(积分\\)')).toBeGreaterThan(0);
    expect(figure(application.said, 'customers at risk \\(离网预警\\)')).toBeGreaterThan(0);
  });

  it('lets the administrator in with the password that it printed', async () => {
    const address = await application.ready();
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    const password = (await application.says(/the password (\S+)/))[1];
    const session = await fetch(`${address}/care-api/organization/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    });
    expect([200, 201]).toContain(session.status);
  });

  it('takes it in as history, of which no customer is told', async () => {
    const address = await application.ready();
    const password = (await application.says(/the password (\S+)/))[1];
    const api = async (path: string, options: RequestInit = {}): Promise<unknown> =>
      (await fetch(address + path, options)).json();
    const { accessToken } = (await api('/care-api/organization/v1/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password }),
    })) as { accessToken: string };
    const files = await api('/care-api/intake/v1/file?limit=100', {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(new Set((files as { lane: string }[]).map(({ lane }) => lane))).toEqual(new Set(['backfill']));
  });

  it('does not start twice on the same data', async () => {
    const second = start();
    expect(await second.end()).toBe(1);
    expect(second.said).toMatch(/already running .* GUIBIN_DATA_DIR/s);
  });

  it('ends cleanly on Ctrl-C, keeps its data, and starts again without loading anything', async () => {
    expect(await application.end('SIGINT')).toBe(0);
    await expect(readFile(join(dataDir, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT');
    application = start();
    await application.ready();
    expect(application.said).not.toMatch(/password|pushing|brought up to date/);
    expect(application.said).not.toContain('left behind');
  });

  it('ends cleanly on Ctrl-C while it is still starting', async () => {
    const early = await mkdtemp(join(tmpdir(), 'guibin-early-'));
    await chmod(early, 0o755);
    const starting = start({ GUIBIN_DATA_DIR: early });
    await starting.says(/made the keys/); // the database runs, the application does not yet
    expect(await starting.end('SIGINT')).toBe(0);
    await expect(readFile(join(early, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT');
    await rm(early, { recursive: true });
  });

  it('says which port is taken and the way out, and leaves no database behind', async () => {
    await application.end('SIGTERM');
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => other.once('listening', listening));
    const { port } = other.address() as { port: number };
    const blocked = start({ PORT: String(port) });
    expect(await blocked.end()).toBe(1);
    other.close();
    expect(blocked.said).toContain(`Port ${port} is taken`);
    expect(blocked.said).toContain(`PORT=${port + 1}`);
    await expect(readFile(join(dataDir, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT');
  });

  it('names bad settings, not their values', async () => {
    const wrong = start({ PORT: 'eighty', GUIBIN_ROLE: 'boss' });
    expect(await wrong.end()).toBe(1);
    expect(wrong.said).toMatch(/PORT must be a port number.*|GUIBIN_ROLE must be api, worker or all/);
    expect(wrong.said).not.toContain('eighty');
  });
});
