/** The other side of the file contract: what a billing system would send. Knows nothing of the application. */
export { BossFileWriter } from './boss-file-writer.js';
export type { BossFileHead } from './boss-file-writer.js';
export type { FileKind } from './boss-records.js';
export { writePopulation } from './write-population.js';
export type { ExpectedAnswer, WrittenPopulation } from './write-population.js';
export { writeIbmTelco } from './ibm-telco.js';
export type { WrittenIbmTelco } from './ibm-telco.js';
