import { isKept, type Bench } from './bench.js';

const NAMES = [
  'intake-file',
  'intake-again',
  'intake-online',
  'intake-curve',
  'tier-run',
  'tier-incremental',
  'points-earn',
  'points-redeem',
  'points-bill-run',
  'points-prove',
  'points-authorise',
  'register-read',
];

const [name] = process.argv.slice(2);
if (!name || !NAMES.includes(name)) {
  console.log(`npm run bench -- NAME, where NAME is one of:`);
  for (const known of NAMES) console.log(`  ${known.padEnd(16)} ${(await load(known)).describe}`);
  process.exit(name ? 1 : 0);
}
const result = await (await load(name)).run();
console.log(JSON.stringify(result));
const missed = result.promised.filter((promised) => !isKept(promised));
for (const promised of missed) console.error(`Missed: ${JSON.stringify(promised)}`);
process.exit(missed.length > 0 ? 1 : 0);

async function load(name: string): Promise<Bench> {
  const { bench } = (await import(new URL(`./${name}.js`, import.meta.url).href)) as { bench: Bench };
  return bench;
}
