import type { Row, Statement } from './tx.js';

/** Carries out one statement as a transaction of its own. */
type CarryOut = <R extends object = Row>(statement: Statement, params: readonly unknown[]) => Promise<R[]>;

interface Waiting {
  readonly params: readonly unknown[];
  answer(rows: Row[] | Promise<Row[]>): void;
}

/** More gain little by sharing, and wait for one another longer. */
const MOST_AT_ONCE = 64;

/**
 * Statements that come while others are under way wait for them, and then share a transaction with those of their kind: what a transaction
 * costs is paid once for all. Who comes alone waits for nobody. What hinders many is tried for each alone, so that nobody fails for
 * somebody else's fault.
 */
export class Together {
  private readonly waiting = new Map<Statement, Waiting[]>();
  private isUnderWay = false;

  constructor(private readonly carryOut: CarryOut) {}

  ask<R extends object>(statement: Statement, params: readonly unknown[]): Promise<R[]> {
    return new Promise<Row[]>((answer) => {
      const queue = this.waiting.get(statement) ?? [];
      this.waiting.set(statement, queue);
      queue.push({ params, answer });
      // Whoever comes in the same turn of the event loop is in time.
      setImmediate(() => void this.depart());
    }) as Promise<R[]>;
  }

  private async depart(): Promise<void> {
    if (this.isUnderWay) return;
    this.isUnderWay = true;
    for (let next = this.next(); next; next = this.next()) await this.travel(...next);
    this.isUnderWay = false;
  }

  /** The first of one kind; that kind goes to the end, so that each has its turn. Who comes twice takes the next. */
  private next(): [Statement, readonly Waiting[]] | undefined {
    const [first] = this.waiting;
    if (!first) return undefined;
    const [statement, queue] = first;
    const going = new Map<unknown, Waiting>();
    const staying: Waiting[] = [];
    for (const each of queue) {
      if (going.size === MOST_AT_ONCE || going.has(each.params[0])) staying.push(each);
      else going.set(each.params[0], each);
    }
    this.waiting.delete(statement);
    if (staying.length > 0) this.waiting.set(statement, staying);
    return [statement, [...going.values()]];
  }

  private async travel(statement: Statement, going: readonly Waiting[]): Promise<void> {
    const answers = going.length > 1 ? await this.forMany(statement, going) : new Map<number, Row[]>();
    const alone: Promise<Row[]>[] = [];
    for (const [i, { params, answer }] of going.entries()) {
      const rows = answers.get(i + 1) ?? this.carryOut(statement, params);
      answer(rows);
      if (rows instanceof Promise) alone.push(rows);
    }
    // Whoever waits for a lock does not keep the others.
    if (going.length === 1) await Promise.allSettled(alone);
  }

  private async forMany({ name, forMany: text }: Statement, going: readonly Waiting[]): Promise<Map<number, Row[]>> {
    const answers = new Map<number, Row[]>();
    if (text === undefined) return answers;
    const columns = going[0]?.params.map((_, column) => going.map(({ params }) => params[column])) ?? [];
    try {
      for (const { nth, ...row } of await this.carryOut<{ nth: number }>({ name: `${name}.for-many`, text }, columns)) {
        answers.set(nth, [row]);
      }
    } catch {
      // All of it was rolled back, and each is told alone what is wrong.
    }
    return answers;
  }
}
