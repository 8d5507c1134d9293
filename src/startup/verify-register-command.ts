import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { VerifyRegister, type ChainHead } from '../modules/organization/index.js';
import { startApplication } from './application.js';

const say = (message: string): void => console.log(`▸ ${message}`);

/**
 * `npm run register:verify -- [--heads FILE …] [--chain N]`: proves that nobody changed the access register; ends with 1 and the
 * lines that do not fit when somebody did. FILE: an answer of registerHead that was kept outside.
 */
const { values } = parseArgs({
  options: { heads: { type: 'string', multiple: true, default: [] }, chain: { type: 'string' } },
});
const heads = (await Promise.all(values.heads.map(headsIn))).flat();
const running = await startApplication({ ...process.env, PORT: '0', GUIBIN_ROLE: 'api' }, say);
try {
  const chain = values.chain === undefined ? undefined : Number(values.chain);
  const verification = await running.app.get(VerifyRegister).execute({ heads, chain });
  console.log(JSON.stringify({ ...verification, heads: heads.length }, null, 2));
  process.exitCode = verification.ok ? 0 : 1;
} finally {
  await running.stop();
}
process.exit();

async function headsIn(file: string): Promise<ChainHead[]> {
  const heads = JSON.parse(await readFile(file, 'utf8')) as readonly {
    chain?: unknown;
    seq?: unknown;
    hash?: unknown;
  }[];
  return heads.map(({ chain, seq, hash }) => {
    if (
      typeof chain !== 'number' ||
      typeof seq !== 'number' ||
      typeof hash !== 'string' ||
      !/^[0-9a-f]{64}$/.test(hash)
    ) {
      throw new Error(`${file} is no answer of registerHead`);
    }
    return { chain, seq, hash: Buffer.from(hash, 'hex') };
  });
}
