import { provePoints } from '../modules/points/index.js';
import { Transaction } from '../platform/database/index.js';
import { startApplication } from './application.js';

const say = (message: string): void => console.log(`▸ ${message}`);

/** `npm run points:prove`: proves that every balance equals its history; ends with 1 and the first rows when it does not. */
const running = await startApplication({ ...process.env, PORT: '0', GUIBIN_ROLE: 'api' }, say);
try {
  const transaction = running.app.get(Transaction);
  const proof = await provePoints(transaction);
  console.log(JSON.stringify(proof, null, 2));
  process.exitCode = proof.ok ? 0 : 1;
} finally {
  await running.stop();
}
process.exit();
