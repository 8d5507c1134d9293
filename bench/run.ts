import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Bench } from './bench.js';

const directory = dirname(fileURLToPath(import.meta.url));
const OTHERS = [
  'run.js',
  'bench.js',
  'bare-copy.js',
  'intake-server.js',
  'usage-file.js',
  'torture.js',
  'torture-intake.js',
  'torture-register.js',
  'state-checksum.js',
  'served-application.js',
];
const names = (await readdir(directory))
  .filter((file) => file.endsWith('.js') && !OTHERS.includes(file))
  .map((file) => basename(file, '.js'));

const [name] = process.argv.slice(2);
if (!name || !names.includes(name)) {
  console.log(`npm run bench -- NAME, where NAME is one of:`);
  for (const known of names) console.log(`  ${known.padEnd(16)} ${(await load(known)).describe}`);
  process.exit(name ? 1 : 0);
}
const result = await (await load(name)).run();
console.log(JSON.stringify(result));
process.exit(0);

async function load(name: string): Promise<Bench> {
  const { bench } = (await import(pathToFileURL(join(directory, `${name}.js`)).href)) as { bench: Bench };
  return bench;
}
