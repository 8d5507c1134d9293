import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { startTestApplication, type TestApplication } from '../support/application.js';
import { blocksOf, readPage, sectionOf } from '../support/markdown.js';

const tour = blocksOf(sectionOf(readPage('README.md'), 'Tour'));
const steps = tour.flatMap(({ language, text, title }, at) =>
  language === 'sh' ? [{ title, commands: text, answer: tour[at + 1]?.text }] : [],
);
const missing = ['bash', 'curl'].filter((tool) => spawnSync(tool, ['--version']).error !== undefined);

describe('the tour of the README, pasted into one bash', () => {
  // A reader's machine may lack them; where the tour is guarded, it must not be passed over.
  if (missing.length > 0 && process.env.CI !== 'true') {
    it.skip(`could not be taken here: there is no ${missing.join(', no ')}`, () => undefined);
    return;
  }

  let application: TestApplication;
  let printed: readonly string[];
  let complaints: string;

  beforeAll(async () => {
    application = await startTestApplication();
    const { address, administratorPassword } = application;
    ({ printed, complaints } = await inOneBash(
      steps.map(({ commands }) => commands),
      { API: address, PASSWORD: administratorPassword },
    ));
  }, 240_000);
  afterAll(() => application?.close());

  it.each(steps.map(({ title, answer }, at) => [title, at, answer] as const))(
    'prints what the page says: %s',
    (_, at, answer) => {
      expect(complaints + (printed[at] ?? 'nothing: bash ended before')).toBe(answer);
    },
  );

  it('has an answer to every block', () => {
    expect(steps.length).toBeGreaterThan(10);
    expect(tour.map(({ language }) => language)).toEqual(steps.flatMap(() => ['sh', 'text']));
  });
});

async function inOneBash(
  blocks: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly printed: readonly string[]; readonly complaints: string }> {
  const END = '---- end of the block ----';
  const script = blocks.map((block) => `${block}\necho '${END}'\n`).join('');
  // NODE_OPTIONS is Jest's, not the reader's.
  const bash = spawn('bash', ['-c', script], {
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complaints = '';
  bash.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  bash.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  await once(bash, 'close');
  return { printed: printed.split(`${END}\n`).slice(0, -1), complaints };
}
