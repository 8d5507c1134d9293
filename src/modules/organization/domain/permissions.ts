/** Every permission that a route may ask for. */
export const ALL_PERMISSIONS = [
  'organization.read',
  'organization.manage',
  'organization.audit',
  'customers.read',
  'customers.manage',
  'customers.unmask',
  'usage.read',
  'usage.push',
  'tiering.read',
  'tiering.run',
  'tiering.manage',
  'points.read',
  'points.redeem',
  'points.run',
  'points.prove',
  'tickets.read',
  'tickets.create',
  'tickets.work',
  'routing.contact',
  'routing.agent',
  'routing.manage',
  'routing.read',
  'analytics.read',
  'analytics.run',
  'operations.read',
  'operations.run',
] as const;

/** `*` in a role means all of them, also those of a later release. */
export function permissionsOf(roles: readonly { readonly permissions: readonly string[] }[]): readonly string[] {
  const granted = new Set(roles.flatMap(({ permissions }) => permissions));
  return granted.has('*') ? ALL_PERMISSIONS : [...granted];
}
