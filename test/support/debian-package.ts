import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const isInPath = (program: string): Promise<boolean> =>
  run('sh', ['-c', `command -v ${program}`]).then(
    () => true,
    () => false,
  );

/** Sees to it that a program is there, from the distribution's package when it is not. Answers why it is missing, if it is. */
export async function needsProgram(program: string, debianPackage: string): Promise<string | undefined> {
  if (await isInPath(program)) return undefined;
  if (process.getuid?.() !== 0) return `there is no ${program} in PATH`;
  try {
    // Two suites may come here at once, and apt does not wait for itself.
    const install = `command -v ${program} || { apt-get update -qq && apt-get install -y -qq ${debianPackage}; }`;
    await run('flock', [join(tmpdir(), 'guibin-apt.lock'), 'sh', '-c', install], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch {
    return `there is no ${program} in PATH and the package could not be installed`;
  }
  return (await isInPath(program)) ? undefined : `the package brought no ${program}`;
}
