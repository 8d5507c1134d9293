import type { Type } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExtraModels, ApiQuery, getSchemaPath } from '@nestjs/swagger';
import { DEFAULT_LIMIT, isOrdered, MAX_LIMIT, sortableOf } from './list-request.js';
import type { Attribute, Resource } from './resource.js';

const LIST = Symbol('list');
const TAKES_FILES = Symbol('takes files');

/** The resource that a route lists, when it has a `@ListQuery`. */
export const listedBy = (handler: object): Resource | undefined =>
  Reflect.getMetadata(LIST, handler) as Resource | undefined;

export function documentList(target: object, key: string | symbol, resource: Resource): void {
  const descriptor = methodOf(target, key);
  Reflect.defineMetadata(LIST, resource, descriptor.value as object);
  const apply = (decorator: MethodDecorator): void => void decorator(target, key, descriptor);
  const query = (name: string, schema: object, description: string): void =>
    apply(ApiQuery({ name, required: false, schema, description }));

  query('offset', { type: 'integer', minimum: 0, default: 0 }, 'Number of resources to skip');
  query(
    'limit',
    { type: 'integer', minimum: 0, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
    'Number of resources on the page',
  );
  query(
    'fields',
    { type: 'string' },
    'Attributes to answer, `a,b.c`; `id`, `href` and `@type` always are. Names that a resource does not have are passed over.',
  );
  query(
    'sort',
    { type: 'string', default: resource.defaultSort },
    `\`-a,b\`: by a descending, then b. Knows: ${sortableOf(resource).join(', ') || 'the default only'}`,
  );
  for (const [name, attribute] of Object.entries(resource.attributes)) {
    if (!attribute.filter) continue;
    const ranges = isOrdered(attribute) ? ` Also ${name}.gt, .gte, .lt and .lte with one value.` : '';
    query(name, schemaOf(attribute), `${attribute.description ?? 'Filter'}; several values by comma.${ranges}`);
    if (!isOrdered(attribute)) continue;
    for (const [suffix, meaning] of RANGES) query(`${name}.${suffix}`, schemaOf(attribute), meaning);
  }
}

export function documentFile(target: object, key: string | symbol, types: readonly string[]): void {
  const descriptor = methodOf(target, key);
  ApiConsumes(...types)(target, key, descriptor);
  ApiBody({ required: true, schema: { type: 'string', format: 'binary' } })(target, key, descriptor);
}

export function documentJsonOrFile(
  target: object,
  key: string | symbol,
  json: readonly Type[],
  types: readonly string[],
): void {
  const descriptor = methodOf(target, key);
  Reflect.defineMetadata(TAKES_FILES, true, descriptor.value as object);
  ApiExtraModels(...json)(target, key, descriptor);
  ApiConsumes('application/json', ...types)(target, key, descriptor);
  const schema = {
    oneOf: [...json.map((type) => ({ $ref: getSchemaPath(type) })), { type: 'string', format: 'binary' }],
  };
  ApiBody({ required: true, schema })(target, key, descriptor);
}

/** Whether the route takes files beside JSON. */
export const takesFiles = (handler: object): boolean => Reflect.getMetadata(TAKES_FILES, handler) === true;

const RANGES = [
  ['gt', 'Greater than'],
  ['gte', 'From'],
  ['lt', 'Less than'],
  ['lte', 'Up to'],
] as const;

const SCHEMAS: Readonly<Record<Attribute['type'], object>> = {
  text: { type: 'string' },
  id: { type: 'string' },
  enum: { type: 'string' },
  integer: { type: 'integer' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  instant: { type: 'string', format: 'date-time' },
};

const schemaOf = (attribute: Attribute): object =>
  attribute.values
    ? { type: 'string', description: `One or more of ${attribute.values.join(', ')}` }
    : SCHEMAS[attribute.type];

function methodOf(target: object, key: string | symbol): PropertyDescriptor {
  const descriptor = Object.getOwnPropertyDescriptor(target, key);
  if (!descriptor) throw new Error(`${String(key)} is not a method`);
  return descriptor;
}
