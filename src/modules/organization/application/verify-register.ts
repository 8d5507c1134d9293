import { Injectable } from '@nestjs/common';
import { asSystem, Database } from '../../../platform/database/index.js';
import {
  breakAt,
  breakBetween,
  CHAINS,
  GENESIS,
  missingAfter,
  type Break,
  type ChainHead,
  type Standing,
} from '../domain/register-chain.js';
import { countUnchained, endOf, linesOf, seqsBetween } from '../persistence/register-rows.js';

export interface VerificationQuestion {
  /** Only lines from here on; what came before is taken as it stands. */
  readonly from?: Date | undefined;
  /** Only lines before. */
  readonly until?: Date | undefined;
  /** Only this chain. */
  readonly chain?: number | undefined;
  /** Heads that were kept outside: the chains must still lead to them. */
  readonly heads?: readonly ChainHead[] | undefined;
}

export interface RegisterVerification {
  readonly ok: boolean;
  readonly chains: number;
  /** Lines that hang where they should. */
  readonly lines: number;
  /** Lines of releases that had no chains: nothing can be said of them. */
  readonly unchained: number;
  /** The first break of each chain that has one. */
  readonly broken: readonly Break[];
}

/**
 * Walks along the chains of the access register and finds the first line of each that was altered, taken away or put in. Whoever
 * owns the database may write a whole chain anew, and its head: that is found with heads that were kept outside.
 */
@Injectable()
export class VerifyRegister {
  constructor(private readonly database: Database) {}

  async execute(question: VerificationQuestion = {}): Promise<RegisterVerification> {
    const chains = question.chain === undefined ? [...Array(CHAINS).keys()] : [question.chain];
    let lines = 0;
    const broken: Break[] = [];
    // A chain runs through all units: whoever may verify reads none of it.
    return asSystem(async () => {
      for (const chain of chains) {
        const walked = await this.walk(chain, question);
        lines += walked.lines;
        if (walked.broken) broken.push(walked.broken);
      }
      const unchained = await countUnchained(this.database);
      return { ok: broken.length === 0, chains: chains.length, lines, unchained, broken };
    });
  }

  private async walk(
    chain: number,
    { from, until, heads = [] }: VerificationQuestion,
  ): Promise<{ readonly lines: number; readonly broken?: Break | undefined }> {
    const known = new Map(heads.filter((head) => head.chain === chain).map(({ seq, hash }) => [seq, hash]));
    const end = await endOf(this.database, chain);
    const range = from || until ? await seqsBetween(this.database, chain, { from, until }) : undefined;
    if (until && !range) return { lines: 0 };

    let standing = await this.standAt(chain, from ? (range?.first ?? end.lastSeq + 1) - 1 : 0, known);
    if (!standing) return { lines: 0, broken: { chain, seq: (range?.first ?? 1) - 1, kind: 'missing' } };
    const upTo = until ? (range?.last ?? 0) : (end.head?.seq ?? end.lastSeq);
    let lines = 0;
    let broken: Break | undefined;
    for await (const line of linesOf(this.database, { chain, after: standing.seq, upTo })) {
      if (broken) {
        // Of two lines of one number the one that does not fit was put in.
        if (line.seq === broken.seq) broken = { ...broken, kind: 'inserted' };
        break;
      }
      broken = breakBetween(standing, line, known.get(line.seq));
      if (broken) continue;
      standing = { seq: line.seq, hash: line.rowHash, line };
      lines += 1;
    }
    if (!broken && standing.seq < upTo) broken = missingAfter(chain, standing);
    return { lines, broken: broken ?? (until ? undefined : await this.breakAtEnd(chain, standing, end, known)) };
  }

  /** The line with which the walk begins without looking at it; `undefined` when it is gone. */
  private async standAt(chain: number, seq: number, known: ReadonlyMap<number, Buffer>): Promise<Standing | undefined> {
    if (seq === 0) return { seq, hash: GENESIS };
    const hash = known.get(seq);
    if (hash) return { seq, hash };
    for await (const line of linesOf(this.database, { chain, after: seq - 1, upTo: seq })) {
      return { seq, hash: line.rowHash, line };
    }
    return undefined;
  }

  private async breakAtEnd(
    chain: number,
    last: Standing,
    { head, lastSeq }: Awaited<ReturnType<typeof endOf>>,
    known: ReadonlyMap<number, Buffer>,
  ): Promise<Break | undefined> {
    const mismatch: Break = last.line
      ? breakAt(last.line, 'head-mismatch')
      : { chain, seq: last.seq, kind: 'head-mismatch' };
    if (!head || head.seq < last.seq || !head.hash.equals(last.hash)) return mismatch;
    for await (const line of linesOf(this.database, { chain, after: head.seq, upTo: lastSeq })) {
      return breakAt(line, 'inserted');
    }
    return [...known.keys()].some((seq) => seq > last.seq) ? missingAfter(chain, last) : undefined;
  }
}
