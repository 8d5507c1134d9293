import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import { stateChecksums, type StateChecksum } from './state-checksum.js';
import { tortureIntake } from './torture-intake.js';
import { torturePointsFaults } from './torture-points-faults.js';
import { torturePointsRaces } from './torture-points-races.js';
import { tortureRegister } from './torture-register.js';
import { tortureTiers } from './torture-tiers.js';

/**
 * `npm run torture -- kill`: the whole application is killed with SIGKILL at random moments of the file intake, of the
 * tier run and of the points run, and started again; what is stored in the end must be what an undisturbed run stores.
 *
 * `npm run torture -- intake`: the API is killed while it takes in one large file, which billing sends again until it is answered.
 *
 * `npm run torture -- tiers`: the worker of a review of all levels is killed from its preparation to its end.
 *
 * `npm run torture -- order`: what billing says, in many orders of arrival.
 *
 * `npm run torture -- rule-sets`: random rule sets of levels, decided in SQL for everybody and in TypeScript one by one.
 *
 * `npm run torture -- points-model`: random lists of commands to the points ledger beside a naive model of it.
 *
 * `npm run torture -- points-races`: many clients at once on a few points accounts.
 *
 * `npm run torture -- points-faults`: connections of the points ledger that end, replies that are lost, runs that are killed.
 *
 * `npm run torture -- fuzz`: requests made from the OpenAPI document, right ones and damaged ones, by everybody who may ask.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string' },
    customers: { type: 'string' },
    reads: { type: 'string', default: '10000' },
    requests: { type: 'string', default: '20000' },
    records: { type: 'string', default: '1000000' },
    histories: { type: 'string', default: '200' },
    sets: { type: 'string', default: '5000' },
    lists: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '60' },
    clients: { type: 'string', default: '64' },
    faults: { type: 'string', default: '20' },
    shuffles: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
if (positionals[0] === 'fuzz') {
  const environment = { FUZZ_REQUESTS: values.requests, FUZZ_SEED: values.seed };
  process.exit(runSpec('test/api/fuzz.spec.ts', environment));
}
if (positionals[0] === 'order') {
  const environment = { ORDER_HISTORIES: values.histories, ORDER_SHUFFLES: values.shuffles, SEED: values.seed };
  process.exit(runSpec('test/scenarios/order-independence.spec.ts', environment));
}
if (positionals[0] === 'rule-sets') {
  const environment = { TIER_RULE_SETS: values.sets, SEED: values.seed };
  process.exit(runSpec('test/modules/tiering/a-million-like-one.spec.ts', environment));
}
if (positionals[0] === 'points-model') {
  const environment = { POINTS_LISTS: values.lists, SEED: values.seed };
  process.exit(runSpec('test/modules/points/random-command-lists.spec.ts', environment));
}
if (!['kill', 'register', 'intake', 'tiers', 'points-races', 'points-faults'].includes(positionals[0] ?? '')) {
  console.log('npm run torture -- kill [--kills 5] [--customers 3000] [--seed N]');
  console.log('npm run torture -- register [--reads 10000] [--kills 5] [--seed N]');
  console.log('npm run torture -- intake [--kills 20] [--records 1000000] [--seed N]');
  console.log('npm run torture -- tiers [--kills 20] [--customers 200000] [--seed N]');
  console.log('npm run torture -- order [--histories 200] [--shuffles 20] [--seed N]');
  console.log('npm run torture -- rule-sets [--sets 5000] [--seed N]');
  console.log('npm run torture -- points-model [--lists 10000] [--seed N]');
  console.log('npm run torture -- points-races [--seconds 60] [--clients 64] [--seed N]');
  console.log('npm run torture -- points-faults [--faults 20] [--customers 100000] [--seed N]');
  console.log('npm run torture -- fuzz [--requests 20000] [--seed N]');
  process.exit(positionals.length === 0 ? 0 : 1);
}

const PHASES = {
  intake: { from: 'pushing', to: 'deciding tiers' },
  'tier run': { from: 'deciding tiers', to: 'earning points' },
  'points run': { from: 'earning points', to: 'scoring' },
} as const;
type Phase = keyof typeof PHASES;

const wantedKills = Number(values.kills ?? (['intake', 'tiers'].includes(positionals[0] ?? '') ? 20 : 5));
const customers = values.customers ?? (positionals[0] === 'tiers' ? '200000' : '3000');

let state = Number(values.seed);
/** A small seeded generator (Lehmer): the same seed kills after the same waits. */
function random(): number {
  state = (state * 48271 + 11) % 2147483647;
  return state / 2147483647;
}

if (positionals[0] === 'points-races') {
  const [seconds, clients, seed] = [Number(values.seconds), Number(values.clients), Number(values.seed)];
  console.log(`seed ${seed}, ${clients} clients for ${seconds} s`);
  process.exit((await torturePointsRaces({ seconds, clients, seed, random })) ? 0 : 1);
}

if (positionals[0] === 'points-faults') {
  const [crowd, faults, seed] = [Number(values.customers ?? 100_000), Number(values.faults), Number(values.seed)];
  console.log(`seed ${seed}, ${crowd} customers, each fault ${faults} times`);
  process.exit((await torturePointsFaults({ customers: crowd, faults, seed, random })) ? 0 : 1);
}

if (positionals[0] === 'register') {
  console.log(`seed ${values.seed}, ${values.reads} reads, ${wantedKills} kills`);
  const wanted = { reads: Number(values.reads), kills: wantedKills, seed: Number(values.seed), random };
  process.exit((await tortureRegister(wanted)) ? 0 : 1);
}

if (positionals[0] === 'intake') {
  console.log(`seed ${values.seed}, ${values.records} records, ${wantedKills} kills`);
  const wanted = { records: Number(values.records), kills: wantedKills, seed: Number(values.seed), random };
  process.exit((await tortureIntake(wanted)) ? 0 : 1);
}

if (positionals[0] === 'tiers') {
  console.log(`seed ${values.seed}, ${customers} customers, ${wantedKills} kills`);
  const wanted = { customers: Number(customers), kills: wantedKills, seed: Number(values.seed), random };
  process.exit((await tortureTiers(wanted)) ? 0 : 1);
}

/** A test with other figures than it has in each build. */
function runSpec(spec: string, environment: Readonly<Record<string, string>>): number {
  const jest = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const { status } = spawnSync(process.execPath, [...jest, spec], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  return status ?? 1;
}

class Application {
  private readonly child: ChildProcess;
  private readonly seen: { line: string; at: number }[] = [];
  private ended = false;

  constructor(dataDir: string) {
    this.child = spawn(process.execPath, ['dist/src/main.js'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        PORT: '0',
        GUIBIN_DATA_DIR: dataDir,
        GUIBIN_DEMO_CUSTOMERS: customers,
        DATABASE_URL: '',
        REDIS_URL: process.env.REDIS_URL ?? '',
      },
    });
    if (this.child.stdout)
      createInterface(this.child.stdout).on('line', (line) => this.seen.push({ line, at: Date.now() }));
    this.child.once('exit', () => (this.ended = true));
  }

  /** When a line with this text was said; undefined when the application ended, or said `orElse` first. */
  async said(text: string, orElse?: string): Promise<number | undefined> {
    for (;;) {
      const found = this.seen.find(({ line }) => line.includes(text));
      if (found) return found.at;
      if (this.ended) throw new Error(`The application ended before it said “${text}”`);
      if (orElse && this.seen.some(({ line }) => line.includes(orElse))) return undefined;
      await sleep(2);
    }
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.ended) return;
    this.child.kill(signal);
    await once(this.child, 'exit');
  }
}

async function dataDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'guibin-torture-'));
  await chmod(directory, 0o755);
  return directory;
}

async function checksumsOf(dataDir: string): Promise<Record<string, StateChecksum>> {
  const server = await startEmbeddedPostgres({ dataDir, say: () => undefined });
  try {
    return await stateChecksums(server.url);
  } finally {
    await server.stop();
  }
}

console.log(
  `seed ${values.seed}, ${customers} customers, ${wantedKills} kills in each of: ${Object.keys(PHASES).join(', ')}`,
);

const undisturbed = await dataDirectory();
const reference = new Application(undisturbed);
await reference.said('ready on');
const lengths = new Map<Phase, number>();
for (const [phase, { from, to }] of Object.entries(PHASES) as [Phase, (typeof PHASES)[Phase]][]) {
  lengths.set(phase, ((await reference.said(to)) ?? 0) - ((await reference.said(from)) ?? 0));
}
await reference.end('SIGTERM');
const expected = await checksumsOf(undisturbed);
await rm(undisturbed, { recursive: true, force: true });
for (const [name, { rows, checksum }] of Object.entries(expected))
  console.log(`  ${name.padEnd(10)} ${String(rows).padStart(9)} rows  ${checksum}`);

let wrong = 0;
const kills = new Map<Phase, number>();
for (const phase of Object.keys(PHASES) as Phase[]) {
  for (let landed = 0, tries = 0; landed < wantedKills && tries < wantedKills * 5; tries++) {
    const dataDir = await dataDirectory();
    const { from, to } = PHASES[phase];
    const victim = new Application(dataDir);
    await victim.said(from);
    const wait = Math.floor(random() * (lengths.get(phase) ?? 0));
    await sleep(wait);
    const missed = await Promise.race([victim.said(to).then(() => true), sleep(0).then(() => false)]).catch(
      () => false,
    );
    await victim.end('SIGKILL');
    if (missed) {
      // The phase was over before the shot: this one does not count, but the server that it left behind must end.
      await checksumsOf(dataDir);
      await rm(dataDir, { recursive: true, force: true });
      continue;
    }
    landed += 1;
    const next = new Application(dataDir);
    await next.said('ready on');
    await next.end('SIGTERM');
    const actual = await checksumsOf(dataDir);
    const differing = Object.keys(expected).filter(
      (name) => JSON.stringify(actual[name]) !== JSON.stringify(expected[name]),
    );
    if (differing.length > 0) wrong += 1;
    console.log(
      `${phase}, killed after ${wait} ms: ${differing.length === 0 ? 'equal' : `DIFFERENT in ${differing.join(', ')}`}`,
    );
    await rm(dataDir, { recursive: true, force: true });
    kills.set(phase, landed);
  }
}
const total = [...kills.values()].reduce((sum, n) => sum + n, 0);
const short = Object.keys(PHASES).some((phase) => (kills.get(phase as Phase) ?? 0) < wantedKills);
console.log(
  JSON.stringify({
    name: 'kill',
    seed: Number(values.seed),
    kills: Object.fromEntries(kills),
    total,
    wrong,
    verdict: wrong === 0 && !short ? 'ok' : 'failed',
  }),
);
process.exit(wrong === 0 && !short ? 0 : 1);
