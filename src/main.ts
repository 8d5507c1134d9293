import { InvalidSettings } from './platform/config/index.js';
import { DataDirectoryInUse } from './platform/database/embedded-postgres.js';
import { PortInUse, startApplication, type RunningApplication } from './startup/application.js';
import { firstStart } from './startup/first-start.js';

const say = (message: string): void => console.log(`▸ ${message}`);

let starting: Promise<RunningApplication> | undefined;
let stopping: Promise<void> | undefined;

async function stop(exitCode: number): Promise<void> {
  stopping ??= (async () => {
    say('stopping');
    // What has begun to start is started before it is stopped; what did not start has stopped itself.
    const running = await starting?.catch(() => undefined);
    await running?.stop();
  })();
  await stopping;
  process.exit(exitCode);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A second Ctrl-C means: now. The next start recovers what this leaves behind.
    if (stopping) process.exit(1);
    void stop(0);
  });
}

try {
  starting = startApplication(process.env, say);
  await firstStart(await starting, say);
} catch (error) {
  const known = error instanceof InvalidSettings || error instanceof DataDirectoryInUse || error instanceof PortInUse;
  if (!stopping) console.error(known ? error.message : error);
  await stop(1);
}
