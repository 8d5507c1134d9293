export * from './tx.js';
export * from './ids.js';
export * from './database.js';
export type { TableKind, TableKinds } from './migration-tools.js';
