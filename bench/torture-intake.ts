import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../src/platform/database/embedded-postgres.js';
import { startIntakeServer, type IntakeServer } from './intake-server.js';
import { newSecrets } from './served-application.js';
import { stateChecksums, type StateChecksum } from './state-checksum.js';
import { subscriptionLines, usageLines, writeBossFile } from './usage-file.js';

interface Wanted {
  readonly records: number;
  readonly kills: number;
  readonly seed: number;
  readonly random: () => number;
}

const CUSTOMERS = 50_000;
/** Of a few kills most must meet the file on its way, also when the machine has become faster since it was timed. */
const lateKills = (kills: number): number => Math.min(3, Math.floor(kills / 3));

/**
 * Billing sends a file of many records; the application is killed with SIGKILL at random moments of it, now before the answer, now
 * about when it is given, and started again; billing sends the same file again until it is answered. In the end every record is
 * there once, as in a system that nobody disturbed.
 */
export async function tortureIntake({ records, kills, seed, random }: Wanted): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guibin-torture-'));
  await chmod(dataDir, 0o755);
  const customers = Math.min(CUSTOMERS, Math.ceil(records / 10));
  const subscriptions = await writeBossFile(dataDir, { kind: 'SUB' }, subscriptionLines(customers));
  const usage = await writeBossFile(dataDir, { kind: 'USG' }, usageLines(records, customers));
  try {
    const undisturbed = await lived(join(dataDir, 'undisturbed'), subscriptions, async (server) => {
      await server.push(usage);
      return server;
    });
    console.log(`  undisturbed: ${undisturbed.seconds} s`);

    let [killed, answered] = [0, 0];
    const disturbed = await lived(join(dataDir, 'disturbed'), subscriptions, async (server, startAgain) => {
      let current = server;
      while (killed < kills) {
        const pushed = current.push(usage).then(
          () => true,
          () => false,
        );
        // The last ones also about the end and after it: the file may be stored and its answer lost.
        const latest = undisturbed.seconds * (kills - killed <= lateKills(kills) ? 1.05 : 0.75);
        const wait = Math.floor(random() * latest * 1000);
        await sleep(wait);
        await current.kill();
        killed += 1;
        const isAnswered = await pushed;
        if (isAnswered) answered += 1;
        console.log(`  killed after ${wait} ms, ${isAnswered ? 'answered' : 'not answered'}`);
        current = await startAgain();
      }
      await current.push(usage);
      return current;
    });
    const wrong = Object.keys(undisturbed.state).filter(
      (name) => JSON.stringify(disturbed.state[name]) !== JSON.stringify(undisturbed.state[name]),
    );
    for (const [name, { rows, checksum }] of Object.entries(disturbed.state))
      console.log(
        `  ${name.padEnd(10)} ${String(rows).padStart(9)} rows  ${checksum}${wrong.includes(name) ? '  DIFFERENT' : ''}`,
      );
    // Once the file is answered, kills meet no intake any more.
    const isTried = killed === kills && killed - answered >= kills / 2;
    const isRight = wrong.length === 0 && isTried && disturbed.state['usage']?.rows === records;
    console.log(
      JSON.stringify({
        name: 'intake',
        seed,
        records,
        kills: killed,
        answered,
        wrong,
        verdict: isRight ? 'ok' : 'failed',
      }),
    );
    return isRight;
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A system from its first start to its end, and what it holds then. */
async function lived(
  dataDir: string,
  subscriptions: string,
  live: (server: IntakeServer, startAgain: () => Promise<IntakeServer>) => Promise<IntakeServer>,
): Promise<{ readonly seconds: number; readonly state: Record<string, StateChecksum> }> {
  const postgres = await startEmbeddedPostgres({ dataDir, say: () => undefined });
  const secrets = newSecrets();
  let server: IntakeServer | undefined;
  const start = async (): Promise<IntakeServer> => (server = await startIntakeServer(postgres.url, dataDir, secrets));
  try {
    const first = await start();
    await first.push(subscriptions);
    const began = performance.now();
    const last = await live(first, start);
    const seconds = Math.round(performance.now() - began) / 1000;
    await last.stop();
    server = undefined;
    return { seconds, state: await stateChecksums(postgres.url) };
  } finally {
    await server?.kill();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
