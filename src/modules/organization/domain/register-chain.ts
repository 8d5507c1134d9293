import { createHash } from 'node:crypto';
import { REGISTERED_IDS, type AccessEntry } from './access-entry.js';

/** What one line of the register says. Every field takes part in its hash. */
export interface LineContent {
  readonly action: string;
  readonly actorId: string;
  readonly actorKind: string;
  readonly actorRole: string;
  readonly chain: number;
  readonly clientAddress: string | null;
  readonly customerCount: number;
  readonly customerIds: readonly string[];
  readonly entryId: string;
  readonly fieldGroups: readonly string[];
  readonly objectId: string | null;
  readonly objectType: string | null;
  /** UTC with microseconds, as the database keeps it: `2026-02-01T01:00:00.000000Z`. */
  readonly occurredAt: string;
  readonly purpose: string;
  readonly refusal: string | null;
  readonly requestId: string;
  readonly result: string;
  /** From 1 on, without gaps within a chain. */
  readonly seq: number;
  readonly sessionId: string | null;
  readonly ticketRef: string | null;
  readonly unitId: string | null;
}

export interface RegisterLine extends LineContent {
  readonly prevHash: Buffer;
  readonly rowHash: Buffer;
}

/** The last line of a chain. */
export interface ChainHead {
  readonly chain: number;
  readonly seq: number;
  readonly hash: Buffer;
}

export const CHAINS = 16;

/** What the first line of a chain hangs on. */
export const GENESIS = Buffer.alloc(32);

export type UnchainedLine = Omit<LineContent, 'chain' | 'seq'>;

/** The line of a look, in a form that the database gives back as it got it. */
export function lineOf(entry: AccessEntry, registered: { readonly entryId: string; readonly at: Date }): UnchainedLine {
  const { actor, object, refusal } = entry;
  const customerIds = entry.customerIds.filter((id) => UUID.test(id)).map((id) => id.toLowerCase());
  return {
    action: storable(entry.action),
    actorId: storable(actor.id),
    actorKind: actor.kind,
    actorRole: storable(actor.role),
    clientAddress: orNull(actor.clientAddress),
    customerCount: entry.customerCount ?? customerIds.length,
    customerIds: customerIds.slice(0, REGISTERED_IDS),
    entryId: registered.entryId,
    fieldGroups: entry.fieldGroups.map(storable),
    objectId: orNull(object?.id),
    objectType: orNull(object?.type),
    occurredAt: registered.at.toISOString().replace('Z', '000Z'),
    purpose: storable(entry.purpose ?? 'service'),
    refusal: orNull(refusal),
    requestId: storable(actor.requestId),
    result: refusal === undefined ? 'granted' : 'refused',
    sessionId: orNull(actor.sessionId),
    ticketRef: orNull(entry.ticketRef),
    unitId: actor.unitId?.toLowerCase() ?? null,
  };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LONGEST_TEXT = 256;

// The database takes neither NUL nor half a surrogate pair, and one bad line must not hold up those beside it.
const storable = (text: string): string =>
  Buffer.from(text.slice(0, LONGEST_TEXT)).toString().replaceAll('\0', '\ufffd');

const orNull = (text: string | undefined): string | null => (text === undefined ? null : storable(text));

const FIELDS = [
  'action', 'actorId', 'actorKind', 'actorRole', 'chain', 'clientAddress', 'customerCount', 'customerIds', 'entryId',
  'fieldGroups', 'objectId', 'objectType', 'occurredAt', 'purpose', 'refusal', 'requestId', 'result', 'seq',
  'sessionId', 'ticketRef', 'unitId',
] as const satisfies readonly (keyof LineContent)[]; // prettier-ignore

/** The line as RFC 8785 canonical JSON: sorted keys, no spaces; what is unknown is `null`. */
export const canonicalJson = (line: LineContent): string => JSON.stringify(line, [...FIELDS]);

/** `SHA-256(prevHash ‖ canonical JSON of the line)`. */
export const hashOf = (prevHash: Buffer, line: LineContent): Buffer =>
  createHash('sha256').update(prevHash).update(canonicalJson(line)).digest();

/** Hangs lines on a chain, in their order. */
export function chainUp(
  head: ChainHead,
  contents: readonly UnchainedLine[],
): { readonly lines: readonly RegisterLine[]; readonly head: ChainHead } {
  let { seq, hash } = head;
  const lines = contents.map((content): RegisterLine => {
    const line = { ...content, chain: head.chain, seq: ++seq };
    const prevHash = hash;
    hash = hashOf(prevHash, line);
    return { ...line, prevHash, rowHash: hash };
  });
  return { lines, head: { chain: head.chain, seq, hash } };
}

export interface Break {
  readonly chain: number;
  readonly seq: number;
  /** Of a line that is there. */
  readonly entryId?: string | undefined;
  /** Of the line; of a missing one, when the one before was written. */
  readonly occurredAt?: string | undefined;
  /**
   * `altered`: the line is not what was written. `missing`: there is none of this number. `inserted`: one too many.
   * `head-mismatch`: the chain does not end where it should, or does not lead to the hash that was kept outside.
   */
  readonly kind: BreakKind;
}

export const BREAK_KINDS = ['altered', 'missing', 'inserted', 'head-mismatch'] as const;
export type BreakKind = (typeof BREAK_KINDS)[number];

/** Where a walk along a chain stands: at the last line that was found good. */
export interface Standing {
  readonly seq: number;
  readonly hash: Buffer;
  readonly line?: RegisterLine;
}

/**
 * Whether the next line of a chain hangs on the one before.
 * @param known the hash of this line that was kept outside, if any.
 */
export function breakBetween(before: Standing, line: RegisterLine, known?: Buffer): Break | undefined {
  if (line.seq === before.seq) return breakAt(line, 'inserted');
  if (line.seq !== before.seq + 1) return missingAfter(line.chain, before);
  if (!hashOf(line.prevHash, line).equals(line.rowHash)) return breakAt(line, 'altered');
  // A line that is whole and remembers another one before it: that one was written anew, its hash with it.
  if (!line.prevHash.equals(before.hash)) return breakAt(before.line ?? line, 'altered');
  return known && !known.equals(line.rowHash) ? breakAt(line, 'head-mismatch') : undefined;
}

export const breakAt = ({ chain, seq, entryId, occurredAt }: RegisterLine, kind: BreakKind): Break => ({
  chain,
  seq,
  entryId,
  occurredAt,
  kind,
});

export const missingAfter = (chain: number, { seq, line }: Standing): Break => ({
  chain,
  seq: seq + 1,
  occurredAt: line?.occurredAt,
  kind: 'missing',
});
