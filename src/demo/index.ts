/** The other side of the file contract: what a billing system would send. Knows nothing of the application. */
export { BossFileWriter } from './boss-file-writer.js';
export type { BossFile, BossFileHead } from './boss-file-writer.js';
export { billLine, paymentLine, subscriptionLine, usageLine } from './boss-records.js';
export type {
  BillRecord,
  ContractLine,
  FileKind,
  PaymentRecord,
  SubscriptionRecord,
  UsageRecord,
} from './boss-records.js';
export { writePopulation } from './write-population.js';
export type {
  ExpectedAnswer,
  PopulationProgress,
  PopulationRequest,
  PopulationSummary,
  WrittenFile,
  WrittenPopulation,
} from './write-population.js';
export type { BorderCase } from './customer.js';
export type { DemoProvince } from './population.js';
export { writeIbmTelco } from './ibm-telco.js';
export type { IbmTelcoRequest, IbmTelcoSummary, WrittenIbmTelco } from './ibm-telco.js';
