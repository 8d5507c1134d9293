import { NotBelow } from './refusals.js';

/**
 * From the top: the whole operator, a province, a branch (city), a business hall. A tenant is a merchant that uses parts of the
 * system for its own members (M-CRM): it may be below each of them and sees nothing but itself.
 */
export const UNIT_KINDS = ['group', 'province', 'branch', 'hall', 'tenant'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

export interface Unit {
  readonly unitId: string;
  readonly parentId: string | undefined;
  readonly kind: UnitKind;
  /** Unique within its kind; a province's is its division code, e.g. `440000`. */
  readonly code: string;
  readonly name: string;
  /** Ids from the root to this unit, `/…/…/`: what starts with it is below it. */
  readonly path: string;
  readonly version: number;
}

/** The unit that all others are below; it is shipped. */
export const ROOT_UNIT_ID = '019a9d00-0000-7000-8000-000000000001';

/**
 * Path of a new unit below its parent.
 * @throws NotBelow unless the parent is of a higher kind; kinds may be passed over (a hall of a province).
 */
export function pathBelow(parent: Pick<Unit, 'kind' | 'path'>, unit: Pick<Unit, 'kind' | 'unitId'>): string {
  if (UNIT_KINDS.indexOf(parent.kind) >= UNIT_KINDS.indexOf(unit.kind)) throw new NotBelow(unit.kind, parent.kind);
  return `${parent.path}${unit.unitId}/`;
}
