import type { QueryRunner } from 'typeorm';
import { REQUEST_ROLE } from './acting.js';

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

/**
 * Rows of a customer are seen by requests only within the actor's scope: the second line behind the application's own checks. A
 * row belongs to whom `customers.customer` says, and there the scope decides.
 */
export async function protectCustomerRows(
  q: QueryRunner,
  table: string,
  customerColumn = 'customer_id',
): Promise<void> {
  await protectRows(
    q,
    table,
    `EXISTS (SELECT FROM customers.customer scoped WHERE scoped.customer_id = ${table.split('.')[1]}.${customerColumn})`,
  );
}

/** Requests see and write the rows for which the condition holds; the system itself all of them. */
export async function protectRows(q: QueryRunner, table: string, condition: string): Promise<void> {
  await q.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  await q.query(`CREATE POLICY everything ON ${table} TO ${APPLICATION_ROLE} USING (true)`);
  await q.query(`CREATE POLICY scope ON ${table} AS RESTRICTIVE TO ${REQUEST_ROLE} USING (${condition})`);
}

export async function unprotectRows(q: QueryRunner, table: string): Promise<void> {
  for (const policy of ['scope', 'everything']) await q.query(`DROP POLICY ${policy} ON ${table}`);
  await q.query(`ALTER TABLE ${table} DISABLE ROW LEVEL SECURITY`);
}

/** Permissions by the shipped role that gets them. */
export type RolePermissions = Readonly<Record<string, readonly string[]>>;

/** Gives shipped roles more permissions; one that may do everything needs none. */
export async function grantToRoles(q: QueryRunner, granted: RolePermissions): Promise<void> {
  for (const [role, permissions] of Object.entries(granted)) {
    await q.query(
      `UPDATE organization.role SET permissions = permissions || $2::text[]
       WHERE role = $1 AND NOT permissions @> ARRAY['*']`,
      [role, permissions],
    );
  }
}

export async function revokeFromRoles(q: QueryRunner, granted: RolePermissions): Promise<void> {
  for (const [role, permissions] of Object.entries(granted)) {
    await q.query(
      `UPDATE organization.role
       SET permissions = ARRAY(SELECT p FROM unnest(permissions) p WHERE p <> ALL ($2::text[])) WHERE role = $1`,
      [role, permissions],
    );
  }
}

/**
 * How a table would be stored on several servers (distributed by customer or by tenant, replicated, or kept local). Rows of
 * customers and of tenants are protected by row-level security; a test refuses a table of theirs that is not.
 */
export type TableKind = 'customer' | 'tenant' | 'directory' | 'reference' | 'operational';
export type TableKinds = Readonly<Record<string, TableKind>>;
