import { readFile } from 'node:fs/promises';

interface Operation {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly description?: string }>>;
  readonly security?: readonly object[];
}

export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly minItems?: number;
}

/** What is committed; that it is what the code says is held by the build. */
export const document = JSON.parse(await readFile('openapi/openapi.json', 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

export const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([verb, operation]) => {
    const method = verb.toUpperCase();
    return { name: `${method} ${path}`, method, path, operation };
  }),
);

/** HTTP's own refusals, which the document names once for all operations. */
const PROTOCOL = new Set([
  'request.malformed-json', 'request.malformed-url', 'request.unknown-route', 'request.method-not-allowed',
  'request.too-large', 'request.unsupported-media-type', 'request.header-fields-too-large',
  'request.invalid-reason',
]); // prettier-ignore

/** Does the document say that the operation at this address may answer this? */
export function isDocumented(asked: { method: string; url: string }, status: number, code: string): boolean {
  if (PROTOCOL.has(code)) return true;
  const steps = (asked.url.split('?')[0] ?? '').split('/');
  const found = operations.filter(({ method, path }) => {
    const pattern = path.split('/');
    const isSame = (step: string, at: number): boolean => step.startsWith('{') || step === steps[at];
    return method === asked.method && pattern.length === steps.length && pattern.every(isSame);
  });
  return found.some(({ operation }) => operation.responses[status]?.description?.includes(`\`${code}\``));
}

/** The example that the console shows: every attribute that has one, and none that has not. */
export function exampleOf(schema: Schema): unknown {
  if (schema.example !== undefined) return schema.example;
  const [only] = schema.allOf ?? schema.oneOf ?? [];
  if (only) return exampleOf(only);
  if (schema.$ref) return exampleOf(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.properties) {
    const shown = Object.entries(schema.properties).map(([name, inner]) => [name, exampleOf(inner)] as const);
    return Object.fromEntries(shown.filter(([, value]) => value !== undefined));
  }
  if (schema.items && (schema.minItems ?? 0) > 0) return [exampleOf(schema.items)];
  return undefined;
}

/** The schema itself where there is only a reference to it. */
export const resolved = (schema: Schema): Schema =>
  schema.$ref ? resolved(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
