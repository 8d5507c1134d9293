import type { Program } from './program.js';
import { kindAndScale, RuleSetDocumentRefused } from './refusals-of-rule-sets.js';
import { checksumOf } from './rule-set-checksum.js';
import type { RuleSet, RuleSetBody, RuleSetKind } from './rule-set.js';

/** A rule set as it travels between installations: everything that decides, and nothing of who approved it where. */
export interface RuleSetDocument {
  readonly format: typeof DOCUMENT_FORMAT;
  readonly program: string;
  readonly kind: RuleSetKind;
  readonly scale: readonly string[];
  readonly version: string;
  readonly effectiveFrom: string;
  readonly effectiveUntil: string;
  /** As it came, until it is checked. */
  readonly body: object;
  /** SHA-256 of the canonical body. */
  readonly checksum: string;
}

export const DOCUMENT_FORMAT = 'guibin-rule-set-1';

export const documentOf = (ruleSet: RuleSet): RuleSetDocument & { readonly body: RuleSetBody } => ({
  format: DOCUMENT_FORMAT,
  program: ruleSet.program,
  kind: ruleSet.kind,
  scale: ruleSet.scale,
  version: ruleSet.version,
  effectiveFrom: ruleSet.effectiveFrom,
  effectiveUntil: ruleSet.effectiveUntil,
  body: ruleSet.body,
  checksum: ruleSet.checksum,
});

/**
 * Levels are compared by name: the same document means the same only on the same scale.
 * @throws RuleSetDocumentRefused
 */
export function requireTakable(document: RuleSetDocument, program: Pick<Program, 'kind' | 'scale'>): void {
  if (checksumOf(document.body as RuleSetBody) !== document.checksum) {
    throw new RuleSetDocumentRefused('checksum', 'that of the body; the document was changed on its way');
  }
  const expected = kindAndScale(program.kind, program.scale);
  if (kindAndScale(document.kind, document.scale) !== expected) throw new RuleSetDocumentRefused('scale', expected);
}
