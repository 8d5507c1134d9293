import type { QueryRunner } from 'typeorm';

/** The role that the running application takes. It owns nothing, so grants are a real limit. */
export const APPLICATION_ROLE = 'guibin_app';

export type Access = 'read-write' | 'append-only' | 'read-only';

const RIGHTS: Record<Access, string> = {
  'read-write': 'SELECT, INSERT, UPDATE, DELETE',
  'append-only': 'SELECT, INSERT',
  'read-only': 'SELECT',
};

/** Creates a module's schema and lets the application see into it. */
export async function createSchema(q: QueryRunner, schema: string): Promise<void> {
  await q.query(`CREATE SCHEMA ${schema}`);
  await q.query(`GRANT USAGE ON SCHEMA ${schema} TO ${APPLICATION_ROLE}`);
}

/** Grants the application its rights on a table or view; ledgers and registers are `append-only`. */
export async function grant(q: QueryRunner, relation: string, access: Access): Promise<void> {
  await q.query(`GRANT ${RIGHTS[access]} ON ${relation} TO ${APPLICATION_ROLE}`);
}

/** How a table would be stored on several servers (distributed by customer, replicated, or kept local). */
export type TableKind = 'customer' | 'directory' | 'reference' | 'operational';
export type TableKinds = Readonly<Record<string, TableKind>>;
