/** `fields=status,relatedParty.name` as a tree; an empty branch means the whole attribute. */
export interface FieldTree {
  readonly [attribute: string]: FieldTree;
}

const ALWAYS = ['id', 'href', '@type'] as const;

/** Reads the value of `fields`; `undefined` when everything is wanted. */
export function parseFields(text: string | undefined): FieldTree | undefined {
  if (!text) return undefined;
  const tree = branch();
  for (const path of text.split(',').filter((part) => part.length > 0)) {
    let at = tree;
    for (const step of path.split('.')) at = at[step] ??= branch();
  }
  return tree;
}

type Branch = { [attribute: string]: Branch };
// Without a prototype, `fields=constructor` is a name like any other.
const branch = (): Branch => Object.create(null) as Branch;

/**
 * The view with the chosen attributes only. `id`, `href` and `@type` are always there; names that the view does not have
 * are passed over, since TM Forum resources may be extended by attributes that are absent today.
 */
export function selectFields<T extends object>(view: T, fields: FieldTree | undefined): Partial<T> {
  return fields ? (pick(view, fields) as Partial<T>) : view;
}

function pick(value: unknown, fields: FieldTree): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, fields));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const chosen: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const wanted = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (wanted && Object.keys(wanted).length > 0) chosen[name] = pick(inner, wanted);
    else if (wanted || ALWAYS.some((always) => always === name)) chosen[name] = inner;
  }
  return chosen;
}
