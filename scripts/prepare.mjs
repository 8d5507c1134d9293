// Runs before node_modules exists, so it uses nothing but Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Guibin needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs what package-lock.json names, unless that is there already. */
export function install() {
  const stamp = join(root, 'node_modules', '.guibin-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  step('Installing libraries (about a minute the first time)', () =>
    // Not `npm ci`: it demands lock entries for the binaries of every other platform, which not every registry has.
    run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev']),
  );
  writeFileSync(stamp, wanted);
}

/** Compiles the sources, unless nothing has changed since the last time. */
export function build() {
  const stamp = join(root, 'dist', '.built');
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  step('Compiling', () => {
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    run(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'build']);
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Runs a command in the project's folder; a failure ends this process with its exit code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

export function step(title, work) {
  const start = Date.now();
  console.log(`▸ ${title} …`);
  work();
  console.log(`  ${title}: ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stats = statSync(path);
    if (stats.isDirectory()) for (const entry of readdirSync(path).sort()) visit(join(path, entry));
    else hash.update(`${path}:${stats.size}:${stats.mtimeMs}\n`);
  };
  for (const part of [
    'src',
    'migrations',
    'bench',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'nest-cli.json',
  ]) {
    visit(join(root, part));
  }
  return hash.digest('hex');
}
