import { isDeepStrictEqual } from 'node:util';
import { Refusal } from '../errors/index.js';
import type { Resource } from './resource.js';

export class AttributeNotPatchable extends Refusal {
  static readonly code = 'patch.attribute-not-patchable';
  static readonly kind = 'malformed';
  constructor(names: readonly string[], patchable: readonly string[] | undefined) {
    const expected = patchable ? `; ${patchable.join(', ') || 'nothing'} can be` : '';
    super(
      AttributeNotPatchable.code,
      AttributeNotPatchable.kind,
      `${names.join(', ')} cannot be changed by a client${expected}`,
      { field: names[0], fields: names, ...(patchable && { expected: patchable }) },
    );
  }
}

/**
 * RFC 7386: the resource as it would be after the patch. `null` removes, objects merge, everything else replaces.
 * An attribute that is not patchable may be present when it has its present value: clients send whole resources back.
 *
 * @throws AttributeNotPatchable naming every attribute that only the server sets.
 */
export function applyMergePatch<T extends object>(
  current: T,
  patch: object,
  resource: Pick<Resource, 'patchable' | 'serverSet'>,
): T {
  const sent = Object.entries(patch).filter(([, value]) => value !== undefined);
  const forbidden = sent.filter(
    ([name, value]) => !isPatchable(resource, name) && !isDeepStrictEqual(plain(read(current, name)), plain(value)),
  );
  if (forbidden.length > 0)
    throw new AttributeNotPatchable(
      forbidden.map(([name]) => name),
      resource.patchable,
    );
  const allowed = sent.filter(([name]) => isPatchable(resource, name));
  return mergePatch(current, Object.fromEntries(allowed)) as T;
}

/** RFC 7386 itself, without any say about who may change what. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const merged = new Map(Object.entries(isJsonObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

const SERVER_SET = ['id', 'href', '@type'];

const isPatchable = ({ patchable, serverSet }: Pick<Resource, 'patchable' | 'serverSet'>, name: string): boolean =>
  !SERVER_SET.includes(name) && (serverSet ? !serverSet.includes(name) : (patchable?.includes(name) ?? false));

const isJsonObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const read = (holder: object, name: string): unknown =>
  Object.hasOwn(holder, name) ? (holder as Record<string, unknown>)[name] : undefined;

/** As a client would see it: instants as text, no classes. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
