import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as refusals from '../../../src/platform/identity/client-refusals.js';
import { OrganizationFacade } from '../../../src/modules/organization/index.js';
import { startTestApplication, type TestApplication } from '../../support/application.js';
import { blocksOf, readPage, rowsOf, sectionOf } from '../../support/markdown.js';
import { aUsage, usageFile } from '../usage/support/boss-file.js';

const page = readPage('docs/system-clients.md');
const [signing, using, , rotating] = blocksOf(page);
const answers = blocksOf(page).filter(({ language }) => language === 'text');
const missing = ['bash', 'curl', 'openssl'].filter((tool) => spawnSync(tool, ['version']).error !== undefined);

describe('the page for systems that call the API', () => {
  if (missing.length > 0 && process.env.CI !== 'true') {
    it.skip(`could not be tried here: there is no ${missing.join(', no ')}`, () => undefined);
    return;
  }

  let application: TestApplication;
  let directory: string;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    application = await startTestApplication();
    directory = await mkdtemp(join(tmpdir(), 'guibin-page-'));
    const { apiKeyId, key } = await application.app.get(OrganizationFacade).ensureSystemKey('page', 'boss', 'BOSS');
    environment = {
      PATH: process.env.PATH,
      API: application.address,
      CLIENT_ID: apiKeyId,
      KEY: key,
      TOKEN: application.administrator['authorization']?.split(' ')[1],
    };
  }, 120_000);
  afterAll(async () => {
    await application.close();
    await rm(directory, { recursive: true, force: true });
  });

  const inBash = async (...scripts: readonly (string | undefined)[]): Promise<string> => {
    const bash = spawn('bash', ['-c', scripts.join('\n')], {
      cwd: directory,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    bash.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    bash.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await once(bash, 'close');
    return printed.trim();
  };

  it('signs in 25 lines of shell or fewer', () => {
    expect(signing?.text.trim().split('\n').length).toBeLessThanOrEqual(25);
  });

  it('prints what it says: with and without a body', async () => {
    expect(await inBash(signing?.text, using?.text)).toBe(answers[0]?.text.trim());
  });

  it('sends a file', async () => {
    const { name, text } = usageFile([aUsage()]);
    await writeFile(join(directory, name), gzipSync(text));
    const send = `NAME=${name}; ${/`(signed POST "[^`]+)`/.exec(page)?.[1]}`;
    expect(JSON.parse(await inBash(signing?.text, send))).toMatchObject({ name, state: 'PARTIAL', isRepeat: false });
  });

  it('prints what it says: before and after a rotation', async () => {
    expect(await inBash(signing?.text, rotating?.text)).toBe(answers[1]?.text.trim());
  });

  it('names every refusal', () => {
    const listed = rowsOf(sectionOf(page, 'Refusals')).map(([, code]) => code?.replaceAll('`', ''));
    const known = Object.values(refusals).map(({ code }) => code);
    expect(listed).toEqual(expect.arrayContaining(known));
    expect(listed.filter((code) => !known.some((each) => each === code))).toEqual([
      'access.invalid-credentials',
      'request.too-many',
    ]);
  });
});
