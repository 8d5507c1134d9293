export * from './tx.js';
export * from './ids.js';
export * from './database.js';
export type { RowCursor } from './row-cursor.js';
export type { TableKind, TableKinds } from './migration-tools.js';
export { acting, actingFor, asSystem, onItsOwn, type Acting } from './acting.js';
export { scopeCondition, unrestrictedCondition, type RowsOf } from './scope-condition.js';
export { WriteAudit } from './write-audit.js';
export { readInPages } from './read-in-pages.js';
