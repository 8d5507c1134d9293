import type { Purpose } from './consent.js';
import { PERSONAL_GROUPS, type PersonalGroup } from './main-facts.js';
import { GroupNotPermitted, PurposeDoesNotCover, UnknownDisclosurePurpose } from './refusals.js';

export interface DisclosureRequest {
  /** Default: all that the actor may see and the purpose covers. */
  readonly groups?: readonly PersonalGroup[] | undefined;
  readonly purpose: string;
}

/**
 * The groups of fields that one actor is shown in plain for one purpose: never more than both of them allow.
 * @param permitted groups whose permission the actor holds
 * @throws UnknownDisclosurePurpose, GroupNotPermitted, PurposeDoesNotCover
 */
export function groupsToDisclose(
  { groups, purpose: code }: DisclosureRequest,
  permitted: readonly PersonalGroup[],
  purposes: readonly Purpose[],
): readonly PersonalGroup[] {
  const possible = purposes.filter(({ isForDisclosure }) => isForDisclosure);
  const purpose = possible.find((each) => each.code === code);
  if (!purpose) throw new UnknownDisclosurePurpose(possible.map((each) => each.code));
  const covered = PERSONAL_GROUPS.filter((group) => purpose.fieldGroups.includes(group));
  const asked = groups ?? covered.filter((group) => permitted.includes(group));
  const forbidden = asked.find((group) => !permitted.includes(group)) ?? (asked.length === 0 ? covered[0] : undefined);
  if (forbidden) throw new GroupNotPermitted(forbidden);
  const uncovered = asked.find((group) => !covered.includes(group));
  if (uncovered) throw new PurposeDoesNotCover(code, uncovered, covered);
  return PERSONAL_GROUPS.filter((group) => asked.includes(group));
}
