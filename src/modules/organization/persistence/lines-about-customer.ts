// Published: what the registers say of the customer $1, for his own eyes. Members of the staff appear by their role.

export const ACCESS_LINES_ABOUT_CUSTOMER = `
  SELECT occurred_at AS "occurredAt", actor_kind AS "actorKind", actor_role AS "actorRole", action,
    field_groups AS "fieldGroups", purpose, result
  FROM organization.access_register WHERE customer_ids @> ARRAY[$1::uuid] ORDER BY occurred_at, entry_id`;

export const AUDIT_LINES_ABOUT_CUSTOMER = `
  SELECT occurred_at AS "occurredAt", actor_kind AS "actorKind", actor_role AS "actorRole", action,
    object_type AS "objectType", changed_fields AS "changedFields"
  FROM organization.audit_entry WHERE customer_id = $1::uuid ORDER BY occurred_at, entry_id`;
