import type { RowsOf } from '../database/index.js';

export type AttributeType = 'text' | 'enum' | 'integer' | 'instant' | 'date' | 'boolean' | 'id';

export interface Attribute {
  readonly type: AttributeType;
  /** SQL expression that filters compare and sorting orders by, e.g. `t.status`. Written by us, never by a client. */
  readonly column?: string;
  /**
   * For attributes of a list inside the resource: the whole condition, given the placeholder of an **array** of values, e.g.
   * ``(values) => `EXISTS (SELECT 1 FROM tickets.related_party r WHERE r.ticket_id = t.id AND r.party_id = ANY(${values}))` ``.
   * Without `column` and `where` the value is parsed and left to the query: see `filterValues`.
   */
  readonly where?: (values: string) => string;
  readonly filter?: boolean;
  readonly sort?: boolean;
  /** The values of an `enum`. */
  readonly values?: readonly string[];
  readonly description?: string;
}

export interface ResourceDeclaration {
  /** TM Forum's name of the type, the `@type` of each answer. */
  readonly type: string;
  /** Full path of the collection. */
  readonly path: string;
  /** By name or dotted path. What is not declared here can be neither filtered nor sorted by. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** E.g. `-creationDate`. */
  readonly defaultSort: string;
  /** SQL of the identity, which makes every order total. Default: the column of the attribute `id`. */
  readonly idColumn?: string;
  /** Lists keep to the actor's scope: say what their rows have to do with customers. */
  readonly rowsOf?: RowsOf;
  /** Attributes that a client may change with PATCH (closed list). */
  readonly patchable?: readonly string[];
  /** For TMF resources, which keep attributes that we do not know: everything may be patched but these (open list). */
  readonly serverSet?: readonly string[];
}

export type Resource = ResourceDeclaration & { readonly idColumn: string };

/**
 * Declares a resource once: what may be filtered, sorted and patched. Lists, their SQL, the documentation and merge patch
 * all read this declaration.
 *
 * @throws Error at start-up when the declaration contradicts itself.
 */
export function defineResource(declaration: ResourceDeclaration): Resource {
  const idColumn = declaration.idColumn ?? declaration.attributes['id']?.column;
  if (!idColumn) throw new Error(`${declaration.type} needs an attribute id with a column, or idColumn`);
  for (const [name, attribute] of Object.entries(declaration.attributes)) {
    if (attribute.sort && !attribute.column) throw new Error(`${declaration.type}.${name} has no column to sort by`);
    if (attribute.type === 'enum' && !attribute.values) throw new Error(`${declaration.type}.${name} needs its values`);
  }
  for (const key of declaration.defaultSort.split(',')) {
    const name = key.replace(/^-/, '');
    if (!declaration.attributes[name]?.column) throw new Error(`${declaration.type} cannot be sorted by ${name}`);
  }
  return { ...declaration, idColumn };
}

/** The address of one resource. It is derived, never stored, and relative so that it holds behind any proxy. */
export const hrefOf = (resource: Pick<Resource, 'path'>, id: string): string =>
  `${resource.path}/${encodeURIComponent(id)}`;

/** The three attributes that every resource answers: `{...headOf(tickets, row.id), …}`. */
export const headOf = (resource: Pick<Resource, 'path' | 'type'>, id: string): ResourceHead => ({
  id,
  href: hrefOf(resource, id),
  '@type': resource.type,
});

export interface ResourceHead {
  readonly id: string;
  readonly href: string;
  readonly '@type': string;
}
