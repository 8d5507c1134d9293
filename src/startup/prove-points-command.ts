import { provePoints } from '../modules/points/index.js';
import { Database } from '../platform/database/index.js';
import { startApplication } from './application.js';

/** `npm run points:prove`: proves that every balance equals its history; ends with 1 and the first rows when it does not. */
const running = await startApplication({ ...process.env, PORT: '0', GUIBIN_ROLE: 'api' }, (message) => console.log(`▸ ${message}`));
const proof = await provePoints(running.app.get(Database));
console.log(JSON.stringify(proof, null, 2));
await running.stop();
process.exit(proof.ok ? 0 : 1);
